import { createVerifier, isPromise, type Portal, type VerifierOptions } from '@countersign/core'
import { fdback, featkit, harlyy } from '@countersign/core/schemes'
import { expectMisconfigured, refusal } from '../support/errors'
import { forgeLink, forgeMessage, forgeOnce, linkClaims } from '../support/forge'
import { accepted, NOW, outcome, verify, view, type RequestParts } from '../support/request'
import { CURRENT } from '../support/secrets'

const secret = CURRENT
const links = featkit({ secret: { id: 'k1', value: secret } })
const surveys = harlyy({ secret })
const requests = fdback({ secret })
const link = { query: `token=${forgeLink()}` }
const store = { claim: () => true, has: () => false, durable: true }
const survey = { query: `sig=${encodeURIComponent(forgeOnce())}` }
const { headers, body } = forgeMessage()

describe('an accepted credential', () => {
  it('gives the user and how the user was verified', async () => {
    const payload = { ...linkClaims, user_id: 7, email: 'ada@example.com', role: 'admin' }
    const verified = accepted(await verify(links, { query: `token=${forgeLink(payload)}` }))
    const user = { scheme: 'featkit', id: '7', email: 'ada@example.com', name: null }
    expect(verified.user).toEqual(user)
    expect(Object.isFrozen(verified.user)).toBe(true)
    expect(verified).toMatchObject({ rotated: false, inUrl: true, reservation: undefined })
    expect(verified.auth).toMatchObject({ scheme: 'featkit', tenant: null, keyId: 'k1' })
    expect(verified.auth.issuedAt).toEqual(new Date(NOW))
  })

  it('makes its dates when they are asked for', async () => {
    const { auth } = accepted(await verify(links, link))
    auth.expiresAt?.setTime(0)
    expect(auth.expiresAt).toEqual(new Date(NOW + 60_000))
  })

  it('has a JSON form', async () => {
    const { auth } = accepted(await verify(surveys, survey, { replayStore: store }))
    const expiresAt = new Date(NOW + 60_000).toISOString()
    const none = { tenant: null, keyId: null, issuedAt: null }
    const json: unknown = JSON.parse(JSON.stringify(auth))
    expect(json).toEqual({ scheme: 'harlyy', ...none, expiresAt, nonce: 'n1' })
  })

  it.each<[string, Portal, RequestParts]>([
    ['a signed link', links, link],
    ['a signed request without a replay store', requests, { headers, body }],
  ])('is not single-use: `consume()` of %s is a mistake', async (_, portal, parts) => {
    const { auth } = accepted(await verify(portal, parts))
    expect(await refusal(auth.consume())).toMatchObject({ reason: 'not_single_use' })
  })
})

describe('a verifier', () => {
  const slowStore = { ...store, has: async () => false }

  it.each<[string, boolean, Portal, RequestParts, VerifierOptions?]>([
    ['the secret is known', false, links, link],
    ['a lookup returns the secret', false, featkit({ secret: () => secret }), link],
    ['a lookup returns a promise', true, featkit({ secret: async () => secret }), link],
    ['the body is there', false, requests, { headers, body }],
    ['the body is a promise', true, requests, { headers, body: async () => body }],
    ['the store answers synchronously', false, surveys, survey, { replayStore: store }],
    ['the store returns a promise', true, surveys, survey, { replayStore: slowStore }],
  ])('returns a promise only where it has to wait: %s: %p', async (_, waits, ...request) => {
    const answer = verify(...request)
    expect([isPromise(answer), outcome(await answer)]).toEqual([waits, '200'])
  })

  it('returns a refusal as a value, after a promise as well', async () => {
    const late = (secret: () => Promise<string>) => verify(featkit({ secret }), link)
    expect(outcome(await late(async () => `${secret}-2`))).toBe('401 signature_invalid')
    const failing = late(() => Promise.reject(new Error('no connection')))
    expect(outcome(await failing)).toBe('503 secret_unavailable')
  })

  const gzip = [...headers, ['content-encoding', 'gzip']] as const

  it.each<[string, RequestParts, string]>([
    ['incomplete headers', { headers: headers.slice(1) }, '401 credential_missing'],
    ['a parameter', { query: 'data=e30' }, '401 token_malformed'],
    ['compressed bytes', { headers: gzip }, '415 unsupported_encoding'],
  ])('reads no body for %s', async (_, parts, answer) => {
    const read = jest.fn(() => body)
    expect(outcome(await verify(requests, { ...parts, body: read }))).toBe(answer)
    expect(read).not.toHaveBeenCalled()
  })

  it('throws what is not a refusal: it is a bug', async () => {
    const bug = new Error('a bug')
    const throwing = (): never => {
      throw bug
    }
    expect(() => verify(requests, { headers, body: throwing })).toThrow(bug)
    const late = Promise.resolve(verify(requests, { headers, body: () => Promise.reject(bug) }))
    expect(await refusal(late)).toBe(bug)
  })

  it('needs a portal', () => {
    for (const wrong of [undefined, null, [], [undefined], {}, [{}], 'featkit']) {
      expectMisconfigured(() => createVerifier(wrong as unknown as Portal), 'portal_missing') // wrong on purpose
    }
  })

  it('reads its clock for each credential', async () => {
    let time = NOW
    const verifier = createVerifier(links, { now: () => time })
    expect(outcome(await verifier.verify(view(link)))).toBe('200')
    time += 86_400_000
    expect(outcome(await verifier.verify(view(link)))).toBe('401 token_expired')
  })

  it('ends the window of a scheme without an expiry after `maxLifetime`', async () => {
    const at = (age: number) =>
      verify(requests, forgeMessage({ timestamp: String(NOW - age) }), { maxLifetime: 60 })
    expect(accepted(await at(60_000)).auth.expiresAt).toEqual(new Date(NOW))
    expect(outcome(await at(60_001))).toBe('401 token_expired')
  })
})
