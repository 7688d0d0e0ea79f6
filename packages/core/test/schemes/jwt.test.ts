import { createHmac } from 'node:crypto'
import { seggwat } from '@countersign/core/schemes'
import { createSigner as createFastSigner, createVerifier as createFastVerifier } from 'fast-jwt'
import { jwtVerify, SignJWT } from 'jose'
import jwt from 'jsonwebtoken'
import { link, NOW, SECRET, sign, verify } from './support'

const portal = seggwat({ secret: SECRET, projectKey: 'abc123', mode: 'jwt' })
const iat = Math.floor(NOW / 1000)
const user = { id: 'u1', email: 'j@example.com', name: 'José 😀' }
const claims = { sub: 'u1', email: user.email, name: user.name, project_key: 'abc123' }
const usual = { ...claims, iat, exp: iat + 3600 }
const key = new TextEncoder().encode(SECRET)
const read = (token: string) => verify(portal, link('token', token))

type Members = Readonly<Record<string, string | number>>
interface Library {
  readonly sign: (members: Members) => string | Promise<string>
  readonly verify: (token: string) => unknown
}

const pinned = { algorithms: ['HS256' as const], clockTimestamp: iat }
const withKid = createFastSigner({ key: SECRET, algorithm: 'HS256', kid: 'k1' })
const libraries: readonly (readonly [string, Library])[] = [
  [
    'jsonwebtoken',
    {
      sign: (members) => jwt.sign(members, SECRET),
      verify: (token) => jwt.verify(token, SECRET, pinned),
    },
  ],
  [
    'jose',
    {
      sign: (members) => new SignJWT(members).setProtectedHeader({ alg: 'HS256' }).sign(key),
      verify: async (token) => {
        const options = { algorithms: ['HS256'], currentDate: new Date(NOW), typ: 'JWT' }
        return (await jwtVerify(token, key, options)).payload
      },
    },
  ],
  [
    'fast-jwt',
    {
      sign: (members) => withKid(members),
      verify: createFastVerifier({ key: SECRET, algorithms: ['HS256'], clockTimestamp: NOW }),
    },
  ],
]

describe.each(libraries)('a JWT and %s', (_, library) => {
  it('that we signed is accepted there, and refused once it was changed', async () => {
    const { token = '' } = await sign(portal, { ...user, subscriptionId: 'sub_1' })
    expect(await library.verify(token)).toEqual({ ...usual, subscription_id: 'sub_1' })
    const changed = token.replace(/.(?=.{42}$)/, (first) => (first === 'Q' ? 'g' : 'Q'))
    await expect(async () => library.verify(changed)).rejects.toThrow(/signature/i)
  })

  it('that was signed there is accepted by us', async () => {
    const verified = { scheme: 'seggwat', ...user, subscriptionId: null }
    expect(await read(await library.sign(usual))).toStrictEqual(verified)
  })
})

/** A JWT of exactly these texts, signed with the right secret. */
function forged(payload: string, header = '{"alg":"HS256","typ":"JWT"}'): string {
  return sealed([header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.'))
}

function sealed(input: string): string {
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`
}

const rest = JSON.stringify(usual).slice(1)
const { exp: _exp, ...endless } = usual
const { project_key: _key, ...forAnyone } = usual
const json = (changes: object): string => forged(JSON.stringify({ ...usual, ...changes }))

/** The same bytes as `usual` in other base64url: unused bits at the end of the payload are set. */
function withUnusedBits(): string {
  const [header, payload = ''] = json({ name: 'x' }).split('.')
  const other = payload.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(payload, 'base64url'))
  return sealed(`${header}.${other}`)
}

describe('a JWT that jsonwebtoken accepts', () => {
  it.each<[string, string, string]>([
    ['the user twice', forged(`{"sub":"admin",${rest}`), 'token_malformed'],
    ['the user twice, once escaped', forged(`{"\\u0073ub":"admin",${rest}`), 'token_malformed'],
    ['a prototype', forged(`{"__proto__":{"admin":true},${rest}`), 'token_malformed'],
    ['half a surrogate pair', forged(`{"note":"\\ud800",${rest}`), 'token_malformed'],
    ['unused bits in the payload', withUnusedBits(), 'token_malformed'],
    ['no expiry', forged(JSON.stringify(endless)), 'claims_invalid'],
    ['an expiry before its issue', json({ iat: iat + 20, exp: iat + 10 }), 'claims_invalid'],
    ['issued tomorrow', json({ iat: iat + 86_400, exp: iat + 90_000 }), 'token_not_yet_valid'],
    ['the user "undefined"', json({ sub: 'undefined' }), 'claims_invalid'],
    ['a list of users', json({ sub: ['u1'] }), 'claims_invalid'],
    ['no audience', forged(JSON.stringify(forAnyone)), 'claims_invalid'],
    ['a list of audiences', json({ project_key: ['abc123'] }), 'claims_invalid'],
  ])('is refused by us: %s', async (_, token, code) => {
    expect(jwt.verify(token, SECRET, pinned)).toBeDefined()
    expect(await read(token)).toBe(code)
  })
})
