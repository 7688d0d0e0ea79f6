import { createGuard, createVerifier, memoryReplayStore } from '@countersign/core'
import { forgeLink, forgeMessage } from './support/forge'
import { LEASE, leasing, linkOf } from './support/leasing'
import { accepted, NOW, now, outcome, view } from './support/request'
import { link, message, once } from './support/schemes'
import { CURRENT, FOREIGN } from './support/secrets'

const GET = { method: 'GET' }

describe('a credential in lease mode', () => {
  it('is reserved once, however many come at once', async () => {
    const { ask } = leasing()
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => ask()))
    expect(outcomes.filter((each) => each === '200')).toHaveLength(1)
    expect(outcomes.filter((each) => each === '409 nonce_in_progress')).toHaveLength(63)
  })

  it('is looked at by methods that only look: free, in progress, used', async () => {
    const { ask, reserve, calls } = leasing()
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(await ask({ method })).toBe('200')
    const reservation = await reserve()
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      expect(await ask({ method })).toBe('409 nonce_in_progress')
    }
    await reservation.settle(200)
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      expect(await ask({ method })).toBe('401 token_replayed')
    }
    const looks = ['look', 'look', 'look']
    expect(calls).toEqual([...looks, 'reserve', ...looks, 'commit', ...looks])
  })

  it('is free to look at again once it was given back', async () => {
    const { ask, reserve } = leasing()
    await (await reserve()).settle(500)
    expect([await ask(GET), await ask()]).toEqual(['200', '200'])
  })

  it('has no reservation where it was only looked at', async () => {
    const { verify } = leasing()
    expect(accepted(await verify(GET)).reservation).toBeUndefined()
  })

  it('is used up for good by a method that only looks, if the application says so', async () => {
    const { verify, ask } = leasing()
    const { auth } = accepted(await verify(GET))
    await auth.consume()
    await auth.consume()
    expect([await ask(), await ask(GET)]).toEqual(['401 token_replayed', '401 token_replayed'])
  })

  it('is reserved by the methods that the application names, and by no prefetch', async () => {
    const { verify, ask } = leasing({ consume: { lease: LEASE, methods: ['GET', 'PURGE'] } })
    const ahead = { ...GET, headers: [['Sec-Purpose', 'prefetch']] } as const
    expect([await ask(), await ask(ahead)]).toEqual(['200', '200'])
    expect(accepted(await verify(GET)).reservation).toBeDefined()
    expect(await ask(ahead)).toBe('409 nonce_in_progress')
    expect(await ask({ method: 'PURGE' })).toBe('409 nonce_in_progress')
  })

  it('is refused while the store is down, whatever is asked', async () => {
    const { ask, fail, heal } = leasing()
    fail()
    expect([await ask(), await ask(GET)]).toEqual([
      '503 store_unavailable',
      '503 store_unavailable',
    ])
    heal()
    expect(await ask()).toBe('200')
  })

  it('never reaches the store when it is forged or wrong', async () => {
    const { ask, calls } = leasing()
    const forged = linkOf().replace('sig=', 'sig=A')
    expect(await ask({ query: forged })).toMatch(/^401 /)
    expect(calls).toEqual([])
  })

  it('ends with its lease where nobody settles it, as a verifier alone does not', async () => {
    const { ask, pass } = leasing()
    expect(await ask()).toBe('200')
    pass(LEASE * 1_000 - 1)
    expect(await ask()).toBe('409 nonce_in_progress')
    pass(1)
    expect(await ask()).toBe('200')
  })

  it('is remembered by the portal itself where no store was given', async () => {
    const portal = once({ secret: CURRENT })
    const request = (method = 'POST') => view({ method, query: linkOf() })
    const verifier = createVerifier(portal, { now, consume: { lease: LEASE } })
    const { reservation } = accepted(await verifier.verify(request()))
    const other = createVerifier(portal, { now, consume: { lease: 1 } })
    expect(outcome(await other.verify(request('GET')))).toBe('409 nonce_in_progress')
    await reservation?.settle(200)
    expect(outcome(await other.verify(request('GET')))).toBe('401 token_replayed')
  })

  it('may be a signed message, where a store was given', async () => {
    const replayStore = memoryReplayStore({ now })
    const messages = message({ secret: CURRENT })
    const verifier = createVerifier(messages, { now, replayStore, consume: { lease: LEASE } })
    const verify = async () => verifier.verify(view({ method: 'POST', ...forgeMessage() }))
    const { reservation } = accepted(await verify())
    expect(outcome(await verify())).toBe('409 nonce_in_progress')
    await reservation?.settle(200)
    expect(outcome(await verify())).toBe('401 token_replayed')
  })

  it('is not reserved at all where it may be used again', async () => {
    const options = { now, consume: { lease: LEASE } }
    const links = createVerifier(link({ secret: CURRENT }), options)
    const messages = createVerifier(message({ secret: FOREIGN }), options)
    const forged = forgeMessage({ secret: FOREIGN })
    for (let time = 0; time < 2; time++) {
      const request = view({ method: 'POST', query: `token=${forgeLink()}` })
      expect(accepted(await links.verify(request)).reservation).toBeUndefined()
      const sent = view({ method: 'POST', ...forged })
      expect(accepted(await messages.verify(sent)).reservation).toBeUndefined()
    }
  })

  it('hands its reservation to whoever obeys the guard', async () => {
    const guard = createGuard(once({ secret: CURRENT }), { now, consume: { lease: LEASE } })
    const judge = async () => guard.judge(view({ method: 'POST', query: linkOf() }))
    const verdict = await judge()
    expect(verdict).toMatchObject({ pass: true })
    if (verdict.pass) await verdict.verified?.reservation?.settle(500)
    expect(await judge()).toMatchObject({ pass: true })
    const refused = await judge()
    expect(refused).toMatchObject({ pass: false, response: { status: 409 } })
    expect(refused).toMatchObject({ response: { headers: { 'retry-after': '1' } } })
  })
  it('asks the store for a lease in milliseconds, and for a use that outlives the credential', async () => {
    const { store, reserve } = leasing({ consume: { lease: 0.1 }, clockTolerance: 300 })
    const [reserved, committed] = [
      jest.spyOn(store.leases!, 'reserve'),
      jest.spyOn(store.leases!, 'commit'),
    ]
    await (await reserve()).settle(200)
    const key = expect.stringMatching(/^[\w-]{43}$/)
    const owner = expect.stringMatching(/^[\w-]{16}$/)
    expect(reserved.mock.calls).toEqual([[key, { owner, duration: 100 }]])
    const expiresAt = NOW + 3_600_000 + 300_000 + 60_000
    expect(committed.mock.calls).toEqual([[key, { owner, expiresAt }]])
  })
})
