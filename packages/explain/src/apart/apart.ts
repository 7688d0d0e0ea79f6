import { base64url, isRejection, type Codec, type MessageNames } from '@countersign/core'
import { noteIn, type Found, type Note } from '../causes'
import type { Context } from '../context'
import { Piece } from '../given/piece'
import { clean } from './clean'
import { DIGEST_LENGTHS, hasSpareBits, nameOf, recognize } from './encodings'
import { readLoosely, type LooseJson } from './json'
import { segmentsOf, type Segments } from './segments'

/** A credential that was taken apart, with whatever was wrong with its spelling and its shape. */
export interface Apart extends Segments {
  /** What the payload decodes to; `null` for nothing. */
  readonly bytes: Buffer | null
  /** What the bytes say. */
  readonly json: LooseJson
  /** The text in front of the signature before any of it was corrected. */
  readonly raw: string
  readonly tenant: Piece | null
  readonly timestamp: Piece | null
  /** False where a part is missing that was signed, so that the signature cannot be checked. */
  readonly isComplete: boolean
}

/** Ways to take a credential of one piece apart, the likeliest first. */
export function apartText(value: Piece, context: Context): readonly Apart[] {
  const { codec } = context.portal.scheme
  const url = /^https?:\/\/(?:.*?[?&#](?:token|sig|jwt|signature)=([^&#]*))?/i.exec(value.text)
  const whole = withBinarySignature(value, codec)
  if (whole) return [apart(whole, value, context)]
  if (url && url[1] === undefined) {
    const nothing = value.slice(0, 0)
    const found: Found[] = [{ id: 'page-url', range: value.range, facts: {} }]
    return [apart({ head: null, payload: nothing, signature: nothing, found }, value, context)]
  }
  const text = url ? value.slice(url[0].length - (url[1]?.length ?? 0), url[0].length) : value
  const problems: Found[] = url ? [{ id: 'url-as-credential', range: value.range, facts: {} }] : []
  const cleaned = opens(text.text, codec) ? [{ text, found: [] }] : clean(text, context)
  return cleaned.flatMap((each) =>
    segmentsOf(each.text, context).map((segments) => {
      const found = [...problems, ...each.found, ...segments.found]
      return apart({ ...segments, found }, value, context)
    }),
  )
}

/** True where core can read it: then nothing is wrong with its spelling. */
function opens(text: string, codec: Codec<unknown>): boolean {
  try {
    const { signature } = codec.open(text) // of one piece
    return codec.signature.decode(signature) !== undefined
  } catch {
    return false
  }
}

/** The bytes of a MAC as text, in which anything may be. */
function withBinarySignature(value: Piece, { header }: Codec<unknown>): Segments | undefined {
  const match = /^(?:([\w-]+)\.)?([\w+/=-]+)\.([^]{12,64})$/.exec(value.text)
  const [, first, , last = ''] = match ?? []
  const isBytes = DIGEST_LENGTHS.includes(last.length) && [...last].every((each) => each <= '\xff')
  const isBinary = (isBytes || last.includes('\uFFFD')) && /[^\x20-\x7e]/.test(last)
  if (!isBinary || (first !== undefined) !== (header !== null)) return undefined
  const start = value.length - last.length
  const head = first === undefined ? null : value.slice(0, first.length)
  const payload = value.slice(head ? head.length + 1 : 0, start - 1)
  return { head, payload, signature: value.slice(start), found: [] }
}

function apart(segments: Segments, value: Piece, context: Context): Apart {
  const { head, payload } = segments
  const found = [...segments.found]
  if (head && context.header !== null) noteHeader(segments, context, noteIn(found))
  const isGone = payload.length === 0 && segments.found.length > 0
  const bytes = isGone ? null : payloadBytes(payload, context, noteIn(found))
  const end = value.text.lastIndexOf('.')
  return {
    ...segments,
    bytes,
    json: bytes ? readLoosely(bytes, context.format.content) : NOTHING,
    raw: end === -1 ? value.text : value.text.slice(0, end),
    tenant: null,
    timestamp: null,
    isComplete: payload.length > 0,
    found,
  }
}

const NOTHING: LooseJson = { text: '', value: null, problems: [] }

/** What a payload decodes to. Says what is wrong with its spelling. */
function payloadBytes(
  payload: Piece,
  { format, fields, portal }: Context,
  note: Note,
): Buffer | null {
  const { text, range } = payload
  if (text === '') {
    note('payload-empty', range)
    return null
  }
  if (format.content === 'identifier') {
    const claim = fields.find(({ field }) => !field.isReadOnly)?.claim ?? 'id'
    return Buffer.from(JSON.stringify({ [claim]: text }))
  }
  const wanted = format.encoding ?? portal.scheme.codec.signature
  const facts = { wanted: nameOf(wanted) }
  const isInLines = wanted.name === 'base64' && text.includes('\n') // otherwise they were removed before
  const right = wanted.decode(text) ?? (isInLines ? Buffer.from(text, 'base64') : undefined)
  if (right) {
    const inner = recognize(right.toString('latin1'), base64url)
    if (inner?.bytes[0] !== 0x7b) return right
    note('payload-encoded-twice', range, facts)
    return inner.bytes
  }
  const other = /^\s*[{["]/.test(text)
    ? { name: 'not encoded', bytes: Buffer.from(text, 'utf8') }
    : recognize(text, wanted)
  if (other) {
    note('payload-encoding', range, { ...facts, sent: other.name })
    return other.bytes
  }
  const bytes = Buffer.from(text, 'base64url') // as far as it can be read
  if (hasSpareBits(text)) {
    note('payload-last-character', payload.slice(text.replace(/=+$/, '').length - 1).range)
    return bytes
  }
  note('payload-unreadable', range, facts)
  return bytes.includes('{') ? bytes : null
}

/** Says what core refuses in the header of a JWT. */
function noteHeader({ head, signature }: Segments, context: Context, note: Note): void {
  const { codec } = context.portal.scheme
  const { text, range } = head as Piece // see where it is called
  const sent = Buffer.from(text, 'base64url').toString('utf8')
  if (/"alg":\s*"none"/i.test(sent) && signature.length === 0) {
    note('jwt-unsigned', range)
    return
  }
  const shown = sent.length > 100 ? `${sent.slice(0, 100)}…` : sent
  try {
    const { tenant } = codec.open(`${text}.e30.${codec.signature.encode(new Uint8Array(32))}`)
    const wanted = context.audience
    if (tenant !== null && wanted !== null && tenant !== wanted) {
      note('tenant-other', range, { sent: tenant, wanted })
    }
  } catch (error) {
    if (!isRejection(error)) throw error
    const id = error.code === 'algorithm_not_allowed' ? 'jwt-algorithm' : 'jwt-header'
    const wanted = Buffer.from(context.header ?? '', 'base64url').toString('utf8')
    note(id, range, { sent: shown, detail: error.detail ?? '', wanted })
  }
}

/** A message of the parts that were sent. A part that was not sent is empty. */
export function apartMessage(
  sent: Readonly<Record<keyof MessageNames | 'body', Piece>> & { readonly bytes: Uint8Array },
  note: Note,
): Apart {
  const { tenant, signature } = sent
  const [digits, moved] = sent.timestamp.cut('.')
  const isMoved =
    moved !== undefined && /^\d{10,16}$/.test(digits.text) && !/^\d*$/.test(moved.text) // a fraction of a number
  if (isMoved) note('boundary-moved', sent.timestamp.range)
  const timestamp = isMoved ? digits : sent.timestamp
  const payload = isMoved ? moved.concat(Piece.absent('.', sent.body.range), sent.body) : sent.body
  const bytes = isMoved ? Buffer.from(payload.text, 'utf8') : Buffer.from(sent.bytes)
  return {
    head: null,
    payload,
    signature,
    bytes,
    json: readLoosely(bytes, 'json'),
    raw: payload.text,
    tenant,
    timestamp,
    isComplete: timestamp.length > 0 && signature.length > 0,
    found: [],
  }
}
