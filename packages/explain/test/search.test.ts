import { createHash, createHmac } from 'node:crypto'
import { testSecret } from '@countersign/testing'
import { explain } from '../src'
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

async function sentencesOf(portal: 'featkit' | 'fdback', signature: string): Promise<string[]> {
  const headers = { 'x-workspace-id': 'ws_demo', 'x-timestamp': String(NOW) }
  const given =
    portal === 'featkit'
      ? `${PAYLOAD}.${signature}`
      : { url: '/', headers: { ...headers, 'x-signature': signature }, body: BODY }
  const others = { staging }
  const { causes } = await explain(given, { portal: portals[portal], secret, others, now: NOW })
  return causes.map(({ sentence }) => sentence)
}

describe('the secret that signed', () => {
  it.each<[Bytes, string]>([
    [` ${secret}`, 'with white space at the end or the beginning'],
    [`'${secret}'`, 'with the quotes or brackets'],
    [`<${secret}>`, 'with the quotes or brackets'],
    [Buffer.from(secret, 'hex'), 'the bytes that the secret decodes to as lower-case hex'],
    [Buffer.from(secret, 'base64'), 'the bytes that the secret decodes to as base64'],
    [Buffer.from(secret).toString('base64'), 'the base64 of the secret'],
    [Buffer.from(secret).toString('hex'), 'the hex of the secret'],
    [`v1,whsec_${secret}`, 'with "v1,whsec_" in front of the secret'],
    [`Bearer ${secret}`, 'with "Bearer " in front of the secret'],
    [secret.slice(1), 'all but its first character'],
    [secret.slice(0, -1), 'all but its last character'],
    [secret.slice(0, 24), 'its first 24 characters'],
    [createHash('sha256').update(secret).digest(), 'the sha256 hash of the secret'],
    [hash('md5', secret), 'the md5 hash of the secret'],
    [secret.toUpperCase(), 'the secret in upper case'],
    ['', 'an empty text in the place of the secret'],
    ['[object Object]', 'the text "[object Object]" in the place of the secret'],
    [staging, 'another secret: staging'],
  ])('is recognized: %p', async (key, what) => {
    expect(await sentencesOf('featkit', hmac(key, PAYLOAD))).toEqual([
      expect.stringContaining(what),
    ])
  })
})

describe('the MAC', () => {
  it.each<[string, string]>([
    [hmac(secret, PAYLOAD, 'sha384'), 'HMAC-SHA-384,'],
    [hash('sha512', PAYLOAD), 'a plain SHA-512 hash of the text, without the secret'],
    [hash('sha1', PAYLOAD, secret), 'a plain SHA-1 hash of the secret and the text'],
  ])('is recognized: %s is %s', async (signature, what) => {
    expect(await sentencesOf('featkit', signature)).toEqual([expect.stringContaining(what)])
  })
})

describe('what was signed of a text', () => {
  it.each<[Bytes, string]>([
    [`${PAYLOAD}\r\n`, 'A line break was signed'],
    [PAYLOAD.replace(/=+$/, ''), 'sent: base64url without padding'],
    [Buffer.from(JSON_TEXT).toString('base64'), 'sent: base64 with padding'],
    [Buffer.from(JSON_TEXT).toString('hex'), 'sent: lower-case hex'],
    [encodeURIComponent(PAYLOAD), 'sent: percent-encoded'],
    [`"${PAYLOAD}"`, 'a JSON string of the text'],
    ['42', 'only the claim "user_id"'],
    [`eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${PAYLOAD}`, 'the header of a JWT'],
    [`${PAYLOAD}.`, 'the payload with the "." behind it'],
    [base64url(JSON.stringify(JSON.parse(JSON_TEXT), null, 2)), 'the same claims pretty-printed'],
    [base64url(JSON_TEXT.replace('ë', '\\u00eb')), 'with "\\u" escapes'],
    [base64url(JSON_TEXT.replace('"email":null,', '')), 'without the members that are null'],
  ])('is recognized: %j is %s', async (input, what) => {
    expect(await sentencesOf('featkit', hmac(secret, input))).toEqual([
      expect.stringContaining(what),
    ])
  })
})

function base64url(text: string): string {
  const bare = Buffer.from(text).toString('base64url')
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
}

describe('what was signed of a message', () => {
  it.each<[Bytes, string]>([
    [String(NOW), 'only the timestamp'],
    [`ws_demo.${BODY}`, 'the id, ".", and the body'],
    [`${NOW}:${BODY}`, 'with ":" between them'],
    [`${NOW}\n${BODY}`, 'with a line break between them'],
    [`${BODY}.${NOW}`, 'the body and then the timestamp'],
    [`${new Date(NOW).toISOString()}.${BODY}`, 'signed in ISO 8601'],
    [`${NOW}.${Buffer.from(BODY).toString('base64')}`, 'the timestamp and the encoded body'],
    [`${NOW}.${JSON.stringify(BODY)}`, 'a JSON string of the body'],
    [JSON.stringify({ timestamp: String(NOW), body: BODY }), 'JSON of the timestamp and the body'],
    [`${NOW}.${BODY}\r\n`, 'A line break was signed'],
    [`${NOW}.${BODY.replaceAll(':', ': ').replace(',', ', ')}`, 'with spaces after "," and ":"'],
    ['ada@example.com', 'only the claim "email"'],
  ])('is recognized: %j is %s', async (input, what) => {
    expect(await sentencesOf('fdback', hmac(secret, input))).toEqual([
      expect.stringContaining(what),
    ])
  })
})
