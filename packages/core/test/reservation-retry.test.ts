import { createVerifier } from '@countersign/core'
import { LEASE, leasing, linkOf } from './support/leasing'
import { accepted, outcome, view } from './support/request'
import { once } from './support/schemes'
import { CURRENT } from './support/secrets'
import { catchWarnings } from './support/process'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

/** What another process, with the same store, makes of the credential. */
async function elsewhere(
  { store, now }: ReturnType<typeof leasing>,
  method = 'GET',
): Promise<string> {
  const verifier = createVerifier(once({ secret: CURRENT }), {
    now,
    replayStore: store,
    consume: { lease: LEASE },
  })
  return outcome(await verifier.verify(view({ method, query: linkOf() })))
}

const commits = (calls: readonly string[]): number =>
  calls.filter((name) => name === 'commit').length

describe('a success that the store cannot be told of', () => {
  it('holds the answer back for no longer than the store may take', async () => {
    for (const [storeDeadline, ms] of [
      [undefined, 500],
      [0.01, 10],
      [2, 2_000],
    ] as const) {
      const { reserve, hush } = leasing({ storeDeadline })
      const reservation = await reserve()
      hush()
      let isSettled = false
      void reservation.settle(200).then(() => (isSettled = true))
      await jest.advanceTimersByTimeAsync(ms - 1)
      expect(isSettled).toBe(false)
      await jest.advanceTimersByTimeAsync(1)
      expect(isSettled).toBe(true)
    }
  })

  it('does not hold the answer back where the store fails at once', async () => {
    const { reserve, fail } = leasing()
    const reservation = await reserve()
    fail()
    await expect(reservation.settle(200)).resolves.toBeUndefined() // no time has passed
  })

  it('is remembered by this process, even when the store lost the lease', async () => {
    const { reserve, ask, fail, heal, pass, verify } = leasing()
    const looked = accepted(await verify({ method: 'GET' })).auth
    const reservation = await reserve()
    fail()
    await reservation.settle(200)
    expect(await ask()).toBe('401 token_replayed')
    expect(await ask({ method: 'GET' })).toBe('401 token_replayed')
    heal()
    pass(LEASE * 1_000)
    expect(await ask()).toBe('401 token_replayed')
    expect(await ask({ method: 'GET' })).toBe('401 token_replayed')
    await expect(looked.consume()).rejects.toMatchObject({ code: 'token_replayed' })
  })

  it('is remembered for every guard of the portal, leasing or not', async () => {
    const { reserve, fail, heal, pass, portal, store, now } = leasing()
    const reservation = await reserve()
    fail()
    await reservation.settle(200)
    heal()
    pass(LEASE * 1_000)
    const burning = createVerifier(portal, { now, replayStore: store })
    for (const method of ['POST', 'GET']) {
      const request = view({ method, query: linkOf() })
      expect(outcome(await burning.verify(request))).toBe('401 token_replayed')
    }
  })

  it('keeps no other credential out', async () => {
    const { reserve, ask, fail, heal } = leasing()
    const reservation = await reserve()
    fail()
    await reservation.settle(200)
    heal()
    expect(await ask({ query: linkOf('n2') })).toBe('200')
  })

  it('is told again after 50 ms and twice that each time, up to two seconds', async () => {
    const { reserve, calls, fail } = leasing()
    const reservation = await reserve()
    fail()
    await reservation.settle(200)
    expect(commits(calls)).toBe(1)
    for (const pause of [50, 100, 200, 400, 800, 1_600, 2_000, 2_000]) {
      const before = commits(calls)
      await jest.advanceTimersByTimeAsync(pause - 1)
      expect(commits(calls)).toBe(before)
      await jest.advanceTimersByTimeAsync(1)
      expect(commits(calls)).toBe(before + 1)
    }
  })

  it('is used everywhere once the store listens again, and is not told a second time', async () => {
    const guard = leasing()
    const reservation = await guard.reserve()
    guard.fail()
    await reservation.settle(200)
    guard.pass(LEASE * 1_000)
    guard.heal()
    expect(await elsewhere(guard)).toBe('200') // nobody else can know
    await jest.advanceTimersByTimeAsync(50)
    expect(await elsewhere(guard)).toBe('401 token_replayed')
    expect(await guard.ask()).toBe('401 token_replayed')
    const told = commits(guard.calls)
    await jest.advanceTimersByTimeAsync(60_000)
    expect(commits(guard.calls)).toBe(told)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('is told again also where the store was silent', async () => {
    const guard = leasing()
    const reservation = await guard.reserve()
    guard.hush()
    void reservation.settle(200)
    await jest.advanceTimersByTimeAsync(500)
    guard.heal()
    await jest.advanceTimersByTimeAsync(50)
    expect(await elsewhere(guard)).toBe('401 token_replayed')
  })

  it('leaves the store to decide again, with a warning, when it has long not listened', async () => {
    const warnings = catchWarnings()
    const { reserve, ask, fail, heal, calls, pass } = leasing()
    const reservation = await reserve()
    fail()
    await reservation.settle(200)
    await jest.advanceTimersByTimeAsync(LEASE * 1_000 + 600_000 - 1)
    expect(warnings.codes()).toEqual([])
    expect(await ask()).toBe('401 token_replayed')
    await jest.advanceTimersByTimeAsync(2_001)
    expect(warnings.codes()).toEqual(['COUNTERSIGN_USE_NOT_RECORDED'])
    const told = commits(calls)
    await jest.advanceTimersByTimeAsync(60_000)
    expect(commits(calls)).toBe(told)
    heal()
    pass(LEASE * 1_000)
    expect(await ask()).toBe('200')
  })

  it('warns where somebody else took the credential before the store listened', async () => {
    const warnings = catchWarnings()
    const guard = leasing()
    const reservation = await guard.reserve()
    guard.fail()
    await reservation.settle(200)
    guard.heal()
    guard.pass(LEASE * 1_000)
    expect(await elsewhere(guard, 'POST')).toBe('200') // and goes on working
    await jest.advanceTimersByTimeAsync(50)
    expect(warnings.codes()).toEqual(['COUNTERSIGN_LEASE_TOO_SHORT'])
    expect(await guard.ask()).toBe('409 nonce_in_progress') // it is the store’s word again
  })

  it('keeps no process alive', async () => {
    jest.useRealTimers()
    const timers = jest.spyOn(global, 'setTimeout')
    const { reserve, fail } = leasing()
    const reservation = await reserve()
    fail()
    await reservation.settle(200)
    const again = timers.mock.results.at(-1)?.value as NodeJS.Timeout // as Node makes them
    expect(timers.mock.calls.at(-1)?.[1]).toBe(50)
    expect(again.hasRef()).toBe(false)
    clearTimeout(again)
  })
})
