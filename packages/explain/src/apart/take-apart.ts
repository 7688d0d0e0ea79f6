import type { Codec } from '@countersign/core'
import { found, type Found } from '../causes'
import { Piece } from '../given/piece'
import type { SentMessage } from '../place/message'
import type { Apart } from './apart'
import { clean, type Cleaned } from './clean'
import { DIGEST_LENGTHS } from './encodings'
import { headerProblems } from './jwt-header'
import { readPayload } from './payload'
import { segmentsOf, type Segments } from './segments'

/** Ways to take a credential of one piece apart, the likeliest first. */
export function apartText(value: Piece, codec: Codec<unknown>): readonly Apart[] {
  const binary = withBinarySignature(value, codec)
  if (binary) return [apart(binary, { text: value, found: [] }, codec, value)]
  const url = inUrl(value)
  const cleaned = url ? clean(url.text, codec) : clean(value, codec)
  return cleaned.flatMap((each) =>
    segmentsOf(each.text, codec).map((segments) =>
      apart(segments, { ...each, found: [...(url?.found ?? []), ...each.found] }, codec, value),
    ),
  )
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

function apart(segments: Segments, cleaned: Cleaned, codec: Codec<unknown>, value: Piece): Apart {
  const { head, payload, signature } = segments
  const isGone = segments.found.some(({ id }) => WITHOUT_PAYLOAD.includes(id))
  const isPage = cleaned.found.some(({ id }) => id === 'page-url')
  const read =
    isGone || isPage
      ? { bytes: null, found: [] }
      : readPayload(payload, codec.payload ?? codec.signature)
  const header = head !== null && codec.header !== null ? headerProblems(head, signature) : []
  const problems = isPage
    ? cleaned.found
    : [...cleaned.found, ...segments.found, ...header, ...read.found]
  const end = value.text.lastIndexOf('.')
  return {
    head,
    payload,
    signature,
    bytes: read.bytes,
    raw: end === -1 ? value.text : value.text.slice(0, end),
    tenant: null,
    timestamp: null,
    isComplete: !isGone && !isPage && payload.length > 0,
    found: withoutEchoes(problems),
  }
}

const WITHOUT_PAYLOAD = ['payload-missing', 'jwt-encrypted', 'page-url']

/** A mistake that another one brings with it is told once. */
function withoutEchoes(problems: readonly Found[]): readonly Found[] {
  const ids = problems.map(({ id }) => id)
  const isEcho = ({ id }: Found): boolean =>
    id === 'signature-missing' && (ids.includes('jwt-unsigned') || ids.includes('payload-missing'))
  return problems.filter((each) => !isEcho(each))
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
  const bytes = isMoved ? Buffer.from(body.text, 'utf8') : sent.bytes
  return {
    head: null,
    payload: body,
    signature,
    bytes,
    raw: body.text,
    tenant,
    timestamp,
    isComplete: timestamp.length > 0 && signature.length > 0,
    found: isMoved ? [found('boundary-moved', sent.timestamp.range)] : [],
  }
}
