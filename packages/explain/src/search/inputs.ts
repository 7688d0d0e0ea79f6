import { base64, base64url, base64urlPadded, hex, type Codec } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { nameOf } from '../apart/encodings'
import type { Context } from '../context'
import { jsonSpellings } from './json-spellings'
import type { Row } from './variants'

const NAMES: Readonly<Record<Codec<unknown>['signs'], string>> = {
  'payload text': 'the encoded payload',
  'payload bytes': 'the JSON',
  'header and payload text': 'the header, ".", and the payload',
  'timestamp and body': 'the timestamp, ".", and the body',
}

/** What should be signed, in words. */
export function inputName({ portal, content }: Context): string {
  return content === 'identifier' ? 'the identifier alone' : NAMES[portal.scheme.codec.signs]
}

/** Everything that may have been signed, what is right first. */
export function inputRows(apart: Apart, context: Context): readonly Row[] {
  const right = rightInputs(apart, context)
  const text = Buffer.from(right[0] as string) // or bytes
  return [
    ...right.map((input): Row => [null, input]),
    ...['\n', '\r\n'].map((end): Row => [
      'signed-line-break',
      Buffer.concat([text, Buffer.from(end)]),
    ]),
    ...(apart.timestamp ? messageRows(apart) : textRows(apart, context)),
    other(JSON.stringify(text.toString('utf8')), 'a JSON string of the text'),
    ...claimRows(apart, context),
    ...respelled(apart, context),
  ]
}

function other(value: Row[1], sent: string): Row {
  return ['signed-other', value, sent]
}

/** What the signature should cover, in the spellings in which it may have been sent. */
function rightInputs(apart: Apart, { portal, encoding, header }: Context): readonly Row[1][] {
  const { head, payload, raw, found, timestamp } = apart
  const bytes = apart.bytes ?? Buffer.alloc(0)
  if (timestamp) return [Buffer.concat([Buffer.from(`${timestamp}.`), bytes])]
  const ids = found.map(({ id }) => id)
  if (ids.includes('hash-for-jwt')) return [bytes, payload]
  if (ids.includes('jwt-header-missing')) return [`${header ?? ''}.${payload}`]
  if (portal.scheme.codec.signs === 'payload bytes' && head === null) return [bytes]
  const start = head === null ? '' : `${head}.`
  if (ids.length === 0) return [start + payload]
  const canonical = encoding && apart.bytes ? encoding.encode(bytes) : payload
  return [start + payload, raw, start + canonical, start + canonical.replace(/=+$/, '')]
}

const USUAL_HEADER = base64url.encode(Buffer.from('{"alg":"HS256","typ":"JWT"}'))

/** For a credential of one piece. */
function textRows({ head, payload: text, bytes }: Apart, context: Context): readonly Row[] {
  const json = bytes ?? Buffer.alloc(0)
  const isOfBytes = context.portal.scheme.codec.signs === 'payload bytes'
  const plainJwt = [Buffer.from(head ?? '', 'base64url'), Buffer.from('.'), json]
  return [
    isOfBytes ? other(text, 'the encoded payload') : other(json, 'the JSON'),
    ...(head === null
      ? [other(`${USUAL_HEADER}.${text}`, 'the header of a JWT, ".", and the payload')]
      : [
          other(text, 'only the payload'),
          other(head + text, 'the header and the payload with nothing between them'),
          other(Buffer.concat(plainJwt), 'the JSON of header and payload'),
        ]),
    ...otherEncodings(json, text),
    other(`${text}.`, 'the payload with the "." behind it'),
  ]
}

/** The payload in another encoding than it was sent in. */
function otherEncodings(json: Buffer, sent: string): readonly Row[] {
  const mime = base64.encode(json)
  const lines = [60, 64, 76].map((length) => new RegExp(`.{1,${length}}`, 'g'))
  const all = [
    ...[base64urlPadded, base64url, base64, hex].map((each) => [each.encode(json), nameOf(each)]),
    [mime.replace(/=+$/, ''), 'base64 without padding'],
    [encodeURIComponent(sent), 'percent-encoded'],
    [encodeURIComponent(mime), 'percent-encoded'],
    [encodeURIComponent(json.toString('utf8').replaceAll(/\p{Cs}/gu, '')), 'percent-encoded JSON'],
    ...lines.map((line) => [mime.replaceAll(line, '$&\n'), 'base64 with line breaks']),
    ...lines.map((line) => [mime.replaceAll(line, '$&\r\n'), 'base64 with line breaks']),
  ]
  return all.map(([text = '', name]): Row => ['signed-other-spelling', text, name])
}

