import { base64url, MAC_LENGTH } from '@countersign/core'
import type { CauseId, Found } from '../causes'
import type { Context } from '../context'
import { jsonStrings, valuesOf } from '../given/sent'
import type { At } from '../given/locate'
import { recognize } from './encodings'

/** The parts of a compact credential, and what is wrong with their number or order. */
export interface Segments {
  /** The header of a JWT; `null` where there is none. */
  readonly head: string | null
  readonly payload: string
  readonly signature: string
  readonly found: readonly Found[]
}

/** Ways to read a text as a credential, the likeliest first. */
export function segmentsOf(text: string, context: Context): readonly Segments[] {
  const { portal, content, header } = context
  const { length } = portal.scheme.codec.signature.encode(new Uint8Array(MAC_LENGTH))
  if (text.trimStart().startsWith('{')) return [fromJson(text, header)]
  const all = content === 'identifier' ? atLastDot(text) : text.split('.')
  const wanted = header === null ? 2 : 3
  const [first, second, third] = all as readonly [string, string, string] // see the lengths below
  if (all.length === 1) return [onePart(text, length)]
  if (all.length === 5 && isJson(first)) return [segments([], 'jwt-encrypted', text)]
  if (all.length === wanted) return [exact(all, length)]
  if (wanted === 2 && all.length === 3 && isJwtHeader(first)) {
    return [segments([first, second, third], 'jwt-for-hash', first)]
  }
  if (wanted === 3 && all.length === 2) return withoutHeader(first, second)
  const { length: start } = all.slice(0, wanted).join('.')
  const facts = { sent: String(all.length), wanted: String(wanted) }
  const extra = { id: 'extra-segment', at: [text, start + 1], facts } as const
  const known = exact(all.slice(0, wanted), length)
  return [{ ...known, found: [...known.found, extra] }]
}

/** An identifier may contain dots. */
function atLastDot(text: string): readonly string[] {
  const dot = text.lastIndexOf('.')
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)]
}

/** @param parts payload and signature, and in front of them perhaps a header */
function segments(parts: readonly string[], id?: CauseId, at: At = ''): Segments {
  const [payload = '', signature = ''] = parts.slice(-2)
  const head = parts.length === 3 ? (parts[0] ?? null) : null
  return { head, payload, signature, found: id ? [{ id, at, facts: {} }] : [] }
}

/** As many parts as there should be, perhaps in the wrong order. */
function exact(all: readonly string[], length: number): Segments {
  const [payload, signature] = all.slice(-2) as [string, string] // two or three
  const isSwapped = payload.length === length && !isJson(payload) && isJson(signature)
  if (isSwapped)
    return segments([...all.slice(0, -2), signature, payload], 'segments-swapped', payload)
  return signature.length > 0
    ? segments(all)
    : segments(all, 'signature-missing', [payload, payload.length])
}

/** A JWT without its header or its signature, or no JWT at all. */
function withoutHeader(first: string, second: string): readonly Segments[] {
  if (isJwtHeader(first)) {
    return [segments([first, second, ''], 'signature-missing', [second, second.length])]
  }
  return (['hash-for-jwt', 'jwt-header-missing'] as const).map((id) =>
    segments([first, second], id, first),
  )
}

/** No dot at all: half of a credential, or two halves that were joined. */
function onePart(text: string, length: number): Segments {
  const isSignature = text.length === length || /^[0-9a-f]{64}$/i.test(text)
  if (isSignature && !isJson(text)) return segments(['', text], 'payload-missing', text)
  const [payload, rest] = [text.slice(0, -length), text.slice(-length)]
  const isWhole = /^[{["][^]*[}\]"]$/.test(recognize(text, base64url)?.bytes.toString() ?? '')
  if (text.length > length + 2 && isJson(payload) && !isWhole) {
    return segments([payload, rest], 'missing-dot', rest)
  }
  return segments([text, ''], 'signature-missing', [text, text.length])
}

/** A JWT in its JSON form, or a payload that was not encoded. */
function fromJson(text: string, header: string | null): Segments {
  const entries = jsonStrings(text)
  const [head, payload, signature] = ['protected', 'payload', 'signature'].map((name) => {
    return valuesOf(entries, name)[0]
  })
  if (payload && signature && header !== null) {
    const parts = head ? [head, payload, signature] : [payload, signature]
    return segments(parts, 'jwt-json', text)
  }
  const end = text.lastIndexOf('}') + 1
  const rest = text.slice(end).trim()
  return exact([text.slice(0, end), rest.startsWith('.') ? rest.slice(1) : rest], -1)
}

/** True for encoded text whose bytes begin as JSON does. */
function isJson(piece: string): boolean {
  return /^[{["]/.test(decoded(piece))
}

function isJwtHeader(piece: string): boolean {
  return /^\{[^]*"alg"/.test(decoded(piece))
}

function decoded(text: string): string {
  return (recognize(text, base64url)?.bytes ?? Buffer.from(text, 'base64url')).toString('utf8')
}
