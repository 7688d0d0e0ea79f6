import { createHmac } from 'node:crypto'
import { createVerifier, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import {
  defectsFor,
  mint,
  signed,
  signedLink,
  testSecret,
  type Defect,
  type MintOptions,
  type WireRequest,
} from '@countersign/testing'
import request from 'supertest'
import { viewOf } from '../../src/minting/request'
import { NAMES, NOW, now, sample, secret, type SampleName } from '../support/samples'

const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada' }
const links = featkit({ secret })
const messages = fdback({ secret })

async function minted(portal: Portal, options: MintOptions = {}): Promise<WireRequest> {
  return (await mint(portal, ada as never, { now, nonce: 'n_1', ...options })).request // each takes such a user
}

/** Takes a credential apart with Node's own decoders, which forgive, and without the kit. */
function decoded({ query, headers, body: sent = Buffer.of() }: WireRequest) {
  const all = Object.fromEntries(headers) as Readonly<Record<string, string>>
  const { 'x-timestamp': time, 'x-signature': mac = '', 'x-acme-user': own } = all
  const body = Buffer.from(sent)
  if (time) return { head: '', before: `${time}.${String(body)}`, payload: body, signature: mac }
  const text = own ?? decodeURIComponent(query.slice(query.indexOf('=') + 1))
  const before = text.slice(0, text.lastIndexOf('.'))
  const [payload = '', head = ''] = before.split('.').reverse()
  const signature = text.slice(before.length + 1)
  return { head, before, payload: Buffer.from(payload, 'base64'), signature } // both alphabets
}

const hmac = (input: string | Buffer, hash = 'sha256', key: string | Buffer = secret) =>
  createHmac(hash, key).update(input).digest()

describe('a minted request', () => {
  it('is what the portal’s own signer sends, although the portal lacks ids', async () => {
    const request = await minted(links)
    expect(request).toMatchObject({ method: 'GET', headers: [], body: undefined })
    const times = { timestamp: NOW / 1_000, expires: NOW / 1_000 + 86_400 }
    const json = JSON.stringify({ user_id: 'u_1', email: 'ada@example.com', name: 'Ada', ...times })
    expect(String(decoded(request).payload)).toBe(json)
    const { body, headers } = await minted(messages)
    expect(String(body)).toBe('{"email":"ada@example.com","name":"Ada"}')
    const names = ['x-workspace-id', 'x-timestamp', 'x-signature', 'content-type']
    expect(headers.map(([name]) => name)).toEqual(names)
  })

  it('has the time, lifetime and nonce that it is given, or those of now', async () => {
    const request = await minted(harlyy({ secret }), { now: () => NOW + 5, expiresIn: 60 })
    expect(String(decoded(request).payload)).toBe(`{"nonce":"n_1","exp":${NOW + 60_005}}`)
    const view = viewOf((await mint(links, ada)).request)
    expect(await createVerifier(links).verify(view)).toMatchObject({ ok: true })
  })

  it.each<[string, SampleName, MintOptions]>([
    ['GET', 'FeatKit', {}],
    ['POST', 'Harlyy', {}],
    ['POST', 'fdback', {}],
    ['PATCH', 'fdback', { method: 'PATCH' }],
    ['GET', 'fdback', { carrier: 'parameter' }],
    ['GET', 'Harlyy', { defect: 'emptyParameter', method: 'GET' }],
  ])('has the method %s for %s with %j', async (method, name, options) => {
    expect((await minted(sample(name).portal, options)).method).toBe(method)
  })

  it('travels where it is told to', async () => {
    const { headers } = await minted(links, { carrier: 'bearer' })
    expect(headers).toEqual([['authorization', expect.stringMatching(/^Bearer ey/)]])
    const reply = await minted(messages, { carrier: 'parameter' })
    expect(reply).toMatchObject({ query: expect.stringMatching(/^data=ey/), headers: [] })
  })

  it('says first what has to be sent before it', async () => {
    const { before, request } = await mint(harlyy({ secret }), {}, { defect: 'replayed' })
    expect(before).toEqual([request])
  })

  it.each(NAMES)('is another one for each defect of %s, and the same each time', async (name) => {
    const { portal, guard } = sample(name)
    const defects = [undefined, ...defectsFor(portal, guard).filter((it) => it !== 'replayed')]
    const requests = await Promise.all(defects.map((defect) => minted(portal, { defect })))
    const texts = requests.map((it) => JSON.stringify({ ...it, body: Buffer.from(it.body ?? '') }))
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
    const again = { defect: 'tampered' } as const
    expect(await minted(portal, again)).toEqual(await minted(portal, again))
  })

  it.each(NAMES.filter((name) => name !== 'ticket'))(
    'of %s is valid in another spelling, to a decoder that forgives',
    async (name) => {
      const { portal, guard } = sample(name)
      const { signs, signature: encoding } = portal.scheme.codec
      const spelled = /^(?:paddedSignature|upperCaseSignature|signatureSpareBits|payloadSpace)$/
      const defects = defectsFor(portal, guard).filter((defect) => spelled.test(defect))
      expect(defects.length).toBeGreaterThan(1)
      for (const defect of defects) {
        const { before, payload, signature } = decoded(await minted(portal, { defect }))
        const sent = Buffer.from(signature, encoding.name === 'hex' ? 'hex' : 'base64')
        const right = hmac(signs === 'payload bytes' ? payload : before)
        expect([defect, sent.toString('hex')]).toEqual([defect, right.toString('hex')])
        expect(JSON.parse(String(payload))).toEqual(expect.any(Object))
      }
    },
  )

  const jwt = { alg: 'HS256', typ: 'JWT' }

  it.each<[Defect, object, hash: string]>([
    ['algNoneSigned', { ...jwt, alg: 'none' }, 'sha256'],
    ['algConfusion', { ...jwt, alg: 'RS256' }, 'sha256'],
    ['algHs512', { ...jwt, alg: 'HS512' }, 'sha512'],
    ['crit', { ...jwt, crit: ['exp'] }, 'sha256'],
    ['jwk', { ...jwt, jwk: { kty: 'oct', k: expect.any(String) } }, 'sha256'],
    ['expired', jwt, 'sha256'],
  ])('has the header and the signature of a JWT that %s promises', async (defect, wanted, hash) => {
    const request = await minted(sample('SeggWat JWT').portal, { defect })
    const { head, before, signature } = decoded(request)
    const header = JSON.parse(Buffer.from(head, 'base64url').toString())
    expect(header).toEqual(wanted)
    const key = header.jwk ? Buffer.from(header.jwk.k, 'base64url') : secret
    expect(signature).toBe(hmac(before, hash, key).toString('base64url'))
  })
})

describe('a tenant', () => {
  const byTenant = ({ tenant }: { readonly tenant: string | null }) =>
    tenant === 'red' || tenant === 'blue' ? testSecret(tenant) : null

  async function codeFor(portal: Portal, options: MintOptions, tenant?: string) {
    const view = viewOf(await minted(portal, options))
    const given = { now, ...(tenant && { tenant: () => tenant }) }
    const result = await createVerifier(portal, given).verify(view)
    return result.ok ? null : result.error.code
  }

  it.each<[string, Portal]>([
    ['names in the claims', seggwat({ secret: byTenant })],
    ['does not name', featkit({ secret: byTenant })],
    ['names in a header', fdback({ secret: byTenant })],
  ])('has its own secret where a credential %s its audience', async (_, portal) => {
    expect(await codeFor(portal, { tenant: 'red' }, 'red')).toBeNull()
    expect(await codeFor(portal, { tenant: 'red' }, 'blue')).toBe('signature_invalid')
  })

  it('takes the place of the id that the portal was made with, and has to be given without one', async () => {
    const portal = seggwat({ secret, projectKey: 'abc123' })
    expect(await codeFor(portal, { tenant: 'other' })).toBe('audience_mismatch')
    const many = seggwat({ secret: byTenant })
    const wrong = { tenant: 'red', defect: 'wrongAudience' } as const
    expect(await codeFor(many, wrong, 'red')).toBe('audience_mismatch')
    for (const each of [many, fdback({ secret: byTenant }), seggwat({ secret })]) {
      await expect(minted(each)).rejects.toMatchObject({ reason: 'audience_missing' })
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
    await expect(minted(links, options)).rejects.toMatchObject({ reason: 'option_invalid' })
  })

  it('an option that it does not have', async () => {
    const misspelt = { defct: 'expired' } as MintOptions
    const error = { reason: 'option_unknown', fix: 'Did you mean "defect"?' }
    await expect(mint(links, ada, misspelt)).rejects.toMatchObject(error)
    await expect(signedLink(links, ada, misspelt)).rejects.toMatchObject(error)
    const pending = request('http://localhost').get('/')
    expect(() => signed(pending, links, ada, misspelt)).toThrow(expect.objectContaining(error))
  })

  it('a wrong user or defect, also at compile time', async () => {
    // @ts-expect-error -- a FeatKit user has an id
    const unsigned = mint(links, { email: 'ada@example.com' })
    await expect(unsigned).rejects.toMatchObject({ code: 'user_invalid' })
    // @ts-expect-error -- there is no such defect
    await expect(mint(links, ada, { defect: 'expird' })).rejects.toThrow('no defect "expird"')
  })
})

it('a test secret is the same for a name, and another for any other name', () => {
  expect(testSecret()).toMatch(/^countersign-test-secret-[0-9a-f]{40}$/) // which core refuses in production
  expect(testSecret('a')).toBe(testSecret('a'))
  const names = ['', 'a', 'b', 'A', 'a ', 'portal-a']
  expect(new Set(names.map((name) => testSecret(name))).size).toBe(names.length)
})
