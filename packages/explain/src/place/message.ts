import { LIMITS } from '@countersign/core'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import type { MessageNames, PartNames } from '../format'
import { jsonStrings } from '../given/json-strings'
import { Piece, textOf } from '../given/piece'
import { formValue, pairs, valuesOf, type Sent } from '../given/sent'

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
export function findMessage(sent: Sent, context: Context): MessagePlace {
  const names = context.names as MessageNames // of a portal that signs messages
  const [parameter] = context.portal.scheme.carrier.parameters
  const places = [
    inHeaders(sent, names.headers),
    parameter === undefined ? undefined : inReply(sent, parameter, names.headers),
    names.fields ? inForm(sent, names.fields, context) : undefined,
  ].filter((each) => each !== undefined)
  const [first, second] = places
  if (!first) {
    const { tenant, timestamp, signature } = names.headers
    const place = `${tenant}, ${timestamp} and ${signature}`
    const problem = found('missing', [0, sent.text.length], { place })
    return { message: null, place: null, found: [problem] }
  }
  if (!second) return first
  const facts = { places: `${first.place} and ${second.place}` }
  const problem = found('in-several-places', second.message?.signature.range ?? [0, 0], facts)
  return { ...first, found: [...first.found, problem] }
}

const PARTS = ['tenant', 'timestamp', 'signature'] as const

/** A message of the parts that were sent. */
function messageOf(
  find: (part: keyof PartNames) => Piece | undefined,
  body: Piece,
  bytes: Uint8Array = Buffer.from(body.text, 'utf8'),
): SentMessage {
  const [tenant, timestamp, signature] = PARTS.map((part) => find(part) ?? Piece.absent('')) as [
    Piece,
    Piece,
    Piece,
  ] // as many as there are parts
  return { tenant, timestamp, signature, body, bytes }
}

function inHeaders(sent: Sent, names: PartNames): MessagePlace | undefined {
  const values = (part: keyof PartNames) => valuesOf(sent.headers, names[part])
  if (!values('timestamp')[0] && !values('signature')[0]) return undefined
  const problems = PARTS.flatMap((part) => {
    const [first, second] = values(part)
    const facts = { name: names[part] }
    if (second) return [found('header-repeated', second.range, facts)]
    return first?.length ? [] : [found('header-missing', first?.range ?? [0, 0], facts)]
  })
  const message = messageOf((part) => values(part)[0], sent.body, sent.bytes)
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

/** The whole reply of a sign endpoint, as base64 in the query. */
function inReply({ parameters }: Sent, name: string, names: PartNames): MessagePlace | undefined {
  const own = parameters.filter((each) => each.name === name)
  const listed = parameters.find((each) => each.name.startsWith(`${name}[`))
  const other = parameters.find((each) => each.name.toLowerCase() === name && each.name !== name)
  const parameter = own.find(({ value }) => value.length > 0) ?? listed ?? own[0] ?? other
  if (!parameter) return undefined
  const { pair, value } = parameter
  const place = `?${name}`
  const facts = { name, sent: parameter.name }
  if (value.length === 0) {
    return { message: null, place, found: [found('parameter-empty', pair.range, facts)] }
  }
  const problems = [
    ...(listed ? [found('parameter-list', listed.pair.range, { name, sent: listed.name })] : []),
    ...(own[1] && !listed ? [found('parameter-repeated', own[1].pair.range, facts)] : []),
    ...(other && own.length === 0 ? [found('parameter-name', pair.range, facts)] : []),
  ]
  const { message, found: more } = readReply(value, names, name)
  return { message, place, found: [...problems, ...more] }
}

const REPLY_MEMBERS = ['url', 'headers', 'body', 'expiresAt', 'fields']

function readReply(value: Piece, names: PartNames, name: string): Omit<MessagePlace, 'place'> {
  const isTwice = /%[0-9A-F]{2}/i.test(value.text)
  const spelled = isTwice
    ? value.text.replaceAll(/%[0-9A-F]{2}/gi, (each) =>
        Buffer.from(each.slice(1), 'hex').toString('latin1'),
      )
    : value.text.replaceAll(' ', '+')
  const bytes = Buffer.from(spelled, 'base64')
  const strings = jsonStrings(Piece.absent(textOf(bytes), value.range)) // `btoa` writes Latin-1
  const known = [...REPLY_MEMBERS, ...Object.values(names).map((each) => `headers.${each}`)]
  const isExtra = (member: string): boolean =>
    !known.includes(member) && !member.startsWith('fields.')
  const isStrict =
    strings && bytes.toString('base64') === spelled && ![...strings.keys()].some(isExtra)
  const problems = [
    ...(value.text.includes(' ') ? [found('plus-became-space', value.range)] : []),
    ...(isTwice ? [found('percent-encoded-twice', value.range)] : []),
  ]
  if (!isStrict && problems.length === 0) {
    problems.push(found('reply-malformed', value.range, { name }))
  }
  if (!strings) return { message: null, found: problems }
  const body = strings.get('body') ?? Piece.absent('')
  return {
    message: messageOf((part) => strings.get(`headers.${names[part]}`), body),
    found: problems,
  }
}

/** A form that carries the members of the body as fields, in the order of the portal's claims. */
function inForm(
  { headers, body }: Sent,
  names: PartNames,
  context: Context,
): MessagePlace | undefined {
  const type = valuesOf(headers, 'content-type')[0]?.text ?? ''
  if (!/^application\/x-www-form-urlencoded/i.test(type)) return undefined
  const fields = pairs(body)
  const find = (part: keyof PartNames): Piece | undefined => {
    const field = fields.find(({ name }) => name.toLowerCase() === names[part].toLowerCase())
    return field && formValue(field)
  }
  if (!PARTS.some((part) => find(part)?.length)) return undefined
  const own = Object.values(names).map((name) => name.toLowerCase())
  const members = fields.filter(({ name }) => !own.includes(name.toLowerCase()))
  const order = context.fields.map(({ claim }) => claim)
  const sorted = members
    .map((field) => [field.name, formValue(field).text] as const)
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  const json = Piece.absent(JSON.stringify(Object.fromEntries(sorted)), body.range)
  const missing = PARTS.filter((part) => !find(part)?.length)
  return {
    message: messageOf(find, json),
    place: `form ${names.signature}`,
    found: missing.map((part) => found('field-missing', body.range, { name: names[part] })),
  }
}