const SEPARATORS: Readonly<Record<string, string>> = {
  '': 'nothing',
  '\n': 'a line break',
  ' ': 'a space',
}

/** For a message: a timestamp and a body. */
function messageRows({ tenant, timestamp, bytes }: Apart): readonly Row[] {
  const [id, time] = [tenant ?? '', timestamp ?? '']
  const body = bytes ?? Buffer.alloc(0)
  const text = body.toString('utf8')
  const start = `${time}.`
  const parts = text.split('\uFFFD')
  return [
    ...['.', ':', ''].map((each) =>
      other(id + each + time + each + text, 'the id, the timestamp and the body'),
    ),
    other(`${id}.${text}`, 'the id, ".", and the body'),
    other(text, 'only the body'),
    other(time, 'only the timestamp'),
    ...['', ':', '\n', '|', '-', ' ', ','].map((each) => {
      const between = SEPARATORS[each] ?? `"${each}"`
      return other(time + each + text, `the timestamp and the body with ${between} between them`)
    }),
    ...['.', '', ':'].map((each) => other(text + each + time, 'the body and then the timestamp')),
    ...otherTimes(time).map(([each, sent]): Row => ['signed-other-time', `${each}.${text}`, sent]),
    ...[base64, base64url].map((each) =>
      other(start + each.encode(body), 'the timestamp and the encoded body'),
    ),
    other(start + JSON.stringify(text), 'the timestamp and a JSON string of the body'),
    other(JSON.stringify({ timestamp: time, body: text }), 'JSON of the timestamp and the body'),
    ['body-changed', start + text.trim(), 'white space was added around it'],
    ['body-changed', start + text.replace(/^\uFEFF/, ''), 'a byte order mark was added'],
    ['body-changed', start + text.replaceAll('\r\n', '\n'), 'its line breaks were changed'],
    ['body-changed', start + text.replaceAll('\n', '\r\n'), 'its line breaks were changed'],
    ['body-changed', start + Buffer.from(text, 'latin1'), 'it was encoded as UTF-8 twice'],
    ...(parts.length === 2 ? replacedBytes(start + parts[0], parts[1] ?? '') : []),
  ]
}

function otherTimes(time: string): readonly (readonly [text: string, unit: string])[] {
  if (!/^\d{9,16}$/.test(time)) return []
  const number = Number(time)
  return [
    [String(Math.floor(number / 1000)), 'seconds'],
    [(number / 1000).toFixed(3), 'seconds'],
    [String(number * 1000), 'milliseconds'],
    [new Date(number < 1e11 ? number * 1000 : number).toISOString(), 'ISO 8601'],
  ]
}

/** The bytes that one replacement character may stand for. */
function replacedBytes(start: string, end: string): readonly Row[] {
  return Array.from({ length: 128 }, (_, index) => {
    const bytes = [Buffer.from(start), Buffer.from([index + 128]), Buffer.from(end)]
    return ['replacement-character', Buffer.concat(bytes)]
  })
}

/** One claim alone, as an identifier's hash covers it. */
function claimRows({ json }: Apart, { fields }: Context): readonly Row[] {
  const times = fields.filter(({ role }) => role === 'time').map(({ claim }) => claim)
  return Object.entries(json.value ?? {}).flatMap(([name, value]): readonly Row[] => {
    const isAlone = typeof value === 'number' || (typeof value === 'string' && value !== '')
    return isAlone && !times.includes(name)
      ? [other(String(value), `only the claim "${name}"`)]
      : []
  })
}

/** The same claims in every other JSON. */
function respelled({ bytes, head, timestamp, json }: Apart, context: Context): readonly Row[] {
  const { portal, fields, content } = context
  if (!bytes || !json.value || content !== 'json') return []
  const start = timestamp ?? head
  const encoding = portal.scheme.codec.signs === 'payload bytes' ? null : context.encoding
  const names = fields.filter(({ role }) => role === 'user').map(({ claim }) => claim)
  return jsonSpellings(json.value, names).map(({ text, differs }) => {
    const written = Buffer.from(text, 'utf8')
    const signed = encoding ? encoding.encode(written) : text
    const how = differs === '' ? 'the most compact form' : `the same claims ${differs}`
    const more = written.length - bytes.length
    const count = Math.abs(more)
    const changed = `${count} ${count === 1 ? 'byte' : 'bytes'} ${more > 0 ? 'more' : 'fewer'}`
    const sent = `${how} (${more === 0 ? 'as many bytes' : changed})`
    return ['signed-other-json', start === null ? signed : `${start}.${signed}`, sent]
  })
}
