import { base64url, LIMITS, parseObject, type Codec } from '@countersign/core'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import { Piece } from '../given/piece'
import type { SentMessage } from '../place/message'
import { clean, type Cleaned } from './clean'
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
  const binary = withBinarySignature(value, codec)
  if (binary) return [apart(binary, { text: value, found: [] }, value, context)]
  const url = inUrl(value)
  const text = url?.text ?? value
  const cleaned = opens(text.text, codec) ? [{ text, found: [] }] : clean(text, context)
  return cleaned.flatMap((each) =>
    segmentsOf(each.text, context).map((segments) => {
      const problems = [...(url?.found ?? []), ...each.found]
      return apart(segments, { ...each, found: problems }, value, context)
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

/** A URL in the place of the credential that is in it. */
function inUrl(value: Piece): Cleaned | undefined {
  if (!/^https?:\/\//i.test(value.text)) return undefined
  const match = /[?&#](?:token|sig|jwt|signature)=([^&#]*)/i.exec(value.text)
  if (!match) return { text: value.slice(0, 0), found: [found('page-url', value.range)] }
  const start = match.index + match[0].length - (match[1]?.length ?? 0)
  const text = value.slice(start, match.index + match[0].length)
  return { text, found: [found('url-as-credential', value.range)] }
}

const WITHOUT_PAYLOAD = ['payload-missing', 'jwt-encrypted', 'page-url']

function apart(segments: Segments, cleaned: Cleaned, value: Piece, context: Context): Apart {
  const { head, payload, signature } = segments
  const isGone = [...segments.found, ...cleaned.found].some(({ id }) =>
    WITHOUT_PAYLOAD.includes(id),
  )
  const isPage = cleaned.found.some(({ id }) => id === 'page-url')
  const read = isGone ? { bytes: null, found: [] } : readPayload(payload, context)
  const header = head && context.header !== null ? headerProblems(head, signature, context) : []
  const all = isPage
    ? cleaned.found
    : [...cleaned.found, ...segments.found, ...header, ...read.found]
  const isUnsigned = all.some(({ id }) => id === 'jwt-unsigned' || id === 'payload-missing')
  const end = value.text.lastIndexOf('.')
  return {
    head,
    payload,
    signature,
    bytes: read.bytes,
    raw: end === -1 ? value.text : value.text.slice(0, end),
    tenant: null,
    timestamp: null,
    isComplete: !isGone && payload.length > 0,
    found: all.filter(({ id }) => !isUnsigned || id !== 'signature-missing'),
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
  const facts = { sent: String(kid), wanted: wanted ?? '' }
  return [
    ...Object.keys(others).map((name) => found('jwt-header-member', head.range, { sent: name })),
    ...(isTyped ? [] : [found('jwt-type', head.range)]),
    ...(isKeyed ? [] : [found('jwt-key-id', head.range, { limit: String(LIMITS.keyId) })]),
    ...(alg === 'HS256' ? [] : [found('jwt-algorithm', head.range, { sent })]),
    ...(wanted === null || kid === wanted ? [] : [found('tenant-other', head.range, facts)]),
  ]
}

export function apartMessage(sent: SentMessage): Apart {
  const { tenant, signature } = sent
  const moved = /^\d{10,16}(?=\.)/.exec(sent.timestamp.text)?.[0]
  const rest = sent.timestamp
    .slice((moved?.length ?? 0) + 1)
    .concat(Piece.absent('.', sent.body.range))
  const isMoved = moved !== undefined && !/^\d*\.$/.test(rest.text) // a fraction of a number
  const timestamp = isMoved ? sent.timestamp.slice(0, moved.length) : sent.timestamp
  const body = isMoved ? rest.concat(sent.body) : sent.body
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
