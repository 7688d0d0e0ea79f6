import { createVerifier, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { mint, testSecret, type Defect, type MintOptions } from '@countersign/testing'
import { viewOf } from '../../src/minting/request'
import { NOW, now, sample, secret } from '../support/samples'

const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada' }
const links = featkit({ secret })
const messages = fdback({ secret })

async function codeOf(portal: Portal, options: MintOptions, tenant?: string) {
  const { request } = await mint(portal, ada as never, { now, ...options }) // each takes such a user
  const bearer = options.carrier === 'bearer'
  const given = { now, bearer, ...(tenant && { tenant: () => tenant }) }
  const result = await createVerifier(portal, given).verify(viewOf(request))
  return result.ok ? null : result.error.code
}

const claimsIn = (query: string): unknown => {
  const text = decodeURIComponent(query.slice(query.indexOf('=') + 1))
  return JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64').toString())
}

describe('a minted request', () => {
  it('is what the portal’s own signer sends, although the portal lacks ids', async () => {
    const { request } = await mint(links, ada, { now })
    expect(request).toMatchObject({ method: 'GET', headers: [], body: undefined })
    expect(claimsIn(request.query)).toEqual({
      user_id: 'u_1',
      email: 'ada@example.com',
      name: 'Ada',
      timestamp: NOW / 1_000,
      expires: NOW / 1_000 + 86_400,
    })
    const { body, headers } = (await mint(messages, ada, { now })).request
    expect(String(body)).toBe('{"email":"ada@example.com","name":"Ada"}')
    const names = ['x-workspace-id', 'x-timestamp', 'x-signature', 'content-type']
    expect(headers.map(([name]) => name)).toEqual(names)
  })

  it('has the time, lifetime and nonce that it is given, or those of now', async () => {
    const options = { now: () => NOW + 5, expiresIn: 60, nonce: 'n_1' }
    const { request } = await mint(harlyy({ secret }), {}, options)
    expect(claimsIn(request.query)).toEqual({ nonce: 'n_1', exp: NOW + 60_005 })
    const view = viewOf((await mint(links, ada)).request)
    expect(await createVerifier(links).verify(view)).toMatchObject({ ok: true })
  })

  it.each<[string, 'FeatKit' | 'Harlyy' | 'fdback', MintOptions]>([
    ['GET', 'FeatKit', {}],
    ['POST', 'Harlyy', {}],
    ['POST', 'fdback', {}],
    ['PATCH', 'fdback', { method: 'PATCH' }],
    ['GET', 'fdback', { carrier: 'parameter' }],
    ['GET', 'Harlyy', { defect: 'emptyParameter', method: 'GET' }],
  ])('has the method %s for %s with %j', async (method, name, options) => {
    const { portal, user } = sample(name)
    expect((await mint(portal, user, options)).request.method).toBe(method)
  })

  it('travels where it is told to', async () => {
    const { request } = await mint(links, ada, { now, carrier: 'bearer' })
    expect(request.headers).toEqual([['authorization', expect.stringMatching(/^Bearer ey/)]])
    expect(await codeOf(links, { carrier: 'bearer' })).toBeNull()
    const reply = (await mint(messages, ada, { now, carrier: 'parameter' })).request
    expect(reply).toMatchObject({ query: expect.stringMatching(/^data=ey/), headers: [] })
    expect(await codeOf(messages, { carrier: 'parameter' })).toBeNull()
  })

  it('says first what has to be sent before it', async () => {
    const { before, request } = await mint(harlyy({ secret }), {}, { defect: 'replayed' })
    expect(before).toEqual([request])
  })
})

describe('a tenant', () => {
  const keys: Readonly<Record<string, string>> = {
    red: testSecret('red'),
    blue: testSecret('blue'),
  }
  const byTenant = ({ tenant }: { readonly tenant: string | null }) => keys[tenant ?? ''] ?? null

  it.each<[string, Portal]>([
    ['names in the claims', seggwat({ secret: byTenant })],
    ['does not name', featkit({ secret: byTenant })],
    ['names in a header', fdback({ secret: byTenant })],
  ])('has its own secret where a credential %s its audience', async (_, portal) => {
    expect(await codeOf(portal, { tenant: 'red' }, 'red')).toBeNull()
    expect(await codeOf(portal, { tenant: 'red' }, 'blue')).toBe('signature_invalid')
  })

  it('takes the place of the id that the portal was made with, and has to be given without one', async () => {
    const portal = seggwat({ secret, projectKey: 'abc123' })
    expect(await codeOf(portal, { tenant: 'other' })).toBe('audience_mismatch')
    const many = seggwat({ secret: byTenant })
    const wrong = { tenant: 'red', defect: 'wrongAudience' } as const
    expect(await codeOf(many, wrong, 'red')).toBe('audience_mismatch')
    for (const each of [many, fdback({ secret: byTenant }), seggwat({ secret })]) {
      const minting = mint(each as Portal, ada as never) // each takes such a user
      await expect(minting).rejects.toMatchObject({ reason: 'audience_missing' })
    }
  })
})

describe('minting refuses', () => {
  it.each<[string, MintOptions]>([
    ['an algorithm for a link that is no JWT', { defect: 'algNone' }],
    ['a replay of what may be used again', { defect: 'replayed' }],
    ['a defect that does not exist', { defect: 'constructor' as Defect }],
    ['a place where the portal does not read', { carrier: 'parameter' }],
    ['a lifetime that the portal does not allow', { expiresIn: 86_401 }],
  ])('%s', async (_, options) => {
    await expect(mint(links, ada, options)).rejects.toMatchObject({ reason: 'option_invalid' })
  })

  it('a wrong user or defect, also at compile time', async () => {
    // @ts-expect-error -- a FeatKit user has an id
    const unsigned = mint(links, { email: 'ada@example.com' })
    await expect(unsigned).rejects.toMatchObject({ code: 'user_invalid' })
    // @ts-expect-error -- there is no such defect
    await expect(mint(links, ada, { defect: 'expird' })).rejects.toThrow('no defect "expird"')
  })
})

describe('a test secret', () => {
  const { NODE_ENV } = process.env
  afterEach(() => void (process.env['NODE_ENV'] = NODE_ENV))

  it('is the same for a name, and another for any other name', () => {
    expect(testSecret()).toMatch(/^countersign-test-secret-[0-9a-f]{40}$/)
    expect(testSecret('a')).toBe(testSecret('a'))
    const names = ['', 'a', 'b', 'A', 'a ', 'portal-a']
    expect(new Set(names.map((name) => testSecret(name))).size).toBe(names.length)
  })

  it('makes no portal in production', () => {
    process.env['NODE_ENV'] = 'production'
    const error = expect.objectContaining({ reason: 'secret_for_tests' })
    expect(() => featkit({ secret: testSecret() })).toThrow(error)
  })
})
