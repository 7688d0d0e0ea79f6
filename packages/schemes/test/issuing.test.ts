import { ConfigError, createSigner, type Signed } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '../src'
import { NOW, SECRET, sign, textOf } from './support'

const secret = SECRET
const portals = {
  featkit: featkit({ secret, slug: 'acme' }),
  seggwat: seggwat({ secret, projectKey: 'abc123' }),
  jwt: seggwat({ secret, projectKey: 'abc123', mode: 'jwt' }),
  harlyy: harlyy({ secret, businessId: 'biz', surveyId: 'survey' }),
  fdback: fdback({ secret, workspaceId: 'ws_demo' }),
}
const names = Object.keys(portals) as (keyof typeof portals)[]
const user = { id: 'u1', email: 'j@example.com', name: 'Jane' }

/** All JSON that was signed. */
const claimsOf = ({ token, body }: Signed): string => body ?? textOf(token)

describe.each(names)('IS-02 a life that %s cannot have', (name) => {
  const lives = [0, -1, NaN, Infinity, 0.5, '3600', 367 * 86_400, name === 'fdback' ? 299 : 1e12]

  it.each(lives.map((life) => [String(life), life as number]))(
    `IS-02 is refused when the signer is made and when it signs: %s s`,
    async (_, expiresIn) => {
      expect(() => createSigner(portals[name], { expiresIn })).toThrow(ConfigError)
      await expect(sign(portals[name], user, { expiresIn })).rejects.toThrow(ConfigError)
    },
  )
})

describe('IS-02 the longest life', () => {
  it.each([
    ['featkit', 86_400],
    ['seggwat', 86_400],
    ['jwt', 86_400],
    ['harlyy', 366 * 86_400],
    ['fdback', 300],
  ] as const)('IS-02 of %s is %d s and not one more', async (name, expiresIn) => {
    const { expiresAt } = await sign(portals[name], user, { expiresIn, now: 1_789_000_000_000 })
    expect(expiresAt).toBe(1_789_000_000_000 + expiresIn * 1000)
    const longer = sign(portals[name], user, { expiresIn: expiresIn + 1 })
    await expect(longer).rejects.toMatchObject({ code: 'misconfigured' })
  })
})

describe('IS-03 times on the wire', () => {
  it.each([
    ['featkit', { timestamp: 1_789_000_000, expires: 1_789_086_400 }],
    ['seggwat', { iat: 1_789_000_000, exp: 1_789_003_600 }],
    ['jwt', { iat: 1_789_000_000, exp: 1_789_003_600 }],
    ['harlyy', { exp: NOW + 604_800_000 }],
  ] as const)('IS-03 are whole numbers in the unit of the scheme: %s', async (name, times) => {
    const claims: unknown = JSON.parse(
      claimsOf(await sign(portals[name], user, { now: NOW + 0.9 })),
    )
    expect(claims).toMatchObject(times)
  })

  it('IS-03 is 13 digits of milliseconds as text: fdback', async () => {
    const { headers } = await sign(portals.fdback, user, { now: NOW + 0.9 })
    expect(headers?.['x-timestamp']).toBe('1789000000123')
  })

  it.each(names)(
    'IS-03 are told to the frontend in milliseconds, as they are signed: %s',
    async (name) => {
      const signed = await sign(portals[name], user)
      const claims = JSON.parse(claimsOf(signed)) as Record<string, number>
      const { expires, exp = expires } = claims
      const end =
        { featkit: 1000, seggwat: 1000, jwt: 1000, harlyy: 1, fdback: NaN }[name] * Number(exp)
      expect(signed.expiresAt).toBe(name === 'fdback' ? NOW + 300_000 : end)
    },
  )
})

describe('IS-05 a Harlyy link', () => {
  it('IS-05 is percent-encoded once, with no raw + / or =', async () => {
    let escaped = 0
    for (let index = 0; index < 200; index++) {
      const { url, token = '' } = await sign(portals.harlyy, {}, { nonce: `?>~${index}` })
      const [, sig = ''] = url.split('?sig=')
      expect(sig).toMatch(/^(?:[\w.]|%2B|%2F|%3D)+$/)
      expect(decodeURIComponent(sig)).toBe(token)
      if (/%2B/.test(sig) && /%2F/.test(sig)) escaped++
    }
    expect(escaped).toBeGreaterThan(10)
  })
})

describe('IS-06 a body for fdback', () => {
  it('IS-06 is compact JSON of e-mail, name and avatar, and nothing else', async () => {
    const avatar = 'https://example.com/j.png'
    const more = { role: 'admin', user_id: 'u1', avatar, ...user, exp: 9, 'x-timestamp': 1 }
    const { body } = await sign(portals.fdback, more)
    expect(body).toBe(`{"email":"j@example.com","name":"Jane","avatar":"${avatar}"}`)
  })
})

describe('IS-07 a JWT', () => {
  it('IS-07 has exactly the documented header', async () => {
    const { token = '' } = await sign(portals.jwt, user)
    const [header = ''] = token.split('.')
    expect(Buffer.from(header, 'base64url').toString()).toBe('{"alg":"HS256","typ":"JWT"}')
  })

  it('IS-07 always says when it was made and when it ends', async () => {
    const claims: unknown = JSON.parse(textOf((await sign(portals.jwt, { id: 'u1' })).token))
    expect(claims).toStrictEqual({
      sub: 'u1',
      exp: 1_789_003_600,
      iat: 1_789_000_000,
      project_key: 'abc123',
    })
  })
})

describe.each(names)('IS-08 what %s is given', (name) => {
  const needles = [SECRET, 'sess-5f2c9a', 'pbkdf2$hash$9d1e', 'admin-role']
  const spellings = (text: string): readonly string[] => {
    const bytes = Buffer.from(text)
    const unpadded = bytes.toString('base64').replaceAll('=', '')
    return [text, bytes.toString('hex'), unpadded.slice(0, -1), encodeURIComponent(text)]
  }

  it('IS-08 never holds the secret, a session id, a password hash', async () => {
    const [, sessionId, passwordHash, role] = needles
    const whole = { ...user, sessionId, passwordHash, role, toJSON: () => ({ role, sessionId }) }
    const signed = await sign(portals[name], whole)
    const shown = `${JSON.stringify(signed)} ${claimsOf(signed)}`
    for (const spelling of needles.flatMap(spellings)) expect(shown).not.toContain(spelling)
  })

  it('IS-08 is read back by a verifier that knows no other', async () => {
    const signed = await sign(portals[name], user)
    expect(Object.keys(JSON.parse(claimsOf(signed)) as object).toSorted()).toEqual(
      {
        featkit: ['email', 'expires', 'name', 'timestamp', 'user_id'],
        seggwat: ['email', 'exp', 'iat', 'name', 'project_key', 'sub'],
        jwt: ['email', 'exp', 'iat', 'name', 'project_key', 'sub'],
        harlyy: ['exp', 'nonce'],
        fdback: ['email', 'name'],
      }[name],
    )
  })
})
