import { base64url, LIMITS, parseObject, type Codec } from '@countersign/core'
import { found, some, type CauseId, type Facts, type Found } from '../causes'
import type { Context } from '../context'
import { Piece } from '../given/piece'
import type { SentMessage } from '../place/message'
import { clean } from './clean'
import { DIGEST_LENGTHS, hasSpareBits, nameOf, recognize } from './encodings'
import { segmentsOf, type Segments } from './segments'

/** A credential that was taken apart, with whatever was wrong with its spelling and its shape. */
export interface Apart {
  /** The header of a JWT; `null` where there is none. */
  readonly head: Piece | null
  readonly payload: Piece
  readonly signature: Piece
  /** What the payload decodes to; `null` for nothing. */
  readonly bytes: Uint8Array | null
  /** The text in front of the signature before any of it was corrected. */
  readonly raw: string
  readonly tenant: Piece | null
  readonly timestamp: Piece | null
  /** False where a part is missing that was signed, so that the signature cannot be checked. */
  readonly isComplete: boolean
  readonly found: readonly Found[]
}

/** Ways to take a credential of one piece apart, the likeliest first. */
export function apartText(value: Piece, context: Context): readonly Apart[] {
  const { codec } = context.portal.scheme
  const whole = withBinarySignature(value, codec) ?? pageUrl(value)
  if (whole) return [apart(whole, [], value, context)]
  const url = inUrl(value)
  const text = url ?? value
  const problems = some(url && found('url-as-credential', value.range))
  const cleaned = opens(text.text, codec) ? [{ text, found: [] }] : clean(text, context)
  return cleaned.flatMap((each) =>
    segmentsOf(each.text, context).map((segments) => {
      return apart(segments, [...problems, ...each.found], value, context)
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
  const pattern = /^(?:([\w-]+)\.)?([\w+/=-]+)\.([^]{12,64})$/
  const match = pattern.exec(value.text)
  const last = match?.[3] ?? ''
  const isBytes = DIGEST_LENGTHS.includes(last.length) && [...last].every((each) => each <= '\xff')
  const isBinary = isBytes || last.includes('\uFFFD')
  if (!match || !isBinary || !/[^\x20-\x7e]/.test(last)) return undefined
  if ((match[1] !== undefined) !== (header !== null)) return undefined
  const start = value.length - last.length
  const head = match[1] === undefined ? null : value.slice(0, match[1].length)
  const payload = value.slice(head ? head.length + 1 : 0, start - 1)
  return { head, payload, signature: value.slice(start), found: [] }
}

/** The credential in a URL that was sent in its place. */
function inUrl(value: Piece): Piece | undefined {
  const match = /^https?:\/\/.*?[?&#](?:token|sig|jwt|signature)=([^&#]*)/i.exec(value.text)
  return match ? value.slice(match[0].length - (match[1]?.length ?? 0), match[0].length) : undefined
}

function pageUrl(value: Piece): Segments | undefined {
  if (!/^https?:\/\//i.test(value.text) || inUrl(value)) return undefined
  const nothing = value.slice(0, 0)
  const problem = found('page-url', value.range)
  return { head: null, payload: nothing, signature: nothing, found: [problem] }
}

function apart(
  { head, payload, signature, found: shape }: Segments,
  spelling: readonly Found[],
  value: Piece,
  context: Context,
): Apart {
  const isGone = payload.length === 0 && shape.length > 0
  const read = isGone ? { bytes: null, found: [] } : readPayload(payload, context)
  const header = head && context.header !== null ? headerProblems(head, signature, context) : []
  const end = value.text.lastIndexOf('.')
  return {
    head,
    payload,
    signature,
    bytes: read.bytes,
    raw: end === -1 ? value.text : value.text.slice(0, end),
    tenant: null,
    timestamp: null,
    isComplete: payload.length > 0,
    found: [...spelling, ...shape, ...header, ...read.found],
  }
}

/** What a payload decodes to, and what is wrong with its spelling. */
type Payload = Pick<Apart, 'bytes' | 'found'>

function readPayload(payload: Piece, { format, fields, portal }: Context): Payload {
  const { text, range } = payload
  if (text === '') return { bytes: null, found: [found('payload-empty', range)] }
  if (format.content === 'identifier') {
    const claim = fields.find(({ field }) => !field.isReadOnly)?.claim ?? 'id'
    return { bytes: Buffer.from(JSON.stringify({ [claim]: text })), found: [] }
  }
  const wanted = format.encoding ?? portal.scheme.codec.signature
  const facts = { wanted: nameOf(wanted) }
  const right = wanted.decode(text) ?? lines(text, wanted.name)
  if (right) {
    const inner = recognize(right.toString('latin1'), base64url)
    if (inner?.bytes[0] !== 0x7b) return { bytes: right, found: [] }
    return { bytes: inner.bytes, found: [found('payload-encoded-twice', range, facts)] }
  }
  const other = /^\s*[{["]/.test(text)
    ? { name: 'not encoded', bytes: Buffer.from(text, 'utf8') }
    : recognize(text, wanted)
  if (other) {
    return {
      bytes: other.bytes,
      found: [found('payload-encoding', range, { ...facts, sent: other.name })],
    }
  }
  const bytes = Buffer.from(text, 'base64url') // as far as it can be read
  if (hasSpareBits(text)) {
    const last = payload.slice(text.replace(/=+$/, '').length - 1)
    return { bytes, found: [found('payload-last-character', last.range)] }
  }
  const problem = found('payload-unreadable', range, facts)
  return { bytes: bytes.includes('{') ? bytes : null, found: [problem] }
}

/** Base64 in lines, where the format allows it: otherwise the line breaks were removed before. */
function lines(text: string, encoding: string): Buffer | undefined {
  return encoding === 'base64' && text.includes('\n') ? Buffer.from(text, 'base64') : undefined
}

/** What core refuses in the header of a JWT. */
function headerProblems(head: Piece, signature: Piece, context: Context): readonly Found[] {
  const bytes = head.length <= LIMITS.jwtHeader ? base64url.decode(head.text) : undefined
  const header = bytes && parseObject(bytes)
  if (!header) return [found('jwt-header', head.range)]
  const { alg, typ, kid, ...others } = header
  if (typeof alg === 'string' && /^none$/i.test(alg) && signature.length === 0) {
    return [found('jwt-unsigned', head.range)]
  }
  const isTyped = typ === undefined || (typeof typ === 'string' && /^jwt$/i.test(typ))
  const isKeyed = kid === undefined || (typeof kid === 'string' && kid.length <= LIMITS.keyId)
  const wanted = typeof context.portal.scheme.codec.header === 'function' ? context.audience : null
  const sent = alg === undefined ? 'nothing: "alg" is missing' : JSON.stringify(alg)
  const at = (id: CauseId, facts?: Facts): Found => found(id, head.range, facts)
  return some(
    ...Object.keys(others).map((name) => at('jwt-header-member', { sent: name })),
    !isTyped && at('jwt-type'),
    !isKeyed && at('jwt-key-id', { limit: String(LIMITS.keyId) }),
    alg !== 'HS256' && at('jwt-algorithm', { sent }),
    wanted !== null && kid !== wanted && at('tenant-other', { sent: String(kid), wanted }),
  )
}

export function apartMessage(sent: SentMessage): Apart {
  const { tenant, signature } = sent
  const [digits, moved] = sent.timestamp.cut('.')
  const isMoved =
    moved !== undefined && /^\d{10,16}$/.test(digits.text) && !/^\d*$/.test(moved.text) // a fraction of a number
  const timestamp = isMoved ? digits : sent.timestamp
  const body = isMoved
    ? moved.concat(Piece.absent('.', sent.body.range)).concat(sent.body)
    : sent.body
  return {
    head: null,
    payload: body,
    signature,
    bytes: isMoved ? Buffer.from(body.text, 'utf8') : sent.bytes,
    raw: body.text,
    tenant,
    timestamp,
    isComplete: timestamp.length > 0 && signature.length > 0,
    found: isMoved ? [found('boundary-moved', sent.timestamp.range)] : [],
  }
}
