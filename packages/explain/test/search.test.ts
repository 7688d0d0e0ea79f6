import { createHash, createHmac } from 'node:crypto'
import { testSecret } from '@countersign/testing'
import { explain, type CauseId } from '../src'
import { portals, secret } from './support/portals'
import { NOW } from './support/signer'

const staging = testSecret('staging')
const iat = NOW / 1000
const JSON_TEXT = `{"user_id":"42","email":null,"name":"Zoë ??>","timestamp":${iat},"expires":${iat + 60}}`
const PAYLOAD = base64url(JSON_TEXT)
const BODY = '{"email":"ada@example.com","name":"Ada"}'

type Bytes = string | Buffer
const hmac = (key: Bytes, input: Bytes, hash = 'sha256') =>
  createHmac(hash, key).update(input).digest('hex')
const hash = (name: string, ...input: Bytes[]) =>
  createHash(name)
    .update(Buffer.concat(input.map((each) => Buffer.from(each as string)))) // or bytes
    .digest('hex')

async function causesOf(portal: 'featkit' | 'fdback', signature: string): Promise<CauseId[]> {
  const headers = { 'x-workspace-id': 'ws_demo', 'x-timestamp': String(NOW) }
  const given =
    portal === 'featkit'
      ? `${PAYLOAD}.${signature}`
      : { url: '/', headers: { ...headers, 'x-signature': signature }, body: BODY }
  const others = { staging }
  const { causes } = await explain(given, { portal: portals[portal], secret, others, now: NOW })
  return causes.map(({ id }) => id)
}

describe('the secret that signed', () => {
  it.each<[Bytes, CauseId]>([
    [`${secret}\n`, 'secret-white-space'],
    [` ${secret}`, 'secret-white-space'],
    [`'${secret}'`, 'secret-quoted'],
    [`<${secret}>`, 'secret-quoted'],
    [Buffer.from(secret, 'hex'), 'secret-decoded'],
    [Buffer.from(secret, 'base64'), 'secret-decoded'],
    [Buffer.from(secret).toString('base64'), 'secret-encoded'],
    [Buffer.from(secret).toString('hex'), 'secret-encoded'],
    [JSON.stringify({ secret }).slice(10, -1), 'secret-quoted'],
    [`v1,whsec_${secret}`, 'secret-prefixed'],
    [`Bearer ${secret}`, 'secret-prefixed'],
    [secret.slice(1), 'secret-cut'],
    [secret.slice(0, -1), 'secret-cut'],
    [secret.slice(0, 24), 'secret-cut'],
    [createHash('sha256').update(secret).digest(), 'secret-hashed'],
    [hash('md5', secret), 'secret-hashed'],
    [secret.toUpperCase(), 'secret-case'],
    ['', 'secret-missing'],
    ['undefined', 'secret-missing'],
    ['[object Object]', 'secret-missing'],
    ['acme', 'secret-is-id'],
    ['changeme', 'secret-placeholder'],
    [staging, 'secret-other'],
  ])('is recognized: %p', async (key, id) => {
    expect(await causesOf('featkit', hmac(key, PAYLOAD))).toEqual([id])
  })
})

describe('the MAC', () => {
  it.each<[string, CauseId]>([
    [hmac(secret, PAYLOAD, 'sha1'), 'mac-hash'],
    [hmac(secret, PAYLOAD, 'sha384'), 'mac-hash'],
    [hmac(secret, PAYLOAD, 'sha512'), 'mac-hash'],
    [hmac(secret, PAYLOAD, 'md5'), 'mac-hash'],
    [hmac(PAYLOAD, secret), 'mac-swapped'],
    [hash('sha256', PAYLOAD), 'mac-unkeyed'],
    [hash('sha512', PAYLOAD), 'mac-unkeyed'],
    [hash('sha256', secret, PAYLOAD), 'mac-concatenated'],
    [hash('sha1', PAYLOAD, secret), 'mac-concatenated'],
  ])('is recognized: %s is %s', async (signature, id) => {
    expect(await causesOf('featkit', signature)).toEqual([id])
  })
})

describe('what was signed of a text', () => {
  it.each<[Bytes, CauseId]>([
    [JSON_TEXT, 'signed-json'],
    [`${PAYLOAD}\n`, 'signed-line-break'],
    [`${PAYLOAD}\r\n`, 'signed-line-break'],
    [PAYLOAD.replace(/=+$/, ''), 'signed-other-spelling'],
    [Buffer.from(JSON_TEXT).toString('base64'), 'signed-other-spelling'],
    [Buffer.from(JSON_TEXT).toString('hex'), 'signed-other-spelling'],
    [encodeURIComponent(PAYLOAD), 'signed-other-spelling'],
    [`"${PAYLOAD}"`, 'signed-quoted'],
    [`https://featkit.com/p/acme?token=${PAYLOAD}`, 'signed-url'],
    ['42', 'signed-identifier'],
    [`eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${PAYLOAD}`, 'signed-too-much'],
    [`${PAYLOAD}.`, 'signed-too-much'],
    [base64url(JSON.stringify(JSON.parse(JSON_TEXT), null, 2)), 'signed-other-json'],
    [base64url(JSON_TEXT.replace('ë', '\\u00eb')), 'signed-other-json'],
    [base64url(JSON_TEXT.replace('"email":null,', '')), 'signed-other-json'],
  ])('is recognized: %j is %s', async (input, id) => {
    expect(await causesOf('featkit', hmac(secret, input))).toEqual([id])
  })
})

function base64url(text: string): string {
  const bare = Buffer.from(text).toString('base64url')
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
}

describe('what was signed of a message', () => {
  it.each<[Bytes, CauseId]>([
    [BODY, 'signed-part'],
    [String(NOW), 'signed-part'],
    [`ws_demo.${NOW}.${BODY}`, 'signed-too-much'],
    [`ws_demo.${BODY}`, 'signed-too-much'],
    [`${NOW}${BODY}`, 'signed-separator'],
    [`${NOW}:${BODY}`, 'signed-separator'],
    [`${NOW}\n${BODY}`, 'signed-separator'],
    [`${BODY}.${NOW}`, 'signed-order'],
    [`${NOW / 1000}.${BODY}`, 'signed-other-time'],
    [`${new Date(NOW).toISOString()}.${BODY}`, 'signed-other-time'],
    [`${NOW}.${BODY}\n`, 'signed-line-break'],
    [`${NOW}.${Buffer.from(BODY).toString('base64')}`, 'signed-text'],
    [`${NOW}.${JSON.stringify(BODY)}`, 'signed-quoted'],
    [JSON.stringify({ timestamp: String(NOW), body: BODY }), 'signed-quoted'],
    [`${NOW}.${BODY}\r\n`, 'body-changed'],
    [`${NOW}.${BODY.replaceAll(':', ': ').replace(',', ', ')}`, 'signed-other-json'],
    ['ada@example.com', 'signed-identifier'],
  ])('is recognized: %j is %s', async (input, id) => {
    expect(await causesOf('fdback', hmac(secret, input))).toEqual([id])
  })
})
