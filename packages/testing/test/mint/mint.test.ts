import { ConfigError, createVerifier, isRejection, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy } from '@countersign/schemes'
import { mint, type Defect, type MintOptions } from '@countersign/testing'
import { header, parameterIn } from '../support/decode'
import { NOW, now, sample, secret } from '../support/mint-portals'
import { codeOf, viewOf } from '../support/view'

const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada' }
const slow = featkit({ secret })

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  )
}

async function judged(portal: Portal, user: object, options: MintOptions): Promise<string | null> {
  const { request } = await mint(portal, user as never, { now, ...options }) // the portal's own input
  return codeOf(
    await createVerifier(portal, { now, bearer: options.carrier === 'bearer' }).verify(
      viewOf(request),
    ),
  )
}

describe('what is minted', () => {
  it('is what the portal’s own signer would send, with all that the portal was made without', async () => {
    const { request } = await mint(slow, ada, { now })
    const [payload = ''] = parameterIn('FeatKit', request).split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      user_id: 'u_1',
      email: 'ada@example.com',
      name: 'Ada',
      timestamp: NOW / 1_000,
      expires: NOW / 1_000 + 86_400,
    })
    expect(request).toMatchObject({ method: 'GET', headers: [], body: undefined })
  })

  it('lives by the clock, for the time and under the nonce that it is given', async () => {
    const { request } = await mint(
      harlyy({ secret }),
      {},
      { now: () => NOW + 5, expiresIn: 60, nonce: 'n_1' },
    )
    const [payload = ''] = parameterIn('Harlyy', request).split('.')
    const said: unknown = JSON.parse(Buffer.from(payload, 'base64').toString())
    expect(said).toEqual({ nonce: 'n_1', exp: NOW + 60_005 })
  })

  it('goes by the real clock where it is given none', async () => {
    const { request } = await mint(slow, ada)
    expect(codeOf(await createVerifier(slow).verify(viewOf(request)))).toBeNull()
    const late = await mint(slow, ada, { defect: 'expired' })
    expect(codeOf(await createVerifier(slow).verify(viewOf(late.request)))).toBe('token_expired')
  })

  it('is sent with the method that uses it up, or with the one that is asked for', async () => {
    const method = async (name: 'FeatKit' | 'Harlyy' | 'fdback' | 'acme', options = {}) => {
      const { portal, user } = sample(name)
      return (await mint(portal, user, options)).request.method
    }
    expect(await method('FeatKit')).toBe('GET')
    expect(await method('Harlyy')).toBe('POST')
    expect(await method('fdback')).toBe('POST')
    expect(await method('acme')).toBe('POST')
    expect(await method('FeatKit', { method: 'PUT' })).toBe('PUT')
    expect(await method('fdback', { method: 'PATCH' })).toBe('PATCH')
    expect(await method('fdback', { carrier: 'parameter' })).toBe('GET')
    expect(await method('Harlyy', { defect: 'emptyParameter', method: 'GET' })).toBe('GET')
  })

  it('is a signed body with its headers, for a portal that signs bodies', async () => {
    const { request } = await mint(fdback({ secret }), ada, { now })
    expect(Buffer.from(request.body ?? '').toString()).toBe(
      '{"email":"ada@example.com","name":"Ada"}',
    )
    expect(request.headers.map(([name]) => name)).toEqual([
      'x-workspace-id',
      'x-timestamp',
      'x-signature',
      'content-type',
    ])
    expect(header(request, 'x-timestamp')).toBe(String(NOW))
  })

  it('travels where it is told to', async () => {
    const bearer = await mint(slow, ada, { now, carrier: 'bearer' })
    expect(bearer.request.headers).toEqual([['authorization', expect.stringMatching(/^Bearer ey/)]])
    expect(await judged(slow, ada, { carrier: 'bearer' })).toBeNull()
    expect(await judged(slow, ada, { carrier: 'bearer', defect: 'tampered' })).toBe(
      'signature_invalid',
    )
    const message = fdback({ secret })
    const reply = await mint(message, ada, { now, carrier: 'parameter' })
    expect(reply.request).toMatchObject({ query: expect.stringMatching(/^data=ey/), headers: [] })
    expect(await judged(message, ada, { carrier: 'parameter' })).toBeNull()
    expect(await judged(message, ada, { carrier: 'parameter', defect: 'bom' })).toBe(
      'token_malformed',
    )
  })

  it('says first what has to be sent before', async () => {
    const { portal, user } = sample('Harlyy')
    const { before, request } = await mint(portal, user, { defect: 'replayed' })
    expect(before).toEqual([request])
  })
})

describe('what cannot be minted', () => {
  it.each<[string, Defect]>([
    ['an algorithm of what is no token', 'algNone'],
    ['a header of what has none', 'duplicateTenantHeader'],
    ['a replay of what may be used again', 'replayed'],
    ['a name that is no defect', 'constructor' as Defect],
    ['another name that is no defect', 'expird' as Defect],
  ])('is %s: a mistake of the test', async (_, defect) => {
    const error = await refusal(mint(slow, ada, { defect }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      reason: 'option_invalid',
      fix: expect.stringContaining('defectsFor'),
    })
  })

  it('is a place that the portal does not read', async () => {
    const cases = [
      mint(slow, ada, { carrier: 'parameter' }),
      mint(fdback({ secret }), ada, { carrier: 'bearer' }),
    ]
    for (const work of cases) {
      expect(await refusal(work)).toMatchObject({ reason: 'option_invalid' })
    }
  })

  it('is a user that the portal would not sign', async () => {
    const error = await refusal(mint(slow, { id: '' }))
    expect(isRejection(error) && error.code).toBe('user_invalid')
    const nobody = await refusal(mint(fdback({ secret }), {}, { defect: 'expired' }))
    expect(isRejection(nobody) && nobody.code).toBe('unauthenticated')
  })

  it('is a life that the portal does not allow: that is a defect, and has a name', async () => {
    const error = await refusal(mint(slow, ada, { expiresIn: 86_401 }))
    expect(error).toMatchObject({ reason: 'option_invalid' })
    expect(await judged(slow, ada, { defect: 'lifetimeTooLong' })).toBe('lifetime_exceeded')
  })
})

describe('what is minted, for the compiler', () => {
  it('is of a user that the portal takes, with a defect that there is', async () => {
    // @ts-expect-error -- a FeatKit user has an id
    expect(isRejection(await refusal(mint(slow, { email: 'ada@example.com' })))).toBe(true)
    // @ts-expect-error -- there is no such defect
    expect(await refusal(mint(slow, ada, { defect: 'expird' }))).toBeInstanceOf(ConfigError)
    // @ts-expect-error -- there is no way to leave verification out
    expect(await mint(slow, ada, { verify: false })).toMatchObject({ expect: { status: 200 } })
  })
})
