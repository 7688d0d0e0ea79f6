import { base64url, isRejection, type Codec, type MessageNames } from '@countersign/core'
import { noteIn, type Found, type Note } from '../causes'
import type { Context } from '../context'
import type { At } from '../given/locate'
import { cut, textOf } from '../given/text'
import { clean } from './clean'
import { DIGEST_LENGTHS, hasSpareBits, nameOf, recognize } from './encodings'
import { areClaims, readLoosely, type LooseJson } from './json'
import { segmentsOf, type Segments } from './segments'

/** A credential that was taken apart, with whatever was wrong with its spelling and its shape. */
export interface Apart extends Segments {
  /** What the payload decodes to; `null` for nothing. */
  readonly bytes: Buffer | null
  /** What the bytes say. */
  readonly json: LooseJson
  /** The text in front of the signature before any of it was corrected. */
  readonly raw: string
  readonly tenant: string | null
  readonly timestamp: string | null
  /** False where a part is missing that was signed, so that the signature cannot be checked. */
  readonly isComplete: boolean
}

/** Ways to take a credential of one piece apart, the likeliest first. */
export function apartText(value: string, context: Context): readonly Apart[] {
  const { codec } = context.portal.scheme
  const url = /^https?:\/\/(?:.*?[?&#](?:token|sig|jwt|signature)=([^&#]*))?/i.exec(value)
  const whole = withBinarySignature(value, codec)
  if (whole) return [apart(whole, value, context)]
  if (url && url[1] === undefined) {
    const found: Found[] = [{ id: 'page-url', at: value, facts: {} }]
    return [apart({ head: null, payload: '', signature: '', found }, value, context)]
  }
  const text = url ? value.slice(url[0].length - (url[1]?.length ?? 0), url[0].length) : value
  const problems: Found[] = url ? [{ id: 'url-as-credential', at: value, facts: {} }] : []
  const cleaned = opens(text, codec) ? [{ text, found: [] }] : clean(text, context)
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
function withBinarySignature(value: string, { header }: Codec<unknown>): Segments | undefined {
  const match = /^(?:([\w-]+)\.)?([\w+/=-]+)\.([^]{12,64})$/.exec(value)
  const [, first, , last = ''] = match ?? []
  const isBytes = DIGEST_LENGTHS.includes(last.length) && [...last].every((each) => each <= '\xff')
  const isBinary = (isBytes || last.includes('\uFFFD')) && /[^\x20-\x7e]/.test(last)
  if (!isBinary || (first !== undefined) !== (header !== null)) return undefined
  const start = value.length - last.length
  const head = first === undefined ? null : value.slice(0, first.length)
  const payload = value.slice(head ? head.length + 1 : 0, start - 1)
  return { head, payload, signature: value.slice(start), found: [] }
}

function apart(segments: Segments, value: string, context: Context): Apart {
  const { head, payload } = segments
  const found = [...segments.found]
  if (head && context.header !== null) noteHeader(segments, context, noteIn(found))
  const isGone = payload.length === 0 && segments.found.length > 0
  const bytes = isGone ? null : payloadBytes(payload, context, noteIn(found))
  const end = value.lastIndexOf('.')
  return {
    ...segments,
    bytes,
    json: bytes ? readLoosely(bytes, context.content) : NOTHING,
    raw: end === -1 ? value : value.slice(0, end),
    tenant: null,
    timestamp: null,
    isComplete: payload.length > 0,
    found,
  }
}

const NOTHING: LooseJson = { text: '', value: null, found: [] }

/** What a payload decodes to. Says what is wrong with its spelling. */
function payloadBytes(
  text: string,
  { content, encoding, fields, portal }: Context,
  note: Note,
): Buffer | null {
  if (text === '') {
    note('payload-empty', '', { sent: 'payload' })
    return null
  }
  if (content === 'identifier') {
    const claim = fields.find(({ field }) => !field.isReadOnly)?.claim ?? 'id'
    return Buffer.from(JSON.stringify({ [claim]: text }))
  }
  const wanted = encoding ?? portal.scheme.codec.signature
  const facts = { wanted: nameOf(wanted) }
  const isInLines = wanted.name === 'base64' && text.includes('\n') // otherwise they were removed before
  const right = wanted.decode(text) ?? (isInLines ? Buffer.from(text, 'base64') : undefined)
  if (right) {
    const inner = recognize(right.toString('latin1'), base64url)
    if (inner?.bytes[0] !== 0x7b) return right
    note('payload-encoded-twice', text, facts)
    return inner.bytes
  }
  const other = /^\s*[{["]/.test(text)
    ? { name: 'not encoded', bytes: Buffer.from(text, 'utf8') }
    : recognize(text, wanted)
  if (other) {
    note('payload-encoding', text, { ...facts, sent: other.name })
    return other.bytes
  }
  const bytes = Buffer.from(text, 'base64url') // as far as it can be read
  if (hasSpareBits(text) && areClaims(bytes.toString('latin1'))) {
    note('payload-last-character', [text, text.replace(/=+$/, '').length - 1])
    return bytes
  }
  note('payload-unreadable', text, facts)
  return bytes.includes('{') ? bytes : null
}

/** Says what core refuses in the header of a JWT. */
function noteHeader({ head }: Segments, context: Context, note: Note): void {
  const { codec } = context.portal.scheme
  const text = head as string // see where it is called
  const sent = Buffer.from(text, 'base64url').toString('utf8')
  const shown = sent.length > 100 ? `${sent.slice(0, 100)}…` : sent
  try {
    const { tenant } = codec.open(`${text}.e30.${codec.signature.encode(new Uint8Array(32))}`)
    const wanted = context.audience
    if (tenant !== null && wanted !== null && tenant !== wanted) {
      note('tenant-other', text, { sent: tenant, wanted })
    }
  } catch (error) {
    if (!isRejection(error)) throw error
    const id = error.code === 'algorithm_not_allowed' ? 'jwt-algorithm' : 'jwt-header'
    const wanted = Buffer.from(context.header ?? '', 'base64url').toString('utf8')
    note(id, text, { sent: shown, detail: error.detail ?? '', wanted })
  }
}

/** A message of the parts that were sent. A part that was not sent is empty. */
export function apartMessage(sent: MessageNames & { readonly body: Buffer }, note: Note): Apart {
  const { tenant, signature } = sent
  const [digits, moved] = cut(sent.timestamp, '.')
  const isMoved = moved !== undefined && /^\d{10,16}$/.test(digits) && !/^\d*$/.test(moved) // a fraction of a number
  if (isMoved) note('boundary-moved', sent.timestamp)
  const timestamp = isMoved ? digits : sent.timestamp
  const bytes = isMoved ? Buffer.concat([Buffer.from(`${moved}.`), sent.body]) : sent.body
  const payload = textOf(bytes)
  return {
    head: null,
    payload,
    signature,
    bytes,
    json: readLoosely(bytes, 'json'),
    raw: payload,
    tenant,
    timestamp,
    isComplete: timestamp.length > 0 && signature.length > 0,
    found: [],
  }
}

/** Where a part of the decoded JSON is in what was sent. */
export function inPayload(at: At, { payload, bytes, json }: Apart): At {
  if (typeof at === 'string' || at[0] !== json.text || payload === json.text) return at
  const [, start, end] = at
  const length = bytes?.length ?? 0
  const isBase64 = Math.abs(payload.replace(/=+$/, '').length - (length * 4) / 3) < 2
  if (!isBase64) return payload
  const before = (count?: number) => Buffer.byteLength(json.text.slice(0, count))
  const from = Math.floor((before(start) * 4) / 3)
  const to = Math.ceil((before(end) * 4) / 3)
  return [payload, from, Math.min(payload.length, Math.max(to, from + 1))]
}
