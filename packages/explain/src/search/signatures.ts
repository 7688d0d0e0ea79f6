import { base64, base64url, hex, type DigestEncoding } from '@countersign/core'
import { DIGEST_LENGTHS, nameOf, recognize } from '../apart/encodings'
import type { Found } from '../causes'
import type { At } from '../given/locate'
import type { Row } from './variants'

/** Every way to read a signature as the bytes of a MAC, the right one first. */
export function signatureRows(text: string, wanted: DigestEncoding): readonly Row[] {
  const outer = recognize(text, wanted)
  const inner = outer && recognize(outer.bytes.toString('latin1'), hex) // the encoded text of an encoded MAC
  const right = wanted.decode(text)
  const rows: readonly (Row | false | undefined)[] = [
    right && [null, right],
    inner && ['signature-encoded-twice', inner.bytes, outer.name],
    outer && outer.name !== nameOf(wanted) && ['signature-encoding', outer.bytes, outer.name],
    /[^\x20-\x7e]/.test(text) && ['signature-binary', Buffer.from(text, 'latin1')],
  ]
  return rows.filter(
    (row) => row !== undefined && row !== false && DIGEST_LENGTHS.includes(row[1].length),
  ) as Row[] // see the filter
}

/**
 * How a signature differs from the right one where it is still recognizable.
 * @param mac the right signature
 */
export function damage(text: string, mac: Buffer, wanted: DigestEncoding): Found | undefined {
  const right = wanted.encode(mac)
  const found = (at: At, sent: string): Found => {
    return { id: 'signature-damaged', at, facts: { sent } }
  }
  if (text.length > right.length && text.startsWith(right)) {
    return found([text, right.length], 'something follows it')
  }
  if (text.length < right.length && isStart(text, mac, right)) {
    return found([text, text.length], 'its end is missing')
  }
  if (text.includes('\uFFFD') && text === mac.toString('utf8')) {
    return { id: 'signature-binary', at: text, facts: {} }
  }
  if (text.length !== right.length) return undefined
  if (text.toLowerCase() === right.toLowerCase()) {
    return found(text, 'its case is not what it was')
  }
  const differing = [...Array(right.length).keys()].filter((index) => text[index] !== right[index])
  const [first = 0] = differing
  const changed = [text, first, (differing.at(-1) ?? first) + 1] as const
  const count = differing.length
  const sent = count === 1 ? 'one character differs' : `${count} characters differ`
  return count > 4 ? undefined : found(changed, sent)
}

/** The beginning of a signature, or the encoding of the beginning of its bytes. */
function isStart(text: string, mac: Buffer, right: string): boolean {
  if (text.length < 8) return false
  const bytes = [hex, base64, base64url].map(({ decode }) => decode(text)).find((each) => each)
  return right.startsWith(text) || (bytes?.length ? mac.indexOf(bytes) === 0 : false)
}
