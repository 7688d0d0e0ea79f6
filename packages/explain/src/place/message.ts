import { LIMITS, type MessageNames } from '@countersign/core'
import { apartMessage, type Apart } from '../apart/apart'
import { noteIn, type Found, type Note } from '../causes'
import type { Context } from '../context'
import { fieldsOf, jsonStrings, replyHeaders, valuesOf, type Entry, type Sent } from '../given/sent'
import { percentDecoded, textOf } from '../given/text'
import { entryOf, type Located } from './entry'

/** Finds a signed message in the headers, in the reply parameter, or in a form. */
export function findMessage(sent: Sent, context: Context, note: Note): Located {
  const [first, second] = [inHeaders, inReply, inForm].flatMap((find) => {
    const found: Found[] = []
    const located = find(sent, context, noteIn(found))
    return located ? [{ located, found }] : []
  })
  if (!first) {
    const { tenant, timestamp, signature } = namesOf(context)
    note('missing', sent.text, { place: `${tenant}, ${timestamp} and ${signature}` })
    return { place: null, ways: [] }
  }
  for (const { id, at, facts } of first.found) note(id, at, facts)
  if (second) {
    const places = `${first.located.place} and ${second.located.place}`
    note('in-several-places', second.located.ways[0]?.signature ?? '', { places })
  }
  return first.located
}

function namesOf({ headerNames }: Context): MessageNames {
  return headerNames as MessageNames // of a portal that signs messages
}

const PARTS = ['tenant', 'timestamp', 'signature'] as const

function partsIn(
  entries: readonly Entry[],
  names: MessageNames,
  what: 'header' | 'field',
  note: Note,
) {
  const parts = PARTS.map((part) => {
    const entry = entryOf(entries, names[part], what, note)
    if (!entry) note('part-missing', '', { name: `The ${what} "${names[part]}"` })
    return [part, entry?.value ?? '']
  })
  return Object.fromEntries(parts) as MessageNames // a value for each
}

function hasAny(
  entries: readonly Entry[],
  names: MessageNames,
  parts: readonly (keyof MessageNames)[],
) {
  return parts.some((part) => valuesOf(entries, names[part])[0]?.length)
}

function inHeaders(sent: Sent, context: Context, note: Note): Located | undefined {
  const names = namesOf(context)
  const { headers, bytes } = sent
  if (!hasAny(headers, names, ['timestamp', 'signature'])) return undefined
  const parts = partsIn(headers, names, 'header', note)
  noteBody(sent, note)
  return { place: names.signature, ways: [apartMessage({ ...parts, body: bytes }, note)] }
}

function noteBody({ headers, body, bytes }: Sent, note: Note): void {
  const [encoding] = valuesOf(headers, 'content-encoding')
  const [type] = valuesOf(headers, 'content-type')
  const charset = /charset\s*=\s*"?([^";\s]*)/i.exec(type ?? '')?.[1] ?? ''
  if (encoding && !/^(?:identity)?$/i.test(encoding)) {
    note('body-compressed', encoding, { sent: encoding })
  }
  if (type && !/^(?:utf-?8)?$/i.test(charset)) note('body-charset', type, { sent: charset })
  if (bytes.length > LIMITS.body) {
    const length = `${bytes.length} bytes`
    note('too-long', body, { name: 'body', length, limit: String(LIMITS.body) })
  }
}

/** The whole reply of a sign endpoint, as base64 in the query. */
function inReply(sent: Sent, context: Context, note: Note): Located | undefined {
  const [name] = context.portal.scheme.carrier.parameters
  if (name === undefined) return undefined
  const parameter = entryOf(sent.parameters, name, 'parameter', note)
  const other = sent.parameters.find((each) => each.name.toLowerCase() === name)
  const chosen = parameter ?? other
  if (!chosen) return undefined
  if (!parameter) note('parameter-name', chosen.pair, { name, sent: chosen.name })
  const message = chosen.value.length > 0 && readReply(chosen.value, name, context, note)
  return { place: `?${name}`, ways: message ? [message] : [] }
}

function readReply(value: string, name: string, context: Context, note: Note): Apart | null {
  const names = namesOf(context)
  const isTwice = /%[0-9A-F]{2}/i.test(value)
  const isSpaced = value.includes(' ')
  const spelled = (isTwice ? percentDecoded(value) : value).replaceAll(' ', '+')
  const bytes = Buffer.from(spelled, 'base64')
  const entries = jsonStrings(textOf(bytes)) // `btoa` writes Latin-1
  const known = Object.values(names).map((each) => `headers.${each}`)
  const isKnown = ({ name: each }: Entry): boolean =>
    /^(?:url|headers|body|expiresAt|fields(?:\..*)?)$/.test(each) || known.includes(each)
  const isStrict = entries.length > 0 && entries.every(isKnown)
  if (isSpaced) note('plus-became-space', value)
  if (isTwice) note('percent-encoded-twice', value)
  const isExact = isStrict && bytes.toString('base64') === spelled
  if (!isExact && !isSpaced && !isTwice) note('reply-malformed', value, { name })
  if (entries.length === 0) return null
  const [body = ''] = valuesOf(entries, 'body')
  const parts = partsIn(replyHeaders(entries), names, 'header', note)
  return apartMessage({ ...parts, body: Buffer.from(body, 'utf8') }, note)
}

/** A form that carries the members of the body as fields, in the order of the portal's claims. */
function inForm({ headers, body }: Sent, context: Context, note: Note): Located | undefined {
  const names = context.fieldNames
  const type = valuesOf(headers, 'content-type')[0] ?? ''
  const fields = /^application\/x-www-form-urlencoded/i.test(type) ? fieldsOf(body) : []
  if (!names || !hasAny(fields, names, PARTS)) return undefined
  const parts = partsIn(fields, names, 'field', note)
  const own = Object.values(names).map((name) => name.toLowerCase())
  const order = context.fields.map(({ claim }) => claim)
  const members = fields
    .filter(({ name }) => !own.includes(name.toLowerCase()))
    .map(({ name, value }) => [name, value] as const)
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  const json = Buffer.from(JSON.stringify(Object.fromEntries(members)), 'utf8')
  return { place: `form ${names.signature}`, ways: [apartMessage({ ...parts, body: json }, note)] }
}
