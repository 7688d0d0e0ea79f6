import { base64, base64url, hex, type DigestEncoding } from '@countersign/core'
import { DIGEST_LENGTHS, hasSpareBits, nameOf, recognize } from '../apart/encodings'
import type { Found } from '../causes'
import type { At } from '../given/locate'
import type { Row } from './variants'

/** Every way to read a signature as the bytes of a MAC, the right one first. */
export function signatureRows(text: string, wanted: DigestEncoding): readonly Row[] {
  const outer = recognize(text, wanted)
  const inner = outer && recognize(outer.bytes.toString('latin1'), hex) // the encoded text of an encoded MAC
  const right = wanted.decode(text)
  const isUpperCase = wanted.name === hex.name && /^[0-9A-F]+$/.test(text)
  const id = isUpperCase ? 'signature-upper-case' : 'signature-encoding'
  const rows: readonly (Row | false | undefined)[] = [
    right && [null, right],
    inner && ['signature-encoded-twice', inner.bytes, outer.name],
    outer && outer.name !== nameOf(wanted) && [id, outer.bytes, outer.name],
    hasSpareBits(text) && ['signature-last-character', Buffer.from(text, 'base64url')],
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
  const found = (id: Found['id'], at: At, sent = ''): Found => {
    return { id, at, facts: { sent } }
  }
  if (text.length > right.length && text.startsWith(right)) {
    return found('signature-extra', [text, right.length])
  }
  if (text.length < right.length && isStart(text, mac, right)) {
    return found('signature-cut', [text, text.length])
  }
  if (text.includes('\uFFFD') && text === mac.toString('utf8'))
    return found('signature-binary', text)
  if (text.length !== right.length) return undefined
  if (text.toLowerCase() === right.toLowerCase()) {
    return found('signature-damaged', text, 'its case is not what it was')
  }
  const differing = [...Array(right.length).keys()].filter((index) => text[index] !== right[index])
  const [first = 0] = differing
  const changed = [text, first, (differing.at(-1) ?? first) + 1] as const
  const count = differing.length
  const sent = count === 1 ? 'one character differs' : `${count} characters differ`
  return count > 4 ? undefined : found('signature-damaged', changed, sent)
}

/** The beginning of a signature, or the encoding of the beginning of its bytes. */
function isStart(text: string, mac: Buffer, right: string): boolean {
  if (text.length < 8) return false
  const bytes = [hex, base64, base64url].map(({ decode }) => decode(text)).find((each) => each)
  return right.startsWith(text) || (bytes?.length ? mac.indexOf(bytes) === 0 : false)
}
