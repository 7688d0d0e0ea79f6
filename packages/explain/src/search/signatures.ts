import { base64, base64url, hex, type DigestEncoding } from '@countersign/core'
import { DIGEST_LENGTHS, hasSpareBits, nameOf, recognize } from '../apart/encodings'
import { found, type Found } from '../causes'
import type { Piece } from '../given/piece'

/** A way to read the signature as the bytes of a MAC. */
export interface SignatureReading {
  readonly bytes: Buffer
  /** At most one mistake. */
  readonly found: readonly Found[]
}

/** Every way to read a signature, the right one first. */
export function signatureReadings(
  signature: Piece,
  wanted: DigestEncoding,
): readonly SignatureReading[] {
  const { text, range } = signature
  const facts = { wanted: nameOf(wanted) }
  const right = wanted.decode(text)
  const readings = twice(signature, wanted)
  if (right && DIGEST_LENGTHS.includes(right.length)) readings.unshift({ bytes: right, found: [] })
  const other = recognize(text, wanted)
  if (other && other.name !== nameOf(wanted) && DIGEST_LENGTHS.includes(other.bytes.length)) {
    const id = isUpperCase(text, wanted) ? 'signature-upper-case' : 'signature-encoding'
    readings.push({ bytes: other.bytes, found: [found(id, range, { ...facts, sent: other.name })] })
  } else if (hasSpareBits(text)) {
    const bytes = Buffer.from(text, 'base64url')
    const last = signature.slice(text.replace(/=+$/, '').length - 1)
    readings.push({ bytes, found: [found('signature-last-character', last.range)] })
  }
  const binary = Buffer.from(text, 'latin1')
  if (DIGEST_LENGTHS.includes(text.length) && /[^\x20-\x7e]/.test(text)) {
    readings.push({ bytes: binary, found: [found('signature-binary', range, facts)] })
  }
  return readings
}

function isUpperCase(text: string, { name }: DigestEncoding): boolean {
  return name === hex.name && /^[0-9A-F]+$/.test(text)
}

/** The encoded text of an encoded MAC. */
function twice({ text, range }: Piece, wanted: DigestEncoding): SignatureReading[] {
  const outer = recognize(text, wanted)
  const inner = outer && recognize(outer.bytes.toString('latin1'), hex)
  if (!inner || !DIGEST_LENGTHS.includes(inner.bytes.length)) return []
  const facts = { sent: outer.name, wanted: nameOf(wanted) }
  return [{ bytes: inner.bytes, found: [found('signature-encoded-twice', range, facts)] }]
}

/**
 * How a signature differs from the right one where it is still recognizable.
 * @param mac the right signature
 */
export function damage(signature: Piece, mac: Buffer, wanted: DigestEncoding): Found | undefined {
  const { text, range } = signature
  const right = wanted.encode(mac)
  if (text.length > right.length && text.startsWith(right)) {
    return found('signature-extra', signature.slice(right.length).range)
  }
  if (text.length < right.length && isStart(text, mac, right)) {
    return found('signature-cut', [range[1], range[1]])
  }
  if (text.includes('\uFFFD') && text === mac.toString('utf8')) {
    return found('signature-binary', range, { wanted: nameOf(wanted) })
  }
  if (text.length !== right.length) return undefined
  if (text.toLowerCase() === right.toLowerCase()) {
    return found('signature-damaged', range, { sent: 'its case is not what it was' })
  }
  const differing = [...text].flatMap((character, index) =>
    character === right[index] ? [] : [index],
  )
  if (differing.length > 4) return undefined
  const [first = 0] = differing
  const sent =
    differing.length === 1 ? 'one character differs' : `${differing.length} characters differ`
  return found('signature-damaged', signature.rangeOf(first, (differing.at(-1) ?? first) + 1), {
    sent,
  })
}

/** The beginning of a signature, or the encoding of the beginning of its bytes. */
function isStart(text: string, mac: Buffer, right: string): boolean {
  if (text.length < 8) return false
  const bytes = [hex, base64, base64url].map(({ decode }) => decode(text)).find((each) => each)
  return right.startsWith(text) || (bytes?.length ? mac.indexOf(bytes) === 0 : false)
}
