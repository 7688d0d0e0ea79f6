import { ConfigError, createVerifier, isRejection, type Portal } from '@countersign/core'
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
    const message = (await mint(messages, ada, { now })).request
    expect(Buffer.from(message.body ?? '').toString()).toBe(
      '{"email":"ada@example.com","name":"Ada"}',
    )
    expect(message.headers.map(([name]) => name)).toEqual([
      'x-workspace-id',
      'x-timestamp',
      'x-signature',
      'content-type',
    ])
  })

  it('has the time, lifetime and nonce that it is given', async () => {
    const options = { now: () => NOW + 5, expiresIn: 60, nonce: 'n_1' }
    const { request } = await mint(harlyy({ secret }), {}, options)
    expect(claimsIn(request.query)).toEqual({ nonce: 'n_1', exp: NOW + 60_005 })
  })

  it('uses the real clock where it is given none', async () => {
    const { request } = await mint(links, ada)
    expect(await createVerifier(links).verify(viewOf(request))).toMatchObject({ ok: true })
  })

  it('has the method that uses it up, or the one that is asked for', async () => {
    const method = async (name: 'FeatKit' | 'Harlyy' | 'fdback', options: MintOptions = {}) => {
      const { portal, user } = sample(name)
      return (await mint(portal, user, options)).request.method
    }
    expect([await method('FeatKit'), await method('Harlyy'), await method('fdback')]).toEqual([
      'GET',
      'POST',
      'POST',
    ])
    expect(await method('fdback', { method: 'PATCH' })).toBe('PATCH')
    expect(await method('fdback', { carrier: 'parameter' })).toBe('GET')
    expect(await method('Harlyy', { defect: 'emptyParameter', method: 'GET' })).toBe('GET')
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

  it.each([
    ['names in the claims', seggwat({ secret: byTenant })],
    ['does not name', featkit({ secret: byTenant })],
    ['names in a header', messagesOf(byTenant)],
  ])('has its own secret where a credential %s its audience', async (_, portal) => {
    expect(await codeOf(portal, { tenant: 'red' }, 'red')).toBeNull()
    expect(await codeOf(portal, { tenant: 'red' }, 'blue')).toBe('signature_invalid')
  })

  it('takes the place of the id that the portal was made with', async () => {
    const portal = seggwat({ secret, projectKey: 'abc123' })
    expect(await codeOf(portal, { tenant: 'other' })).toBe('audience_mismatch')
    const many = seggwat({ secret: byTenant })
    const wrong = { tenant: 'red', defect: 'wrongAudience' } as const
    expect(await codeOf(many, wrong, 'red')).toBe('audience_mismatch')
  })

  it('has to be given where nothing else says it', async () => {
    for (const portal of [
      seggwat({ secret: byTenant }),
      messagesOf(byTenant),
      seggwat({ secret }),
    ]) {
      const minting = mint(portal as Portal, ada as never) // each takes such a user
      await expect(minting).rejects.toMatchObject({ reason: 'audience_missing' })
    }
  })
})

function messagesOf(of: (request: { readonly tenant: string | null }) => string | null) {
  return fdback({ secret: of })
}

describe('minting refuses', () => {
  it.each<[string, Promise<unknown>]>([
    ['an algorithm for a link that is no JWT', refused({ defect: 'algNone' })],
    ['a replay of what may be used again', refused({ defect: 'replayed' })],
    ['a defect that does not exist', refused({ defect: 'constructor' as Defect })],
    ['a place where the portal does not read', refused({ carrier: 'parameter' })],
    ['a lifetime that the portal does not allow', refused({ expiresIn: 86_401 })],
  ])('%s', async (_, error) => {
    expect(await error).toMatchObject({ name: 'ConfigError', reason: 'option_invalid' })
  })

  it('a user that the portal would not sign', async () => {
    const error = await mint(links, { id: '' }).catch((reason: unknown) => reason)
    expect(isRejection(error) && error.code).toBe('user_invalid')
  })

  it('a wrong user, defect or option at compile time', async () => {
    // @ts-expect-error -- a FeatKit user has an id
    await expect(mint(links, { email: 'ada@example.com' })).rejects.toMatchObject({
      code: 'user_invalid',
    })
    // @ts-expect-error -- there is no such defect
    await expect(mint(links, ada, { defect: 'expird' })).rejects.toBeInstanceOf(ConfigError)
    // @ts-expect-error -- nothing turns verification off
    expect(await mint(links, ada, { verify: false })).toMatchObject({ expect: { status: 200 } })
  })
})

function refused(options: MintOptions): Promise<unknown> {
  return mint(links, ada, options).catch((error: unknown) => error)
}

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
    expect(() => featkit({ secret: testSecret() })).toThrow(
      expect.objectContaining({ reason: 'secret_for_tests' }),
    )
  })
})
