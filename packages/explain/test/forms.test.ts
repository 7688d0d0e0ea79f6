import { createHmac } from 'node:crypto'
import { explain, type CauseId } from '../src'
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
const rows: readonly (readonly [CauseId, Name, Given])[] = [
  ['parameter-name', 'seggwat', link().replace('token', 'TOKEN')],
  ['percent-encoded-twice', 'seggwat', link().replace('token=e', 'token=%2565')],
  ['white-space', 'seggwat', link().replace('=', '=%20')],
  ['white-space', 'seggwat', `${link()}%0A`],
  ['nul-character', 'seggwat', `${link()}%00`],
  ['payload-empty', 'seggwat', link('')],
  ['payload-encoding', 'seggwat', link().replace('.', '%3D.')],
  ['json-trailing', 'seggwat', link(`${json}{}`)],
  ['json-comma', 'seggwat', link(`${json.slice(0, -1)},}`)],
  ['json-single-quotes', 'seggwat', link(json.replaceAll('"', "'"))],
  ['json-comment', 'seggwat', link(`${json}/**/`)],
  ['json-number', 'seggwat', having('"x":NaN')],
  ['json-repeated-member', 'seggwat', having('"x":{"a":1,"a":2}')],
  ['json-prototype', 'seggwat', having('"x":{"__proto__":{}}')],
  ['json-surrogate', 'seggwat', having('"x":"\\ud800"')],
  ['json-utf16', 'seggwat', link(Buffer.from(json, 'utf16le'))],
  ['json-too-deep', 'seggwat', having(`"x":${'['.repeat(8)}${']'.repeat(8)}`)],
  [
    'json-too-many-members',
    'seggwat',
    having(Array.from({ length: 64 }, (_, at) => `"x${at}":0`).join()),
  ],
  ['claim-white-space', 'seggwat', link(json.replace('"42"', '"42 "'))],
  ['claim-too-long', 'seggwat', link(json.replace('"42"', `"${'4'.repeat(300)}"`))],
  ['claim-control-character', 'seggwat', link(json.replace('"42"', '"4\\n2"'))],
  ['claim-placeholder', 'seggwat', link(json.replace('"42"', '"[object Object]"'))],
  ['audience-spelling', 'seggwat', link(json.replace('abc123', 'ABC123'))],
  ['segments-swapped', 'seggwat-jwt', `${head}.${signature}.${payload}`],
  ['jwt-type', 'seggwat-jwt', jwt({ typ: 'JWE' })],
  ['jwt-key-id', 'seggwat-jwt', jwt({ kid: 1 })],
  ['jwt-header', 'seggwat-jwt', jwt('{"alg":"none","alg":"HS256"}')],
  ['jwt-header-missing', 'seggwat-jwt', `${payload}.${signature}`],
  ['jwt-json', 'seggwat-jwt', JSON.stringify({ protected: head, payload, signature })],
  ['body-charset', 'fdback', message(user, user, 'application/json; charset=utf-16le')],
  ['body-empty', 'fdback', message('')],
  ['json-form', 'fdback', message('email=ada%40example.com')],
  [
    'replacement-character',
    'fdback',
    message(Buffer.from('{"x":"\xff"}', 'latin1'), '{"x":"\uFFFD"}'),
  ],
]

it.each(rows)('names the cause %s in a credential of %s', async (cause, name, given) => {
  const { verdict, causes } = await explain(given, { portal: portals[name], secret, now: NOW })
  expect([verdict, causes[0]?.id]).toEqual(['refused', cause])
})
