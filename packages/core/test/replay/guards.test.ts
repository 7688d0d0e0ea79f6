import { createVerifier, type VerifierOptions } from '@countersign/core'
import { harlyy } from '@countersign/core/schemes'
import { accepted, outcome, view } from '../support/request'
import { CURRENT } from '../support/secrets'
import { LEASE, linkOf } from './guarding'
import { remote, watchedStore } from './stores'

const leased: VerifierOptions = { consume: { lease: LEASE } }
const final: VerifierOptions = {}
const manual: VerifierOptions = { consume: 'manual' }

const USED = '401 token_replayed'

/** Several guards over one store that one request passes, each with a portal object of its own. */
function chain(modes: readonly VerifierOptions[], isRemote = false) {
  const watched = watchedStore()
  const replayStore = isRemote ? remote(watched.store) : watched.store
  const verifiers = modes.map((mode) =>
    createVerifier(harlyy({ secret: CURRENT }), { now: watched.now, replayStore, ...mode }),
  )
  const post = (native: object, method = 'POST') => view({ method, query: linkOf(), native })
  return {
    ...watched,
    /** Passes them one after the other. */
    async inTurn(method?: string) {
      const native = {}
      const passed = []
      for (const each of verifiers) passed.push(accepted(await each.verify(post(native, method))))
      return passed
    },
    /** Passes them at the same time. */
    async atOnce() {
      const native = {}
      return Promise.all(verifiers.map(async (each) => each.verify(post(native))))
    },
    /** What the first guard decides about the next request. */
    next: async () => outcome(await verifiers[0]!.verify(post({}, 'GET'))),
  }
}

describe('two guards that one request passes', () => {
  it('claim a credential once', async () => {
    const { inTurn, next, asked } = chain([final, final])
    await inTurn()
    expect([await next(), asked()]).toEqual([USED, ['claim', 'has']])
  })

  it('reserve a credential once, and one of them settles it', async () => {
    const { inTurn, next, asked } = chain([leased, leased])
    const [one, two] = await inTurn()
    expect([one?.reservation, two?.reservation]).toEqual([expect.anything(), undefined])
    expect(await next()).toBe('409 nonce_in_progress')
    await one?.reservation?.settle(500)
    expect(await next()).toBe('200')
    expect(asked()).toEqual(['reserve', 'look', 'release', 'look'])
  })

  it('reserve a credential once when they decide at the same time', async () => {
    const { atOnce, inTurn, asked } = chain([leased, leased], true)
    const verifications = await atOnce()
    const reservations = verifications.map((each) => accepted(each).reservation)
    expect([reservations.filter(Boolean).length, asked()]).toEqual([1, ['reserve']])
    await expect(inTurn()).rejects.toThrow('409')
    expect((await atOnce()).map(outcome)).toEqual(Array(2).fill('409 nonce_in_progress'))
  })

  it.each([0, 1])('use the credential up by `consume()` of either: %i', async (chosen) => {
    const { inTurn, next, asked } = chain([leased, leased])
    const passed = await inTurn()
    await passed[chosen]?.auth.consume()
    await passed[0]?.reservation?.settle(500)
    expect(await next()).toBe(USED)
    expect(asked()).toEqual(['reserve', 'commit', 'look'])
  })

  it.each([
    ['first', [final, leased]],
    ['second', [leased, final]],
  ])('use the credential up where the %s has no lease', async (_which, modes) => {
    for (const isRemote of [false, true]) {
      const { inTurn, atOnce, next } = chain(modes, isRemote)
      const passed = isRemote ? (await atOnce()).map(accepted) : await inTurn()
      expect(await next()).toBe(USED)
      for (const { reservation } of passed) await reservation?.settle(500)
      expect(await next()).toBe(USED)
    }
  })

  it.each([
    ['first', [manual, leased]],
    ['second', [leased, manual]],
  ])('leave the credential to the lease where the %s only checks it', async (_which, modes) => {
    const { inTurn, next } = chain(modes)
    const passed = await inTurn()
    const [reservation, ...more] = passed.flatMap((each) => each.reservation ?? [])
    expect(more).toEqual([])
    await reservation?.settle(200)
    expect(await next()).toBe(USED)
    for (const { auth } of passed) await expect(auth.consume()).resolves.toBeUndefined()
  })

  it('take nothing for a method that only checks', async () => {
    const { inTurn, asked } = chain([leased, manual, final])
    await inTurn('GET')
    expect(asked()).toEqual(['look', 'has', 'has'])
  })

  it('take a lease of another request for taken', async () => {
    const { inTurn, store, now } = chain([leased])
    await inTurn()
    const other = createVerifier(harlyy({ secret: CURRENT }), { now, replayStore: store })
    expect(outcome(await other.verify(view({ method: 'POST', query: linkOf() })))).toBe(USED)
  })
})
