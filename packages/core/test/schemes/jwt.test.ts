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
const libraries: Readonly<Record<string, Library>> = {
  jsonwebtoken: {
    sign: (members) => jwt.sign(members, SECRET),
    verify: (token) => jwt.verify(token, SECRET, pinned),
  },
  jose: {
    sign: (members) => new SignJWT(members).setProtectedHeader({ alg: 'HS256' }).sign(key),
    verify: async (token) => {
      const options = { algorithms: ['HS256'], currentDate: new Date(NOW), typ: 'JWT' }
      return (await jwtVerify(token, key, options)).payload
    },
  },
  'fast-jwt': {
    sign: (members) => withKid(members),
    verify: createFastVerifier({ key: SECRET, algorithms: ['HS256'], clockTimestamp: NOW }),
  },
}

describe.each(Object.entries(libraries))('a JWT and %s', (_, library) => {
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
