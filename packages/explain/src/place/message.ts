import { LIMITS } from '@countersign/core'
import { messageHeaders, type MessageHeaders } from '../format'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import { jsonStrings } from '../given/json-strings'
import { Piece, textOf } from '../given/piece'
import { valuesOf, type Sent } from '../given/sent'
import { formValue, pairs } from '../given/url'

/** The parts of a signed message, as they were sent. A part that was not sent is empty. */
export interface SentMessage {
  readonly tenant: Piece
  readonly timestamp: Piece
  readonly signature: Piece
  readonly body: Piece
  readonly bytes: Uint8Array
}

export interface MessagePlace {
  /** `null` where no part of one was found. */
  readonly message: SentMessage | null
  readonly place: string | null
  readonly found: readonly Found[]
}

/** Finds a signed message in the headers, in the reply parameter, or in a form. */
export function findMessage(sent: Sent, { portal }: Context): MessagePlace {
  const names = messageHeaders(portal) as MessageHeaders // of a portal that signs messages
  const parameter = portal.scheme.carrier.parameters[0]
  const places = [
    inHeaders(sent, names),
    parameter === undefined ? undefined : inReply(sent, parameter, names),
    inForm(sent),
  ].filter((each) => each !== undefined)
  const [first, second] = places
  if (!first) {
    const place = `${names.tenant}, ${names.timestamp} and ${names.signature}`
    return {
      message: null,
      place: null,
      found: [found('missing', [0, sent.text.length], { place })],
    }
  }
  if (!second) return first
  const facts = { places: `${first.place} and ${second.place}` }
  const problem = found('in-several-places', second.message?.signature.range ?? [0, 0], facts)
  return { ...first, found: [...first.found, problem] }
}

function inHeaders(sent: Sent, names: MessageHeaders): MessagePlace | undefined {
  const [tenant, timestamp, signature] = [names.tenant, names.timestamp, names.signature].map(
    (name) => valuesOf(sent.headers, name),
  )
  if (!timestamp?.[0] && !signature?.[0]) return undefined
  const parts = { tenant, timestamp, signature }
  const problems = Object.entries(parts).flatMap(([part, values = []]) => {
    const name = names[part as keyof MessageHeaders] // one of its own names
    if (values[1]) return [found('header-repeated', values[1].range, { name })]
    return values[0]?.length ? [] : [found('header-missing', values[0]?.range ?? [0, 0], { name })]
  })
  const nothing = Piece.absent('')
  const message = {
    tenant: tenant?.[0] ?? nothing,
    timestamp: timestamp?.[0] ?? nothing,
    signature: signature?.[0] ?? nothing,
    body: sent.body,
    bytes: sent.bytes,
  }
  return { message, place: names.signature, found: [...problems, ...bodyProblems(sent)] }
}

function bodyProblems({ headers, body, bytes }: Sent): readonly Found[] {
  const [encoding] = valuesOf(headers, 'content-encoding')
  const [type] = valuesOf(headers, 'content-type')
  const charset = /charset\s*=\s*"?([^";\s]*)/i.exec(type?.text ?? '')?.[1] ?? ''
  const size = { length: String(bytes.length), limit: String(LIMITS.body) }
  return [
    ...(encoding && !/^(?:identity)?$/i.test(encoding.text)
      ? [found('body-compressed', encoding.range, { sent: encoding.text })]
      : []),
    ...(type && !/^(?:utf-?8)?$/i.test(charset)
      ? [found('body-charset', type.range, { sent: charset })]
      : []),
    ...(bytes.length > LIMITS.body ? [found('body-too-large', body.range, size)] : []),
  ]
}

const REPLY_MEMBERS = ['url', 'headers', 'body', 'expiresAt']

/** The whole reply of a sign endpoint, as base64 in the query. */
function inReply(
  { parameters }: Sent,
  name: string,
  names: MessageHeaders,
): MessagePlace | undefined {
  const own = parameters.filter((each) => each.name === name)
  const listed = parameters.find((each) => each.name.startsWith(`${name}[`))
  const other = parameters.find((each) => each.name.toLowerCase() === name && each.name !== name)
  const parameter = own.find(({ value }) => value.length > 0) ?? listed ?? own[0] ?? other
  if (!parameter) return undefined
  const place = `?${name}`
  const { pair, value } = parameter
  const facts = { name, sent: parameter.name }
  if (value.length === 0) {
    return { message: null, place, found: [found('parameter-empty', pair.range, facts)] }
  }
  const problems = [
    ...(listed ? [found('parameter-list', listed.pair.range, { name, sent: listed.name })] : []),
    ...(own[1] && !listed ? [found('parameter-repeated', own[1].pair.range, facts)] : []),
    ...(other && own.length === 0 ? [found('parameter-name', pair.range, facts)] : []),
  ]
  return readReply(value, { names, place, name, problems })
}

