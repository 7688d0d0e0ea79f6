import { base64, base64url, base64urlPadded, hex, type Codec } from '@countersign/core'
import type { Apart } from '../apart/apart'
import { nameOf } from '../apart/encodings'
import { found, type CauseId, type Facts, type Found } from '../causes'
import { readLoosely } from '../content/json'
import type { Context } from '../context'
import { jsonSpellings } from './json-spellings'
import { messageRows, type Row } from './message-rows'

/** Something that may have been signed. */
export interface Input {
  readonly bytes: Buffer
  /** The mistakes of signing it; none for what should have been signed. */
  readonly found: readonly Found[]
}

const NAMES: Readonly<Record<Codec<unknown>['signs'], string>> = {
  'payload text': 'the encoded payload',
  'payload bytes': 'the JSON',
  'header and payload text': 'the header, ".", and the payload',
  'timestamp and body': 'the timestamp, ".", and the body',
}

/** What should be signed, in words. */
export function inputName({ portal, format }: Context): string {
  return format.content === 'identifier' ? 'the identifier alone' : NAMES[portal.scheme.codec.signs]
}

/** Everything that may have been signed, each once, what is right first. */
export function inputsOf(apart: Apart, context: Context): readonly Input[] {
  const { codec } = context.portal.scheme
  const rows = codec.compact ? textRows(apart, context) : messageRows(apart)
  const all: readonly Input[] = [
    ...rightInputs(apart, context).map((input) => ({ bytes: Buffer.from(input), found: [] })),
    ...[...rows, ...aloneRows(apart, context)].map(([id, input, sent]) => ({
      bytes: Buffer.from(input as string), // or bytes
      found: [mistake(id, apart, context, sent === undefined ? {} : { sent })],
    })),
    ...respelled(apart, context),
  ]
  const known = new Set<string>()
  return all.filter(({ bytes }) => {
    const text = bytes.toString('latin1')
    return known.has(text) ? false : known.add(text)
  })
}

/** Changes of the body are shown there; what was signed, at the signature that was made of it. */
function mistake(id: CauseId, apart: Apart, context: Context, facts: Facts): Found {
  const { payload, signature } = apart
  const mark = id === 'replacement-character' ? payload.find(/\uFFFD/) : payload.range
  const range = id.startsWith('signed-') ? signature.range : mark
  return found(id, range, { input: inputName(context), ...facts })
}

/** What the signature should cover, in the spellings in which it may have been sent. */
function rightInputs(apart: Apart, { portal, format, header }: Context): readonly Uint8Array[] {
  const { head, payload, raw, found: problems, timestamp } = apart
  const { signs } = portal.scheme.codec
  const bytes = apart.bytes ? Buffer.from(apart.bytes) : null
  if (signs === 'timestamp and body') {
    return [Buffer.concat([Buffer.from(`${timestamp?.text ?? ''}.`), bytes ?? Buffer.alloc(0)])]
  }
  const ids = problems.map(({ id }) => id)
  const texts = (...all: readonly string[]) => all.map((text) => Buffer.from(text))
  if (ids.includes('hash-for-jwt')) return [...(bytes ? [bytes] : []), ...texts(payload.text)]
  if (ids.includes('jwt-header-missing')) return texts(`${header ?? ''}.${payload.text}`)
  if (signs === 'payload bytes' && head === null) return bytes ? [bytes] : []
  const start = head === null ? '' : `${head.text}.`
  if (ids.length === 0) return texts(start + payload.text)
  const again = bytes && format.encoding?.encode(bytes)
  const canonical = again ?? payload.text
  return texts(start + payload.text, raw, start + canonical, start + canonical.replace(/=+$/, ''))
}

const USUAL_HEADER = base64url.encode(Buffer.from('{"alg":"HS256","typ":"JWT"}'))

