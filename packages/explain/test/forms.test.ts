import { createHmac } from 'node:crypto'
import { explain } from '../src'
import { portals, secret, type Name } from './support/portals'
import { NOW } from './support/signer'

type Given = Parameters<typeof explain>[0]

const encoded = (text: string | Buffer): string => Buffer.from(text).toString('base64url')
const macOf = (input: string | Buffer) => createHmac('sha256', secret).update(input)
const time = NOW / 1000
const claims = { sub: '42', exp: time + 60, iat: time - 60, project_key: 'abc123' }
const json = JSON.stringify(claims)

/** A link of SeggWat with this JSON. */
function link(text: string | Buffer = json, payload = encoded(text)): string {
  return `?token=${payload}.${macOf(Buffer.from(payload, 'base64url')).digest('base64url')}`
}
const having = (members: string): string => link(`${json.slice(0, -1)},${members}}`)

function jwt(header: object | string = {}, text = json): string {
  const head = { alg: 'HS256', typ: 'JWT', ...Object(header) }
  const input = `${encoded(typeof header === 'string' ? header : JSON.stringify(head))}.${encoded(text)}`
  return `${input}.${macOf(input).digest('base64url')}`
}
const [head = '', payload = '', signature = ''] = jwt().split('.')

/** A request of fdback. @param sent the body that is sent, where it is not the signed one */
function message(body: string | Buffer, sent = body, type = 'application/json'): Given {
  const stamp = String(NOW)
  const headers = {
    'x-workspace-id': 'ws_demo',
    'x-timestamp': stamp,
    'x-signature': macOf(Buffer.concat([Buffer.from(`${stamp}.`), Buffer.from(body)])).digest(
      'hex',
    ),
    'content-type': type,
  }
  return { method: 'POST', url: '/', headers, body: Buffer.from(sent) }
}
const user = '{"email":"ada@example.com"}'

/** What a credential can be, beside what `@countersign/testing` makes of it. */
const rows: readonly (readonly [sentence: string, Name, Given])[] = [
  ['The parameter is called "TOKEN"', 'seggwat', link().replace('token', 'TOKEN')],
  ['percent-encoded more than once', 'seggwat', link().replace('token=e', 'token=%2565')],
  ['contains white space', 'seggwat', link().replace('=', '=%20')],
  ['contains white space', 'seggwat', `${link()}%0A`],
  ['a word around it: `Bearer `', 'seggwat', link().replace('=', '=Bearer%20')],
  ['Claims are missing: "iat", "exp".', 'seggwat', link('{"sub":"42","project_key":"abc123"}')],
  ['The payload is not base64url', 'seggwat', `?token=hello${link().slice(link().indexOf('.'))}`],
  ['contains a NUL character', 'seggwat', `${link()}%00`],
  [
    'The payload is not encoded',
    'seggwat',
    `${json.slice(0, -1)},"x":"https://a.example/?b"}.${'A'.repeat(43)}`,
  ],
  ['The payload is empty', 'seggwat', link('')],
  ['The payload is encoded twice', 'seggwat', link('', encoded(encoded(json)))],
  ['The payload is base64url with too much padding', 'seggwat', link().replace('.', '%3D.')],
  ['JSON with something behind it', 'seggwat', link(`${json}{}`)],
  ['JSON with a comma behind the last member', 'seggwat', link(`${json.slice(0, -1)},}`)],
  ['JSON with strings in single quotes', 'seggwat', link(json.replaceAll('"', "'"))],
  ['JSON with a comment in it', 'seggwat', link(`${json}/**/`)],
  ['contains "NaN", which is not a JSON number', 'seggwat', having('"x":NaN')],
  ['has the member "a" more than once', 'seggwat', having('"x":{"a":1,"a":2}')],
  ['has a member called "__proto__"', 'seggwat', having('"x":{"__proto__":{}}')],
  ['half of a surrogate pair', 'seggwat', link(json.replace('"42"', '"4\\ud800"'))],
  ['is UTF-16', 'seggwat', link(Buffer.from(json, 'utf16le'))],
  ['is nested deeper than 8 levels', 'seggwat', having(`"x":${'['.repeat(8)}${']'.repeat(8)}`)],
  [
    'has more than 64 members',
    'seggwat',
    having(Array.from({ length: 64 }, (_, at) => `"x${at}":0`).join()),
  ],
  ['begins or ends with white space: it is "42 "', 'seggwat', link(json.replace('"42"', '"42 "'))],
  ['is longer than 255 characters', 'seggwat', link(json.replace('"42"', `"${'4'.repeat(300)}"`))],
  ['contains a control character: it is "4\\n2"', 'seggwat', link(json.replace('"42"', '"4\\n2"'))],
  [
    'is text such as "null": a missing value was converted to text',
    'seggwat',
    link(json.replace('"42"', '"[object Object]"')),
  ],
  [
    'signed for "ABC123", and this portal is exactly "abc123"',
    'seggwat',
    link(json.replace('abc123', 'ABC123')),
  ],
  ['The signature is in front of the payload', 'seggwat-jwt', `${head}.${signature}.${payload}`],
  ['the "typ" of the header is not "JWT"', 'seggwat-jwt', jwt({ typ: 'JWE' })],
  ['the "kid" of the header is not a short text', 'seggwat-jwt', jwt({ kid: 1 })],
  ['the header is not one strict JSON object', 'seggwat-jwt', jwt('{"alg":"none","alg":"HS256"}')],
  ['The header of the JWT is missing', 'seggwat-jwt', `${payload}.${signature}`],
  [
    'The JWT is written as JSON',
    'seggwat-jwt',
    JSON.stringify({ protected: head, payload, signature }),
  ],
  [
    'The body is declared as utf-16le',
    'fdback',
    message(user, user, 'application/json; charset=utf-16le'),
  ],
  ['The body is empty', 'fdback', message('')],
  ['signed is a form', 'fdback', message('email=ada%40example.com')],
  [
    'the replacement character U+FFFD',
    'fdback',
    message(Buffer.from('{"x":"\xff"}', 'latin1'), '{"x":"\uFFFD"}'),
  ],
]

it.each(rows)('says %j of a credential of %s', async (sentence, name, given) => {
  const { verdict, causes } = await explain(given, { portal: portals[name], secret, now: NOW })
  expect([verdict, causes[0]?.sentence]).toEqual(['refused', expect.stringContaining(sentence)])
  expect(causes).not.toContainEqual(expect.objectContaining({ id: 'unexplained' }))
})

/** A payload that lacks a character near its start, so that all behind it is garbled. */
const garbled = encoded(json).slice(0, 8) + encoded(json).slice(9)
const lengthOf = (rest: number) => Math.floor(garbled.length / 4) * 4 - 4 + rest

it.each<[string, string, string]>([
  ['JSON that ends early', 'json-invalid', link(json.slice(0, 20))],
  ['a payload of a wrong length', 'payload-unreadable', garbled.slice(0, lengthOf(1))],
  ['a payload with a wrong end', 'payload-last-character', `${garbled.slice(0, lengthOf(1))}B`],
])('has no cause for what %s brings with it', async (_, cause, given) => {
  const token = given.startsWith('?') ? given : link(json, given)
  const { causes } = await explain(token, { portal: portals.seggwat, secret, now: NOW })
  expect(causes.map(({ id }) => id)).toEqual([cause])
})