interface ReplyPlace {
  readonly names: MessageHeaders
  readonly place: string
  readonly name: string
  readonly problems: readonly Found[]
}

function readReply(value: Piece, { names, place, name, problems }: ReplyPlace): MessagePlace {
  const isTwice = /%[0-9A-F]{2}/i.test(value.text)
  const spelled = isTwice ? decodeURIComponentLoosely(value.text) : value.text.replaceAll(' ', '+')
  const bytes = Buffer.from(spelled, 'base64')
  const json = textOf(bytes) // `btoa` writes Latin-1
  const strings = stringsOf(Piece.absent(json, value.range))
  const all = [...problems, ...spellingOfReply(value, spelled, name)]
  if (!strings) {
    const isKnown = all.length > problems.length
    const problem = isKnown ? [] : [found('reply-malformed', value.range, { name })]
    return { message: null, place, found: [...all, ...problem] }
  }
  const part = (header: string): Piece => strings.get(`headers.${header}`) ?? Piece.absent('')
  const body = strings.get('body') ?? Piece.absent('')
  const message = {
    tenant: part(names.tenant),
    timestamp: part(names.timestamp),
    signature: part(names.signature),
    body,
    bytes: Buffer.from(body.text, 'utf8'),
  }
  const known = [...REPLY_MEMBERS, ...Object.values(names).map((each) => `headers.${each}`)]
  const extra = [...strings.keys()].some((member) => !known.includes(member))
  const problem = extra ? [found('reply-malformed', value.range, { name })] : []
  return { message, place, found: [...all, ...problem] }
}

function spellingOfReply(value: Piece, spelled: string, name: string): readonly Found[] {
  if (value.text === spelled) {
    const isStrict = Buffer.from(spelled, 'base64').toString('base64') === spelled
    return isStrict ? [] : [found('reply-malformed', value.range, { name })]
  }
  const id = value.text.includes(' ') ? 'plus-became-space' : 'percent-encoded-twice'
  return [found(id, value.range)]
}

function decodeURIComponentLoosely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replaceAll(/%[0-9A-F]{2}/gi, '')
  }
}

function stringsOf(json: Piece): ReadonlyMap<string, Piece> | undefined {
  try {
    return typeof JSON.parse(json.text) === 'object' ? jsonStrings(json) : undefined
  } catch {
    return undefined
  }
}

/** A form that carries the members of the body as fields. */
function inForm({ headers, body, bytes }: Sent): MessagePlace | undefined {
  const type = valuesOf(headers, 'content-type')[0]?.text ?? ''
  if (!/^application\/x-www-form-urlencoded/i.test(type)) return undefined
  const fields = pairs(body)
  const part = (pattern: RegExp): Piece => {
    const field = fields.find(({ name }) => pattern.test(name))
    return field ? formValue(field) : Piece.absent('')
  }
  const [tenant, timestamp, signature] = [/^_workspace/i, /^_timestamp$/i, /^_signature$/i].map(
    part,
  )
  if (!tenant?.length && !timestamp?.length && !signature?.length) return undefined
  const members = fields
    .filter(({ name }) => !name.startsWith('_'))
    .map((field) => [field.name, formValue(field).text] as const)
  const order = ['email', 'name', 'avatar']
  const sorted = members.toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  const json = JSON.stringify(Object.fromEntries(sorted))
  const nothing = Piece.absent('')
  const message = {
    tenant: tenant ?? nothing,
    timestamp: timestamp ?? nothing,
    signature: signature ?? nothing,
    body: Piece.absent(json, body.range),
    bytes: Buffer.from(json, 'utf8'),
  }
  const missing = Object.entries({
    _workspaceId: tenant,
    _timestamp: timestamp,
    _signature: signature,
  })
    .filter(([, piece]) => !piece?.length)
    .map(([name]) => found('field-missing', body.range, { name }))
  return { message, place: 'form _signature', found: bytes.length > 0 ? missing : [] }
}
