import { LIMITS } from '@countersign/core'
import { found, some, type Found } from '../causes'
import type { Context } from '../context'
import type { MessageNames, PartNames } from '../format'
import { jsonStrings } from '../given/json-strings'
import { Piece, textOf } from '../given/piece'
import { formValue, pairs, valuesOf, type Sent } from '../given/sent'
import { parameterIn, type Located } from './located'

/** The parts of a signed message, as they were sent. A part that was not sent is empty. */
export interface SentMessage extends Readonly<Record<keyof PartNames, Piece>> {
  readonly body: Piece
  readonly bytes: Uint8Array
}

/** Finds a signed message in the headers, in the reply parameter, or in a form. */
export function findMessage(sent: Sent, context: Context): Located<SentMessage> {
  const names = context.names as MessageNames // of a portal that signs messages
  const [parameter] = context.portal.scheme.carrier.parameters
  const [first, second] = [
    inHeaders(sent, names.headers),
    parameter === undefined ? undefined : inReply(sent, parameter, names.headers),
    names.fields ? inForm(sent, names.fields, context) : undefined,
  ].filter((each) => each !== undefined)
  if (!first) {
    const { tenant, timestamp, signature } = names.headers
    const place = `${tenant}, ${timestamp} and ${signature}`
    return { value: null, place: null, found: [found('missing', [0, sent.text.length], { place })] }
  }
  if (!second) return first
  const facts = { places: `${first.place} and ${second.place}` }
  const problem = found('in-several-places', second.value?.signature.range ?? [0, 0], facts)
  return { ...first, found: [...first.found, problem] }
}

const PARTS = ['tenant', 'timestamp', 'signature'] as const

/** A message of the parts that were sent. */
function messageOf(
  find: (part: keyof PartNames) => Piece | undefined,
  body: Piece,
  bytes: Uint8Array = Buffer.from(body.text, 'utf8'),
): SentMessage {
  const part = (name: keyof PartNames): Piece => find(name) ?? Piece.absent('')
  return {
    tenant: part('tenant'),
    timestamp: part('timestamp'),
    signature: part('signature'),
    body,
    bytes,
  }
}

function inHeaders(sent: Sent, names: PartNames): Located<SentMessage> | undefined {
  const values = (part: keyof PartNames) => valuesOf(sent.headers, names[part])
  if (!values('timestamp')[0] && !values('signature')[0]) return undefined
  const problems = PARTS.flatMap((part) => {
    const [first, second] = values(part)
    const facts = { name: names[part] }
    if (second) return [found('header-repeated', second.range, facts)]
    return first?.length ? [] : [found('header-missing', first?.range ?? [0, 0], facts)]
  })
  const value = messageOf((part) => values(part)[0], sent.body, sent.bytes)
  return { value, place: names.signature, found: [...problems, ...bodyProblems(sent)] }
}

function bodyProblems({ headers, body, bytes }: Sent): readonly Found[] {
  const [encoding] = valuesOf(headers, 'content-encoding')
  const [type] = valuesOf(headers, 'content-type')
  const charset = /charset\s*=\s*"?([^";\s]*)/i.exec(type?.text ?? '')?.[1] ?? ''
  const size = { length: String(bytes.length), limit: String(LIMITS.body) }
  const [isPlain, isUtf8] = [/^(?:identity)?$/i, /^(?:utf-?8)?$/i]
  return some(
    encoding &&
      !isPlain.test(encoding.text) &&
      found('body-compressed', encoding.range, { sent: encoding.text }),
    type && !isUtf8.test(charset) && found('body-charset', type.range, { sent: charset }),
    bytes.length > LIMITS.body && found('body-too-large', body.range, size),
  )
}

/** The whole reply of a sign endpoint, as base64 in the query. */
function inReply(sent: Sent, name: string, names: PartNames): Located<SentMessage> | undefined {
  const { parameter, found: problems } = parameterIn(sent, name)
  const place = `?${name}`
  if (!parameter && problems.length > 0) return { value: null, place, found: problems }
  const other = sent.parameters.find((each) => each.name.toLowerCase() === name)
  const chosen = parameter ?? other
  if (!chosen) return undefined
  const facts = { name, sent: chosen.name }
  const misnamed = !parameter && found('parameter-name', chosen.pair.range, facts)
  const { value, found: more } = readReply(chosen.value, names, name)
  return { value, place, found: [...problems, ...some(misnamed), ...more] }
}

const REPLY_MEMBERS = ['url', 'headers', 'body', 'expiresAt', 'fields']

function readReply(
  value: Piece,
  names: PartNames,
  name: string,
): Omit<Located<SentMessage>, 'place'> {
  const isTwice = /%[0-9A-F]{2}/i.test(value.text)
  const isSpaced = value.text.includes(' ')
  const spelled = (isTwice ? value.decoded() : value).text.replaceAll(' ', '+')
  const bytes = Buffer.from(spelled, 'base64')
  const strings = jsonStrings(Piece.absent(textOf(bytes), value.range)) // `btoa` writes Latin-1
  const known = [...REPLY_MEMBERS, ...Object.values(names).map((each) => `headers.${each}`)]
  const isKnown = (member: string): boolean =>
    known.includes(member) || member.startsWith('fields.')
  const isStrict =
    strings && [...strings.keys()].every(isKnown) && bytes.toString('base64') === spelled
  const problems = some(
    isSpaced && found('plus-became-space', value.range),
    isTwice && found('percent-encoded-twice', value.range),
    !isStrict && !isSpaced && !isTwice && found('reply-malformed', value.range, { name }),
  )
  if (!strings) return { value: null, found: problems }
  const body = strings.get('body') ?? Piece.absent('')
  const message = messageOf((part) => strings.get(`headers.${names[part]}`), body)
  return { value: message, found: problems }
}

/** A form that carries the members of the body as fields, in the order of the portal's claims. */
function inForm(
  { headers, body }: Sent,
  names: PartNames,
  context: Context,
): Located<SentMessage> | undefined {
  const type = valuesOf(headers, 'content-type')[0]?.text ?? ''
  if (!/^application\/x-www-form-urlencoded/i.test(type)) return undefined
  const fields = pairs(body)
  const find = (part: keyof PartNames): Piece | undefined => {
    const field = fields.find(({ name }) => name.toLowerCase() === names[part].toLowerCase())
    return field && formValue(field)
  }
  const missing = PARTS.filter((part) => !find(part)?.length)
  if (missing.length === PARTS.length) return undefined
  const own = Object.values(names).map((name) => name.toLowerCase())
  const order = context.fields.map(({ claim }) => claim)
  const members = fields
    .filter(({ name }) => !own.includes(name.toLowerCase()))
    .map((field) => [field.name, formValue(field).text] as const)
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  const json = Piece.absent(JSON.stringify(Object.fromEntries(members)), body.range)
  return {
    value: messageOf(find, json),
    place: `form ${names.signature}`,
    found: missing.map((part) => found('field-missing', body.range, { name: names[part] })),
  }
}
