import { createSigner as createFastSigner, createVerifier as createFastVerifier } from 'fast-jwt'
import { jwtVerify, SignJWT } from 'jose'
import jwt from 'jsonwebtoken'
import { seggwat } from '../src'
import { link, NOW, SECRET, sign, verify } from './support'

const portal = seggwat({ secret: SECRET, projectKey: 'abc123', mode: 'jwt' })
const iat = Math.floor(NOW / 1000)
const claims = { sub: 'u1', email: 'j@example.com', name: 'José 😀', project_key: 'abc123' }
const user = { id: 'u1', email: 'j@example.com', name: 'José 😀', subscriptionId: 'sub_1' }
const key = new TextEncoder().encode(SECRET)

const verifiers: Readonly<Record<string, (token: string) => unknown>> = {
  'jsonwebtoken 9': (token) =>
    jwt.verify(token, SECRET, { algorithms: ['HS256'], clockTimestamp: iat }),
  'jose 5': async (token) => {
    const options = { algorithms: ['HS256'], currentDate: new Date(NOW), typ: 'JWT' }
    return (await jwtVerify(token, key, options)).payload
  },
  'fast-jwt 6': (token) =>
    createFastVerifier({ key: SECRET, algorithms: ['HS256'], clockTimestamp: NOW })(token),
}

type Members = Readonly<Record<string, string | number>>
const signers: Readonly<Record<string, (members: Members) => string | Promise<string>>> = {
  'jsonwebtoken 9': (members) => jwt.sign(members, SECRET, { algorithm: 'HS256' }),
  'jose 5': (members) =>
    new SignJWT(members).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key),
  'jose 5, without typ': (members) =>
    new SignJWT(members).setProtectedHeader({ alg: 'HS256' }).sign(key),
  'fast-jwt 6': (members) => createFastSigner({ key: SECRET, algorithm: 'HS256' })(members),
  'fast-jwt 6, with a kid': (members) =>
    createFastSigner({ key: SECRET, algorithm: 'HS256', kid: 'k1' })(members),
}

describe('a JWT that we signed', () => {
  it.each(Object.keys(verifiers))('is accepted by %s', async (name) => {
    const { token = '' } = await sign(portal, user)
    expect(await verifiers[name]?.(token)).toEqual({
      ...claims,
      subscription_id: 'sub_1',
      iat,
      exp: iat + 3600,
    })
  })

  it.each(Object.keys(verifiers))('is refused by %s once it was changed', async (name) => {
    const { token = '' } = await sign(portal, user)
    const changed = token.replace(/.(?=.{42}$)/, (first) => (first === 'Q' ? 'g' : 'Q'))
    expect(changed).not.toBe(token)
    await expect(async () => verifiers[name]?.(changed)).rejects.toThrow(/signature/i)
  })
})

describe.each(Object.keys(signers))('a JWT that %s signed', (name) => {
  const read = async (members: Members): Promise<unknown> =>
    verify(portal, link('token', (await signers[name]?.(members)) ?? ''))

  it('is accepted', async () => {
    const verified = { scheme: 'seggwat', ...user, subscriptionId: null }
    expect(await read({ ...claims, iat, exp: iat + 3600 })).toStrictEqual(verified)
  })

  it('is accepted from its nbf on, and 30 seconds early', async () => {
    const times = { iat, exp: iat + 3600 }
    expect(await read({ ...claims, ...times, nbf: iat })).toMatchObject({ id: 'u1' })
    expect(await read({ ...claims, ...times, nbf: iat + 30 })).toMatchObject({ id: 'u1' })
    expect(await read({ ...claims, ...times, nbf: iat + 31 })).toBe('token_not_yet_valid')
  })

  it('is refused where it is expired, lives too long or is meant for another', async () => {
    expect(await read({ ...claims, iat: iat - 60, exp: iat })).toBe('token_expired')
    expect(await read({ ...claims, iat, exp: iat + 86_401 })).toBe('lifetime_exceeded')
    const times = { iat, exp: iat + 60 }
    expect(await read({ ...claims, ...times, project_key: 'abc124' })).toBe('audience_mismatch')
  })
})
