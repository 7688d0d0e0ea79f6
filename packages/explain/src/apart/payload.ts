import { base64url, type Encoding } from '@countersign/core'
import { found, type Found } from '../causes'
import type { Piece } from '../given/piece'
import { hasSpareBits, nameOf, recognize } from './encodings'

/** What a payload decodes to, and what is wrong with its spelling. */
export interface Payload {
  /** `null` for nothing. */
  readonly bytes: Uint8Array | null
  readonly found: readonly Found[]
}

export function readPayload(payload: Piece, wanted: Encoding): Payload {
  const { text, range } = payload
  if (text === '') return { bytes: null, found: [found('payload-empty', range)] }
  const facts = { wanted: nameOf(wanted) }
  const right = wanted.decode(text)
  if (right) return twice(right, payload, facts) ?? { bytes: right, found: [] }
  if (/^\s*[{["]/.test(text)) {
    const bytes = Buffer.from(text, 'utf8')
    return { bytes, found: [found('payload-encoding', range, { ...facts, sent: 'not encoded' })] }
  }
  const other = recognize(text, wanted)
  if (other) {
    const problem = found('payload-encoding', range, { ...facts, sent: other.name })
    return { bytes: other.bytes, found: [problem] }
  }
  if (hasSpareBits(text)) {
    const last = payload.slice(payload.text.replace(/=+$/, '').length - 1)
    const bytes = Buffer.from(text, 'base64url')
    return { bytes, found: [found('payload-last-character', last.range)] }
  }
  const bytes = Buffer.from(text, 'base64url') // as far as it can be read
  const isReadable = bytes.includes('{')
  return {
    bytes: isReadable ? bytes : null,
    found: [found('payload-unreadable', range, facts)],
  }
}

/** Encoded text that was encoded again. */
function twice(
  bytes: Buffer,
  { range }: Piece,
  facts: Readonly<Record<string, string>>,
): Payload | undefined {
  const inner = recognize(bytes.toString('latin1'), base64url)
  if (!inner || inner.bytes[0] !== 0x7b) return undefined
  return { bytes: inner.bytes, found: [found('payload-encoded-twice', range, facts)] }
}
