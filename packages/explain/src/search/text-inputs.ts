import {
  base64,
  base64url,
  base64urlPadded,
  hex,
  type Codec,
  type Encoding,
} from '@countersign/core'
import type { Apart } from '../apart/apart'
import { nameOf } from '../apart/encodings'
import type { Context } from '../context'
import {
  claimsAlone,
  otherJson,
  respellings,
  right,
  wrong,
  type Input,
  type WrongInput,
} from './input'

/** What may have been signed of a credential of one piece. */
export function textInputs(apart: Apart, context: Context): readonly Input[] {
  const { codec } = context.portal.scheme
  const { payload } = apart
  const json = Buffer.from(apart.bytes ?? [])
  const texts = rightTexts(apart, codec)
  const main = Buffer.from((texts[0] ?? '') as string) // or bytes
  const mistakes: readonly WrongInput[] = [
    [
      codec.signs === 'payload bytes' ? 'signed-text' : 'signed-json',
      codec.signs === 'payload bytes' ? payload.text : json,
    ],
    ...jwtMistakes(apart, json),
    ...LINE_ENDS.map((end): WrongInput => ['signed-line-break', Buffer.concat([main, end])]),
    ...spellings(json, payload.text),
    ['signed-quoted', JSON.stringify(main.toString('utf8'))],
    ...urls(apart, context).map((url): WrongInput => ['signed-url', url]),
    ...claimsAlone(apart, context),
    ['signed-too-much', `${payload.text}.`, { sent: 'the "." as well' }],
  ]
  return [
    ...texts.map(right),
    ...wrong(mistakes, apart, context),
    ...respellings(json, context).map((spelling) => ({
      bytes: inputOf(Buffer.from(spelling.text, 'utf8'), apart, codec),
      found: [otherJson(spelling, payload.range, json.length)],
    })),
  ]
}

const LINE_ENDS = [Buffer.from('\n'), Buffer.from('\r\n')]

/** What should be signed where the payload is this JSON. */
function inputOf(json: Buffer, { head }: Apart, { signs, payload }: Codec<unknown>): Buffer {
  if (signs === 'payload bytes') return json
  return Buffer.from(`${head === null ? '' : `${head.text}.`}${payload?.encode(json) ?? ''}`)
}

/** What the signature should cover, in the spellings in which it may have been sent. */
function rightTexts(apart: Apart, codec: Codec<unknown>): readonly (string | Uint8Array)[] {
  const { head, payload, bytes, raw, found: problems } = apart
  const ids = problems.map(({ id }) => id)
  if (ids.includes('hash-for-jwt')) return [...(bytes ? [bytes] : []), payload.text]
  if (ids.includes('jwt-header-missing')) return [`${codec.header}.${payload.text}`]
  if (codec.signs === 'payload bytes' && head === null) return bytes ? [bytes] : []
  const start = head === null ? '' : `${head.text}.`
  const canonical = bytes && ids.length > 0 ? (codec.payload?.encode(bytes) ?? '') : payload.text
  return [start + payload.text, raw, start + canonical, start + canonical.replace(/=+$/, '')]
}

const USUAL_HEADER = base64url.encode(Buffer.from('{"alg":"HS256","typ":"JWT"}'))

function jwtMistakes({ head, payload }: Apart, json: Buffer): readonly WrongInput[] {
  if (head === null) {
    return [
      [
        'signed-too-much',
        `${USUAL_HEADER}.${payload.text}`,
        { sent: 'the header of a JWT as well' },
      ],
    ]
  }
  const header = base64url.decode(head.text) ?? Buffer.alloc(0)
  return [
    ['signed-part', payload.text, { sent: 'the payload' }],
    ['signed-separator', head.text + payload.text, { sent: 'nothing' }],
    ['signed-json', Buffer.concat([header, Buffer.from('.'), json])],
  ]
}

const SPELLINGS: readonly Encoding[] = [base64urlPadded, base64url, base64, hex]

/** The payload in another encoding than it was sent in. */
function spellings(json: Buffer, sent: string): readonly WrongInput[] {
  const mime = base64.encode(json)
  const broken = (length: number, end: string): string =>
    mime.replaceAll(new RegExp(`.{1,${length}}`, 'g'), `$&${end}`)
  const all: readonly (readonly [text: string, name: string])[] = [
    ...SPELLINGS.map((encoding) => [encoding.encode(json), nameOf(encoding)] as const),
    [mime.replace(/=+$/, ''), 'base64 without padding'],
    [encodeURIComponent(sent), 'percent-encoded'],
    [encodeURIComponent(mime), 'percent-encoded'],
    [encodeURIComponent(json.toString('utf8').replaceAll(/\p{Cs}/gu, '')), 'percent-encoded JSON'],
    [broken(60, '\n'), 'base64 with line breaks'],
    [broken(76, '\n'), 'base64 with line breaks'],
    [broken(76, '\r\n'), 'base64 with line breaks'],
    [broken(64, '\n'), 'base64 with line breaks'],
  ]
  return all.map(([text, name]) => ['signed-other-spelling', text, { sent: name }])
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
