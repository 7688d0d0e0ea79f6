import { base64url, MAC_LENGTH } from '@countersign/core'
import { found, type CauseId, type Facts, type Found } from '../causes'
import type { Context } from '../context'
import { jsonStrings } from '../given/json-strings'
import { Piece } from '../given/piece'
import { recognize } from './encodings'

/** The parts of a compact credential, and what is wrong with their number or order. */
export interface Segments {
  readonly head: Piece | null
  readonly payload: Piece
  readonly signature: Piece
  readonly found: readonly Found[]
}

/** Ways to read a text as a credential, the likeliest first. */
export function segmentsOf(text: Piece, context: Context): readonly Segments[] {
  const { portal, format, header } = context
  const length = portal.scheme.codec.signature.encode(new Uint8Array(MAC_LENGTH)).length
  if (text.text.trimStart().startsWith('{')) return [fromJson(text, header)]
  const all = format.content === 'identifier' ? atLastDot(text) : text.split('.')
  const wanted = header === null ? 2 : 3
  const [first, second, third] = all as readonly [Piece, Piece, Piece] // see the lengths below
  if (all.length === 1) return [onePart(text, length)]
  if (all.length === 5 && isJson(first)) return [encrypted(text)]
  if (all.length === wanted) return [exact(all, length)]
  if (wanted === 2 && all.length === 3 && isJwtHeader(first)) {
    return [segments(first, second, third, 'jwt-for-hash', first)]
  }
  if (wanted === 3 && all.length === 2) return withoutHeader(first, second)
  const facts = { sent: String(all.length), wanted: String(wanted) }
  const rest = all[wanted] as Piece // there are more
  const extra = found('extra-segment', [rest.range[0], text.range[1]], facts)
  const known = exact(all.slice(0, wanted), length)
  return [{ ...known, found: [...known.found, extra] }]
}

/** An identifier may contain dots. */
function atLastDot(text: Piece): readonly Piece[] {
  const dot = text.text.lastIndexOf('.')
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)]
}

function segments(
  head: Piece | null,
  payload: Piece,
  signature: Piece,
  ...[id, at, facts]: [] | [CauseId, Piece, Facts?]
): Segments {
  const problems = id === undefined || !at ? [] : [found(id, at.range, facts)]
  return { head, payload, signature, found: problems }
}

function nothingBehind({ range: [, end] }: Piece): Piece {
  return Piece.absent('', [end, end])
}

/** As many parts as there should be, perhaps in the wrong order. */
function exact(all: readonly Piece[], length: number): Segments {
  const [payload, signature] = all.slice(-2) as [Piece, Piece] // two or three
  const head = all.length === 3 ? (all[0] ?? null) : null
  const isSwapped = payload.length === length && !isJson(payload) && isJson(signature)
  if (isSwapped) return segments(head, signature, payload, 'segments-swapped', payload)
  if (signature.length > 0) return segments(head, payload, signature)
  return segments(head, payload, signature, 'signature-missing', signature)
}

/** A JWT without its header or its signature, or no JWT at all. */
function withoutHeader(first: Piece, second: Piece): readonly Segments[] {
  if (isJwtHeader(first)) {
    const signature = nothingBehind(second)
    return [segments(first, second, signature, 'signature-missing', signature)]
  }
  return (['hash-for-jwt', 'jwt-header-missing'] as const).map((id) =>
    segments(null, first, second, id, first),
  )
}

/** No dot at all: half of a credential, or two halves that were joined. */
function onePart(text: Piece, length: number): Segments {
  const nothing = nothingBehind(text)
  const isSignature = text.length === length || /^[0-9a-f]{64}$/i.test(text.text)
  if (isSignature && !isJson(text)) return segments(null, nothing, text, 'payload-missing', text)
  const [payload, rest] = [text.slice(0, -length), text.slice(-length)]
  const isWhole = /^[{["][^]*[}\]"]$/.test(recognized(text))
  if (text.length > length + 2 && isJson(payload) && !isWhole) {
    return segments(null, payload, rest, 'missing-dot', rest)
  }
  return segments(null, text, nothing, 'signature-missing', nothing)
}

function encrypted(text: Piece): Segments {
  const nothing = nothingBehind(text)
  return segments(null, nothing, nothing, 'jwt-encrypted', text)
}

/** A JWT in its JSON form, or a payload that was not encoded. */
function fromJson(text: Piece, header: string | null): Segments {
  const strings = jsonStrings(text)
  const [payload, signature] = [strings?.get('payload'), strings?.get('signature')]
  if (payload && signature && header !== null) {
    return segments(strings?.get('protected') ?? null, payload, signature, 'jwt-json', text)
  }
  const end = text.text.lastIndexOf('}') + 1
  const rest = text.slice(end).trim()
  return exact([text.slice(0, end), rest.text.startsWith('.') ? rest.slice(1) : rest], -1)
}

function recognized({ text }: Piece): string {
  return recognize(text, base64url)?.bytes.toString('utf8') ?? ''
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
