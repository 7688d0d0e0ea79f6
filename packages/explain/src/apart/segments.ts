import { base64url, MAC_LENGTH } from '@countersign/core'
import type { CauseId, Facts, Found } from '../causes'
import type { Context } from '../context'
import { valuesOf } from '../given/sent'
import { jsonStrings } from '../given/json-strings'
import { Piece } from '../given/piece'
import { recognize } from './encodings'

/** The parts of a compact credential, and what is wrong with their number or order. */
export interface Segments {
  /** The header of a JWT; `null` where there is none. */
  readonly head: Piece | null
  readonly payload: Piece
  readonly signature: Piece
  readonly found: readonly Found[]
}

/** Ways to read a text as a credential, the likeliest first. */
export function segmentsOf(text: Piece, context: Context): readonly Segments[] {
  const { portal, format, header } = context
  const { length } = portal.scheme.codec.signature.encode(new Uint8Array(MAC_LENGTH))
  if (text.text.trimStart().startsWith('{')) return [fromJson(text, header)]
  const all = format.content === 'identifier' ? atLastDot(text) : text.split('.')
  const wanted = header === null ? 2 : 3
  const [first, second, third] = all as readonly [Piece, Piece, Piece] // see the lengths below
  if (all.length === 1) return [onePart(text, length)]
  if (all.length === 5 && isJson(first)) return [segments([], 'jwt-encrypted', text)]
  if (all.length === wanted) return [exact(all, length)]
  if (wanted === 2 && all.length === 3 && isJwtHeader(first)) {
    return [segments([first, second, third], 'jwt-for-hash', first)]
  }
  if (wanted === 3 && all.length === 2) return withoutHeader(first, second)
  const rest = (all[wanted] as Piece).range[0] // there are more
  const facts = { sent: String(all.length), wanted: String(wanted) }
  const extra = { id: 'extra-segment', range: [rest, text.range[1]], facts } as const
  const known = exact(all.slice(0, wanted), length)
  return [{ ...known, found: [...known.found, extra] }]
}

/** An identifier may contain dots. */
function atLastDot(text: Piece): readonly Piece[] {
  const dot = text.text.lastIndexOf('.')
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)]
}

/** @param parts payload and signature, and in front of them perhaps a header */
function segments(parts: readonly Piece[], id?: CauseId, at?: Piece, facts: Facts = {}): Segments {
  const nothing = at?.slice(at.length) ?? Piece.absent('')
  const [payload = nothing, signature = nothing] = parts.slice(-2)
  const head = parts.length === 3 ? (parts[0] ?? null) : null
  return { head, payload, signature, found: id && at ? [{ id, range: at.range, facts }] : [] }
}

/** As many parts as there should be, perhaps in the wrong order. */
function exact(all: readonly Piece[], length: number): Segments {
  const [payload, signature] = all.slice(-2) as [Piece, Piece] // two or three
  const isSwapped = payload.length === length && !isJson(payload) && isJson(signature)
  if (isSwapped)
    return segments([...all.slice(0, -2), signature, payload], 'segments-swapped', payload)
  return signature.length > 0 ? segments(all) : segments(all, 'signature-missing', signature)
}

/** A JWT without its header or its signature, or no JWT at all. */
function withoutHeader(first: Piece, second: Piece): readonly Segments[] {
  if (isJwtHeader(first)) {
    const signature = second.slice(second.length)
    return [segments([first, second, signature], 'signature-missing', signature)]
  }
  return (['hash-for-jwt', 'jwt-header-missing'] as const).map((id) =>
    segments([first, second], id, first),
  )
}

/** No dot at all: half of a credential, or two halves that were joined. */
function onePart(text: Piece, length: number): Segments {
  const nothing = text.slice(text.length)
  const isSignature = text.length === length || /^[0-9a-f]{64}$/i.test(text.text)
  if (isSignature && !isJson(text)) return segments([nothing, text], 'payload-missing', text)
  const [payload, rest] = [text.slice(0, -length), text.slice(-length)]
  const isWhole = /^[{["][^]*[}\]"]$/.test(recognize(text.text, base64url)?.bytes.toString() ?? '')
  if (text.length > length + 2 && isJson(payload) && !isWhole) {
    return segments([payload, rest], 'missing-dot', rest)
  }
  return segments([text, nothing], 'signature-missing', nothing)
}

/** A JWT in its JSON form, or a payload that was not encoded. */
function fromJson(text: Piece, header: string | null): Segments {
  const entries = jsonStrings(text)
  const [head, payload, signature] = ['protected', 'payload', 'signature'].map((name) => {
    return valuesOf(entries, name)[0]
  })
  if (payload && signature && header !== null) {
    const parts = head ? [head, payload, signature] : [payload, signature]
    return segments(parts, 'jwt-json', text)
  }
  const end = text.text.lastIndexOf('}') + 1
  const rest = text.slice(end).trim()
  return exact([text.slice(0, end), rest.text.startsWith('.') ? rest.slice(1) : rest], -1)
}

/** True for encoded text whose bytes begin as JSON does. */
function isJson(piece: Piece): boolean {
  return /^[{["]/.test(content(piece))
}

function isJwtHeader(piece: Piece): boolean {
  return /^\{[^]*"alg"/.test(content(piece))
}

function content({ text }: Piece): string {
  return (recognize(text, base64url)?.bytes ?? Buffer.from(text, 'base64url')).toString('utf8')
}
