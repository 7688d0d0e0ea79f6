import { createVerifier, type VerifierOptions } from '@countersign/core'
import { LEASE, linkOf, watchedStore } from './support/leasing'
import { accepted, outcome, view } from './support/request'
import { once } from './support/schemes'
import { CURRENT } from './support/secrets'

const leased: VerifierOptions = { consume: { lease: LEASE } }
const burning: VerifierOptions = {}
const manual: VerifierOptions = { consume: 'manual' }

/** Several guards of one portal over one store, all in the way of one request. */
function chain(...modes: readonly VerifierOptions[]) {
  const watched = watchedStore()
  const portal = once({ secret: CURRENT })
  const verifiers = modes.map((mode) =>
    createVerifier(portal, { now: watched.now, replayStore: watched.store, ...mode }),
  )
  const [first] = verifiers
  return {
    ...watched,
    /** One request, through all of them, one after the other. */
    async pass(method = 'POST') {
      const native = {}
      const passed = []
      for (const verifier of verifiers) {
        const verification = await verifier.verify(view({ method, query: linkOf(), native }))
        passed.push(accepted(verification))
      }
      return passed
    },
    /** One request, judged by all of them at once. */
    async atOnce() {
      const native = {}
      const request = () => view({ method: 'POST', query: linkOf(), native })
      return Promise.all(verifiers.map(async (verifier) => verifier.verify(request())))
    },
    /** What the next request is told by the first. */
    next: async () => outcome(await first!.verify(view({ method: 'GET', query: linkOf() }))),
  }
}

describe('two guards in the way of one request', () => {
  it('reserve once, and settle once', async () => {
    const { pass, next, calls } = chain(leased, leased)
    const [one, two] = await pass()
    expect(one?.reservation).toBeDefined()
    expect(two?.reservation).toBeUndefined()
    expect(await next()).toBe('409 nonce_in_progress')
    await one?.reservation?.settle(500)
    expect(await next()).toBe('200')
    expect(calls).toEqual(['reserve', 'look', 'release', 'look'])
  })

  it('reserve once also when they judge at the same time', async () => {
    const { atOnce, calls } = chain(leased, leased)
    const verifications = await atOnce()
    expect(verifications.map(outcome)).toEqual(['200', '200'])
    const reservations = verifications.map((each) => accepted(each).reservation)
    expect(reservations.filter(Boolean)).toHaveLength(1)
    expect(calls).toEqual(['reserve'])
  })

  it('are refused together where somebody else is first', async () => {
    const { pass, atOnce, calls } = chain(leased, leased)
    await pass()
    const outcomes = (await atOnce()).map(outcome)
    expect(outcomes).toEqual(['409 nonce_in_progress', '409 nonce_in_progress'])
    expect(calls).toEqual(['reserve', 'reserve'])
  })

  it('use it up for good through either’s `consume()`', async () => {
    for (const chosen of [0, 1]) {
      const { pass, next, calls } = chain(leased, leased)
      const passed = await pass()
      await passed[chosen]?.auth.consume()
      await passed[0]?.reservation?.settle(500)
      expect(await next()).toBe('401 token_replayed')
      expect(calls).toEqual(['reserve', 'commit', 'look'])
    }
  })

  it('use it up at once where one of them would, before or behind the lease', async () => {
    for (const modes of [
      [burning, leased],
      [leased, burning],
    ]) {
      const { pass, next } = chain(...modes)
      const passed = await pass()
      expect(await next()).toBe('401 token_replayed')
      for (const { reservation } of passed) await reservation?.settle(500)
      expect(await next()).toBe('401 token_replayed')
    }
  })

  it('use it up at once where one of them would, both judging at the same time', async () => {
    for (const modes of [
      [burning, leased],
      [leased, burning],
    ]) {
      const { atOnce, next } = chain(...modes)
      const verifications = await atOnce()
      expect(verifications.map(outcome)).toEqual(['200', '200'])
      for (const each of verifications) await accepted(each).reservation?.settle(500)
      expect(await next()).toBe('401 token_replayed')
    }
  })

  it('leave it to the one that leases where the other only looks', async () => {
    for (const modes of [
      [manual, leased],
      [leased, manual],
    ]) {
      const { pass, next } = chain(...modes)
      const passed = await pass()
      const reservations = passed.flatMap(({ reservation }) => reservation ?? [])
      expect(reservations).toHaveLength(1)
      await reservations[0]?.settle(200)
      expect(await next()).toBe('401 token_replayed')
      for (const { auth } of passed) await expect(auth.consume()).resolves.toBeUndefined()
    }
  })

  it('let a request through that only looks, both of them', async () => {
    const { pass, calls } = chain(leased, manual, burning)
    const passed = await pass('GET')
    expect(passed.map(({ reservation }) => reservation)).toEqual([undefined, undefined, undefined])
    expect(calls).toEqual(['look', 'has', 'has'])
  })

  it('refuse what another request has on lease, each in its own words', async () => {
    const { pass, store, now } = chain(leased)
    await pass()
    const other = createVerifier(once({ secret: CURRENT }), { now, replayStore: store })
    expect(outcome(await other.verify(view({ method: 'POST', query: linkOf() })))).toBe(
      '401 token_replayed',
    )
  })
})
