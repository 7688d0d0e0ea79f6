import { createGuard, type Decision, type Verified, type VerifierOptions } from '@countersign/core'
import { featkit, harlyy } from '@countersign/core/schemes'
import { outcome, verify, view } from '../support/request'
import { CURRENT, PREVIOUS } from '../support/secrets'
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
  const guards = modes.map((mode) =>
    createGuard(harlyy({ secret: CURRENT }), { now: watched.now, replayStore, ...mode }),
  )
  const post = (native: object, method = 'POST') => ({
    ...view({ method, query: linkOf() }),
    native,
  })
  return {
    ...watched,
    guards,
    post,
    async inTurn(method?: string) {
      const native = {}
      const passed = []
      for (const each of guards) passed.push(userOf(await each.decide(post(native, method))))
      return passed
    },
    /** What the first guard decides about the next request. */
    async next(): Promise<string> {
      const decision = await guards[0]!.decide(post({}, 'GET'))
      return decision.pass ? '200' : `${decision.error.status} ${decision.error.code}`
    },
  }
}

function userOf(decision: Decision): Verified {
  if (decision.pass && decision.verified) return decision.verified
  throw decision.pass ? new Error('an anonymous request') : decision.error
}

describe('two guards that one request passes', () => {
  it('claim a credential once', async () => {
    const { inTurn, next, asked } = chain([final, final])
    await inTurn()
    expect([await next(), asked()]).toEqual([USED, ['claim', 'has']])
  })

  it('claim a credential once, also with a guard of another portal between them', async () => {
    const { guards, post, asked } = chain([final, final])
    const other = createGuard(featkit({ secret: PREVIOUS }), { mode: 'optional' })
    const native = {}
    for (const guard of [guards[0]!, other, guards[1]!]) {
      expect(await guard.decide(post(native))).toMatchObject({ pass: true })
    }
    expect(asked()).toEqual(['claim'])
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
      const { inTurn, next } = chain(modes, isRemote)
      const passed = await inTurn()
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
    expect(asked()).toEqual(['look'])
  })

  it('take a lease of another request for taken', async () => {
    const { inTurn, store, now } = chain([leased])
    await inTurn()
    const request = { method: 'POST', query: linkOf() }
    const other = verify(harlyy({ secret: CURRENT }), request, { now, replayStore: store })
    expect(outcome(await other)).toBe(USED)
  })
})
