import { base64url, MAC_LENGTH, type Codec } from '@countersign/core'
import { found, type Found } from '../causes'
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
export function segmentsOf(text: Piece, codec: Codec<unknown>): readonly Segments[] {
  if (text.text.trimStart().startsWith('{')) return [fromJson(text, codec)]
  const all = text.split('.')
  const wanted = codec.header === null ? 2 : 3
  const signature = signatureLength(codec)
  if (all.length === 1) return [onePart(text, signature)]
  if (all.length === 5 && isJson(all[0])) return [encrypted(all)]
  if (all.length === wanted) return exact(all, signature)
  if (wanted === 2 && all.length === 3 && isJwtHeader(all[0])) return [jwt(all)]
  if (wanted === 3 && all.length === 2) return withoutHeader(all)
  const facts = { sent: String(all.length), wanted: String(wanted) }
  const rest = all[wanted] as Piece // there are more
  const range = [rest.range[0], text.range[1]] as const
  return exact(all.slice(0, wanted), signature).map((each) => ({
    ...each,
    found: [...each.found, found('extra-segment', range, facts)],
  }))
}

function signatureLength({ signature }: Codec<unknown>): number {
  return signature.encode(new Uint8Array(MAC_LENGTH)).length
}

/** As many parts as there should be, perhaps in the wrong order. */
function exact(all: readonly Piece[], length: number): readonly Segments[] {
  const [first, second, third] = all as readonly [Piece, Piece, Piece | undefined] // two or three
  const [head, payload, signature] = third ? [first, second, third] : [null, first, second]
  const isSwapped = payload.length === length && !isJson(payload) && isJson(signature)
  if (!isSwapped) return [{ head, payload, signature, found: lastMissing(signature) }]
  const problem = found('segments-swapped', payload.range)
  return [{ head, payload: signature, signature: payload, found: [problem] }]
}

function lastMissing(signature: Piece): readonly Found[] {
  return signature.length === 0 ? [found('signature-missing', signature.range)] : []
}

function jwt(all: readonly Piece[]): Segments {
  const [head, payload, signature] = all as readonly [Piece, Piece, Piece] // three
  return { head, payload, signature, found: [found('jwt-for-hash', head.range)] }
}

/** A JWT without its header or its signature, or no JWT at all. */
function withoutHeader(all: readonly Piece[]): readonly Segments[] {
  const [first, second] = all as readonly [Piece, Piece] // two
  const end = second.range[1]
  if (isJwtHeader(first)) {
    const signature = Piece.absent('', [end, end])
    const problem = found('signature-missing', signature.range)
    return [{ head: first, payload: second, signature, found: [problem] }]
  }
  const read = (id: 'hash-for-jwt' | 'jwt-header-missing') => {
    return { head: null, payload: first, signature: second, found: [found(id, first.range)] }
  }
  return [read('hash-for-jwt'), read('jwt-header-missing')]
}

/** No dot at all: half of a credential, or two halves that were joined. */
function onePart(text: Piece, length: number): Segments {
  const end: readonly [number, number] = [text.range[1], text.range[1]]
  const nothing = Piece.absent('', end)
  const isSignature = text.length === length || /^[0-9a-f]{64}$/i.test(text.text)
  if (isSignature && !isJson(text)) {
    const problem = found('payload-missing', text.range)
    return { head: null, payload: nothing, signature: text, found: [problem] }
  }
  const payload = text.slice(0, -length)
  if (text.length > length + 2 && isJson(payload) && !isWholeJson(text)) {
    const problem = found('missing-dot', text.slice(-length).range)
    return { head: null, payload, signature: text.slice(-length), found: [problem] }
  }
  return { head: null, payload: text, signature: nothing, found: [found('signature-missing', end)] }
}

function encrypted(all: readonly Piece[]): Segments {
  const [head, , , payload] = all as readonly [Piece, Piece, Piece, Piece] // five
  const range = [head.range[0], (all.at(-1) ?? head).range[1]] as const
  const nothing = Piece.absent('', payload.range)
  return {
    head: null,
    payload: nothing,
    signature: nothing,
    found: [found('jwt-encrypted', range)],
  }
}

/** A JWT in its JSON form, or a payload that was not encoded. */
function fromJson(text: Piece, { header }: Codec<unknown>): Segments {
  const strings = isWholeObject(text.text) ? jsonStrings(text) : undefined
  const [payload, signature] = [strings?.get('payload'), strings?.get('signature')]
  if (payload && signature && header !== null) {
    const head = strings?.get('protected') ?? null
    return { head, payload, signature, found: [found('jwt-json', text.range)] }
  }
  const end = text.text.lastIndexOf('}') + 1
  const rest = text.slice(end).trim()
  const sent = rest.text.startsWith('.') ? rest.slice(1) : rest
  return { head: null, payload: text.slice(0, end), signature: sent, found: lastMissing(sent) }
}

function isWholeObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

/** True for encoded text whose bytes begin as JSON does. */
function isJson(piece: Piece | undefined): boolean {
  return /^[{["]/.test(content(piece))
}

/** True where the text is JSON to its end, and not JSON with a signature behind it. */
function isWholeJson(piece: Piece): boolean {
  return /^[{["][^]*[}\]"]$/.test(recognize(piece.text, base64url)?.bytes.toString('utf8') ?? '')
}

function isJwtHeader(piece: Piece | undefined): boolean {
  return /^\{[^]*"alg"/.test(content(piece))
}

function content(piece: Piece | undefined): string {
  const text = piece?.text ?? ''
  const bytes = recognize(text, base64url)?.bytes ?? Buffer.from(text, 'base64url')
  return bytes.toString('utf8')
}
