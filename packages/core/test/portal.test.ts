import {
  base64url,
  compact,
  createSigner,
  defineScheme,
  hex,
  hmacSha256,
  identifier,
  notProvided,
  optional,
  query,
  seconds,
  type SchemeDefinition,
} from '@countersign/core'
import { resultOf } from './support/errors'
import { hmac } from './support/forge'
import { inProduction } from './support/process'
import { NOW, now, outcome, verify } from './support/request'
import { jwt, link } from './support/schemes'
import { CURRENT } from './support/secrets'

const secret = CURRENT

describe('a portal', () => {
  it('has its ids, its base URL and its audience', () => {
    const ids = { projectKey: 'project' }
    expect(jwt({ secret, ...ids })).toMatchObject({
      ids,
      baseUrl: 'https://seggwat.com',
      audience: 'project',
    })
    expect(link({ secret })).toMatchObject({ ids: { slug: undefined }, audience: null })
    expect(Object.isFrozen(link({ secret }))).toBe(true)
    expect(Object.isFrozen(link({ secret }).scheme)).toBe(true)
  })

  it('is not made without options', () => {
    expect(resultOf(link as unknown as () => unknown)).toBe('secret_missing') // wrong on purpose
  })

  const unsafe = ['', 'a/b', '..', 'a?x', 'a#x', 'a%2fb', 'a\r\nb', '。', 'x'.repeat(65), 7, null]

  it.each(unsafe)('refuses an id that is unsafe in a path: %j', (slug) => {
    expect(resultOf(() => link({ secret, slug: slug as string }))).toBe('option_invalid') // some wrong on purpose
  })

  it('accepts an id of 64 characters, and of 255 where it is the audience', () => {
    expect(link({ secret, slug: 'x'.repeat(64) }).ids).toEqual({ slug: 'x'.repeat(64) })
    expect(jwt({ secret, projectKey: 'x'.repeat(255) }).audience).toHaveLength(255)
    expect(resultOf(() => jwt({ secret, projectKey: 'x'.repeat(256) }))).toBe('option_invalid')
  })

  it.each([
    ['https://self.example/', 'https://self.example'],
    ['https://self.example:8443/a/b//', 'https://self.example:8443/a/b'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('accepts the base URL %s', (baseUrl, kept) => {
    expect(link({ secret, baseUrl }).baseUrl).toBe(kept)
  })

  const relative = ['//evil.example', '/portal', 'self.example', '', 7, null]
  const others = ['javascript:alert(1)', 'ftp://self.example', 'https://user@self.example']
  const more = ['https://:pass@self.example', 'https://self.example/?', 'https://self.example/#']

  it.each([...relative, ...others, ...more])('refuses the base URL %j', (baseUrl) => {
    expect(resultOf(() => link({ secret, baseUrl: baseUrl as string }))).toBe('option_invalid') // some wrong on purpose
  })

  it('refuses a base URL without encryption in production', () => {
    const make = (baseUrl: string) =>
      inProduction(() => resultOf(() => link({ secret, baseUrl }).baseUrl))
    expect(make('http://localhost:3000')).toBe('option_invalid')
    expect(make('https://localhost:3000')).toBe('https://localhost:3000')
  })
})

describe('a scheme', () => {
  const { codec } = link({ secret }).scheme
  const user = { id: identifier('sub'), email: notProvided, name: notProvided }
  const definition = {
    name: 'bare',
    carrier: query('token'),
    codec: codec as SchemeDefinition<never, never, never, string>['codec'], // of compact credentials
    mac: hmacSha256,
    claims: { user, expiresAt: optional(seconds('exp')), unknown: 'refuse' },
    limits: { maxLifetime: 60 },
    address: { origin: 'https://bare.example', path: () => '/', ids: [], expiresIn: 60 },
  } as const
  const portal = defineScheme(definition)({ secret })
  const read = async (token: string) => verify(portal, { query: `token=${token}` })

  it('may have an expiry and no time of issue', async () => {
    const { token = '', expiresAt } = await createSigner(portal, { now }).sign({ id: 'u1' })
    expect(expiresAt).toBe(NOW + 60_000)
    expect(await read(token)).toMatchObject({ ok: true, value: { auth: { issuedAt: null } } })
  })

  it('accepts no credential that would be valid for ever', async () => {
    const { input, finish } = codec.seal({ sub: 'u1' }, null)
    const token = finish(hmac(secret, ...input).toString('hex')) as string // compact
    expect(outcome(await read(token))).toBe('401 claims_invalid')
  })

  it.each<readonly [string, object | undefined, boolean]>([
    ['refused where it is not single-use', undefined, false],
    ['refused with a store alone', { when: 'with-store', by: 'signing-input' }, false],
    ['refused without the nonce of its uses', { when: 'always', by: 'nonce' }, false],
    ['accepted where it is always single-use', { when: 'always', by: 'signing-input' }, true],
  ])('without a time is %s', (_, singleUse, isAccepted) => {
    const make = define({ claims: { user, unknown: 'refuse' }, singleUse })
    expect(resultOf(() => typeof make())).toBe(isAccepted ? 'function' : 'option_invalid')
  })

  it('refuses an audience that is none of its ids', () => {
    expect(resultOf(define({ audience: 'board' }))).toBe('option_invalid')
  })

  const define = (more: object) => () => defineScheme({ ...definition, ...more })
  const claims = { ...definition.claims, audiance: identifier('aud') }

  it.each<readonly [string, () => unknown]>([
    ['scheme', define({ singleUes: {} })],
    ['claims', define({ claims })],
    ['limits', define({ limits: { maxLifetime: 60, windoww: 1 } })],
    ['carrier', () => query('token', { verbatm: true } as object)],
    ['codec', () => compact({ payload: base64url, signature: hex, sings: 'text' } as never)],
  ])('has no misspelt member in its %s', (_, make) => {
    expect(resultOf(make)).toBe('option_unknown')
  })

  it('passes on errors of its own code when it signs', async () => {
    const fault = new Error('fault')
    const open = (): never => {
      throw fault
    }
    const broken = defineScheme({ ...definition, codec: { ...definition.codec, open } })({ secret })
    await expect(createSigner(broken, { now }).sign({ id: 'u1' })).rejects.toBe(fault)
  })
})