/** For a credential of one piece. */
function textRows(apart: Apart, context: Context): readonly Row[] {
  const { head, payload } = apart
  const json = Buffer.from(apart.bytes ?? [])
  const main = Buffer.from(rightInputs(apart, context)[0] ?? [])
  const isOfBytes = context.portal.scheme.codec.signs === 'payload bytes'
  const header = head && base64url.decode(head.text)
  return [
    isOfBytes ? ['signed-text', payload.text] : ['signed-json', json],
    ...(head === null
      ? [
          [
            'signed-too-much',
            `${USUAL_HEADER}.${payload.text}`,
            'the header of a JWT as well',
          ] as const,
        ]
      : [
          ['signed-part', payload.text, 'the payload'] as const,
          ['signed-separator', head.text + payload.text, 'nothing'] as const,
          [
            'signed-json',
            Buffer.concat([header ?? Buffer.alloc(0), Buffer.from('.'), json]),
          ] as const,
        ]),
    ['signed-line-break', Buffer.concat([main, Buffer.from('\n')])],
    ['signed-line-break', Buffer.concat([main, Buffer.from('\r\n')])],
    ...otherEncodings(json, payload.text),
    ['signed-quoted', JSON.stringify(main.toString('utf8'))],
    ...urls(apart, context).map((url): Row => ['signed-url', url]),
    ['signed-too-much', `${payload.text}.`, 'the "." as well'],
  ]
}

/** The payload in another encoding than it was sent in. */
function otherEncodings(json: Buffer, sent: string): readonly Row[] {
  const mime = base64.encode(json)
  const all: readonly (readonly [text: string, name: string])[] = [
    ...[base64urlPadded, base64url, base64, hex].map(
      (encoding) => [encoding.encode(json), nameOf(encoding)] as const,
    ),
    [mime.replace(/=+$/, ''), 'base64 without padding'],
    [encodeURIComponent(sent), 'percent-encoded'],
    [encodeURIComponent(mime), 'percent-encoded'],
    [encodeURIComponent(json.toString('utf8').replaceAll(/\p{Cs}/gu, '')), 'percent-encoded JSON'],
    ...['60\n', '64\n', '76\n', '76\r\n'].map((line) => {
      const length = line.trim()
      const lines = mime.replaceAll(new RegExp(`.{1,${length}}`, 'g'), `$&${line.slice(2)}`)
      return [lines, 'base64 with line breaks'] as const
    }),
  ]
  return all.map(([text, name]) => ['signed-other-spelling', text, name])
}

/** The address, with the payload in it or without. */
function urls({ payload }: Apart, { portal }: Context): readonly string[] {
  const { address, carrier } = portal.scheme
  const ids = Object.entries(portal.ids).map(([name, id]) => [name, id ?? ''])
  const path = address.path(Object.fromEntries(ids) as Record<string, string>) // a text for every id
  const query = `${carrier.parameters[0] ?? 'token'}=${payload.text}`
  const page = portal.baseUrl + path
  return [`${page}?${query}`, `${path}?${query}`, `?${query}`, query, page, path]
}

/** One claim alone, as an identifier's hash covers it. */
function aloneRows({ bytes }: Apart, { format, fields }: Context): readonly Row[] {
  const claims = bytes ? readLoosely(bytes, format.content).value : null
  const times = fields.filter(({ role }) => role === 'time').map(({ claim }) => claim)
  return Object.entries(claims ?? {})
    .filter(([, value]) => typeof value === 'number' || (typeof value === 'string' && value !== ''))
    .filter(([name]) => !times.includes(name))
    .map(([name, value]) => ['signed-identifier', String(value), `the claim "${name}"`])
}

/** The same claims in every other JSON. */
function respelled(apart: Apart, context: Context): readonly Input[] {
  const { payload, head, timestamp } = apart
  const { portal, fields, format } = context
  const { value } =
    apart.bytes && format.content === 'json' ? readLoosely(apart.bytes) : { value: null }
  const length = apart.bytes?.length ?? 0
  const { codec } = portal.scheme
  const order = fields.filter(({ role }) => role === 'id' || role === 'user')
  const names = order.map(({ claim }) => claim)
  return (value ? jsonSpellings(value, names) : []).map(({ text, differs }) => {
    const json = Buffer.from(text, 'utf8')
    const signed =
      format.encoding && codec.signs !== 'payload bytes' ? format.encoding.encode(json) : text
    const start = codec.compact ? head?.text : (timestamp?.text ?? '')
    const how = differs === '' ? 'the most compact form' : `the same claims ${differs}`
    const more = json.length - length
    const count =
      more === 0 ? 'as many bytes' : `${Math.abs(more)} bytes ${more > 0 ? 'more' : 'fewer'}`
    return {
      bytes: Buffer.from(start === undefined ? signed : `${start}.${signed}`),
      found: [found('signed-other-json', payload.range, { sent: `${how} (${count})` })],
    }
  })
}
