import { createHmac } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { ConfigError } from '@countersign/core'
import { seggwat } from '../src'
import { link, NOW, SECRET, verify } from './support'

const portal = seggwat({ secret: SECRET, projectKey: 'abc123', mode: 'jwt' })
const iat = Math.floor(NOW / 1000)
const usual = { sub: 'u1', project_key: 'abc123', iat, exp: iat + 3600 }
const header = '{"alg":"HS256","typ":"JWT"}'
const encode = (text: string): string => Buffer.from(text).toString('base64url')

/** A JWT of exactly these texts, signed with the right secret. */
function forged(head: string, claims: string | object, hash = 'sha256'): string {
  const text = typeof claims === 'string' ? claims : JSON.stringify(claims)
  return sealed(`${encode(head)}.${encode(text)}`, hash)
}

function sealed(input: string, hash = 'sha256'): string {
  return `${input}.${createHmac(hash, SECRET).update(input).digest('base64url')}`
}

/** The same bytes written with other unused bits at the end of the payload. */
function withTrailingBits(): string {
  const [head, payload = ''] = forged(header, { ...usual, name: 'x' }).split('.')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet[alphabet.indexOf(payload.at(-1) ?? '') + 1] ?? ''
  const other = payload.slice(0, -1) + last
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(payload, 'base64url'))
  return sealed(`${head}.${other}`)
}

const { exp: _exp, ...endless } = usual
const { iat: _iat, ...undated } = usual
const { project_key: _key, ...forAnyone } = usual

/** Signed with the right secret, each wrong in one way that jsonwebtoken 9 lets pass. */
const hostile: readonly (readonly [what: string, token: () => string, code: string])[] = [
  [
    'HS512, where nobody pinned HS256',
    () => forged('{"alg":"HS512"}', usual, 'sha512'),
    'algorithm_not_allowed',
  ],
  [
    'an extension that must be understood',
    () => forged('{"alg":"HS256","crit":["b64"],"b64":false}', usual),
    'token_malformed',
  ],
  [
    'compressed, by its own account',
    () => forged('{"alg":"HS256","zip":"DEF"}', usual),
    'token_malformed',
  ],
  [
    'a key of its own in the header',
    () => forged('{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}', usual),
    'token_malformed',
  ],
  [
    'a place to fetch a key from',
    () => forged('{"alg":"HS256","jku":"https://evil.test/k"}', usual),
    'token_malformed',
  ],
  [
    'another type of token',
    () => forged('{"alg":"HS256","typ":"at+jwt"}', usual),
    'token_malformed',
  ],
  ['the algorithm twice', () => forged('{"alg":"none","alg":"HS256"}', usual), 'token_malformed'],
  [
    'the user twice',
    () => forged(header, `{"sub":"admin",${JSON.stringify(usual).slice(1)}`),
    'token_malformed',
  ],
  [
    'the user twice, once escaped',
    () => forged(header, `{"\\u0073ub":"admin",${JSON.stringify(usual).slice(1)}`),
    'token_malformed',
  ],
  [
    'a prototype',
    () => forged(header, `{"__proto__":{"admin":true},${JSON.stringify(usual).slice(1)}`),
    'token_malformed',
  ],
  ['bits left over in the payload', withTrailingBits, 'token_malformed'],
  ['no end', () => forged(header, endless), 'claims_invalid'],
  ['no beginning', () => forged(header, undated), 'claims_invalid'],
  [
    'a life of ten years',
    () => forged(header, { ...usual, exp: iat + 315_360_000 }),
    'lifetime_exceeded',
  ],
  [
    'milliseconds for seconds',
    () => forged(header, { ...usual, exp: NOW + 3_600_000 }),
    'claims_invalid',
  ],
  [
    'an end before its beginning',
    () => forged(header, { ...usual, iat: iat + 20, exp: iat + 10 }),
    'claims_invalid',
  ],
  [
    'a beginning tomorrow',
    () => forged(header, { ...usual, iat: iat + 86_400, exp: iat + 90_000 }),
    'token_not_yet_valid',
  ],
  ['no user', () => forged(header, { ...usual, sub: null }), 'claims_invalid'],
  [
    'a user called undefined',
    () => forged(header, { ...usual, sub: 'undefined' }),
    'claims_invalid',
  ],
  ['a list for a user', () => forged(header, { ...usual, sub: ['u1'] }), 'claims_invalid'],
  [
    'half a surrogate pair',
    () => forged(header, `{"name":"\\ud800",${JSON.stringify(usual).slice(1)}`),
    'token_malformed',
  ],
  ['meant for nobody', () => forged(header, forAnyone), 'claims_invalid'],
  ['meant for many', () => forged(header, { ...usual, project_key: ['abc123'] }), 'claims_invalid'],
]

describe('a JWT that jsonwebtoken accepts', () => {
  it.each(hostile)('is refused: %s', async (_, make, code) => {
    const token = make()
    expect(jwt.verify(token, SECRET, { clockTimestamp: iat })).toBeDefined()
    expect(await verify(portal, link('token', token))).toBe(code)
  })

  it('is accepted by us too where nothing is wrong with it', async () => {
    const token = forged(header, usual)
    expect(jwt.verify(token, SECRET, { clockTimestamp: iat })).toBeDefined()
    expect(await verify(portal, link('token', token))).toMatchObject({ id: 'u1' })
  })

  it('may be signed with a secret of any length there, and with 32 bytes at least here', async () => {
    const short = 'only-31-bytes-long-0123456789ab'
    const token = jwt.sign(usual, short)
    expect(jwt.verify(token, short, { clockTimestamp: iat })).toBeDefined()
    const weak = seggwat({ secret: short, projectKey: 'abc123', mode: 'jwt' })
    await expect(verify(weak, link('token', token))).rejects.toThrow(ConfigError)
    const allowed = await verify(weak, link('token', token), { allowShortSecret: true })
    expect(allowed).toMatchObject({ id: 'u1' })
  })
})
