import { catchWarnings } from '../support/process'
import { accepted, outcome, verify } from '../support/request'
import { LEASE, leasing, linkOf } from './guarding'
import { altered } from './stores'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

const USED = '401 token_replayed'
const GET = { method: 'GET' }

/** A lease that was settled by a success while the store failed. */
async function unrecorded() {
  const leased = leasing()
  const reservation = await leased.reserve()
  leased.fail()
  await reservation.settle(200) // no time has passed
  const commits = () => leased.asked().filter((name) => name === 'commit').length
  return { ...leased, commits }
}

/** What another process with the same store decides. */
async function elsewhere(
  { store, portal, now }: ReturnType<typeof leasing>,
  method = 'GET',
): Promise<string> {
  const replayStore = altered(store, (_name, work) => work) // another object, so another process
  const options = { now, replayStore, consume: { lease: LEASE } }
  return outcome(await verify(portal, { method, query: linkOf() }, options))
}

describe('a success that the store cannot record', () => {
  it.each([
    [undefined, 500],
    [0.01, 10],
    [2, 2_000],
  ])('delays the response by `storeDeadline` at most: %p s', async (storeDeadline, ms) => {
    const { reserve, silence } = leasing({ storeDeadline })
    const reservation = await reserve()
    silence()
    let isSettled = false
    void reservation.settle(200).then(() => (isSettled = true))
    await jest.advanceTimersByTimeAsync(ms - 1)
    expect(isSettled).toBe(false)
    await jest.advanceTimersByTimeAsync(1)
    expect(isSettled).toBe(true)
  })

  it('is remembered by all guards of this process, also when the store has lost the lease', async () => {
    const leased = await unrecorded()
    const { ask, heal, pass, portal, store, now } = leased
    heal()
    pass(LEASE * 1_000)
    const final = { now, replayStore: store }
    for (const method of ['POST', 'GET']) {
      expect(await ask({ method })).toBe(USED)
      expect(outcome(await verify(portal, { method, query: linkOf() }, final))).toBe(USED)
    }
    expect(await ask({ query: linkOf('n2') })).toBe('200')
  })

  it('keeps `consume()` of an earlier look from using the credential', async () => {
    const { verify, reserve, fail, heal, pass } = leasing()
    const { auth } = accepted(await verify(GET))
    const reservation = await reserve()
    fail()
    await reservation.settle(200)
    heal()
    pass(LEASE * 1_000)
    await expect(auth.consume()).rejects.toMatchObject({ code: 'token_replayed' })
  })

  it('is offered again after 50 ms, and after twice as long each time, up to 2 s', async () => {
    const { commits } = await unrecorded()
    expect(commits()).toBe(1)
    for (const pause of [50, 100, 200, 400, 800, 1_600, 2_000, 2_000]) {
      const before = commits()
      await jest.advanceTimersByTimeAsync(pause - 1)
      expect(commits()).toBe(before)
      await jest.advanceTimersByTimeAsync(1)
      expect(commits()).toBe(before + 1)
    }
  })

  it('is recorded once the store answers, and then no more is asked', async () => {
    const leased = await unrecorded()
    leased.pass(LEASE * 1_000)
    leased.heal()
    expect(await elsewhere(leased)).toBe('200') // no other process can know yet
    await jest.advanceTimersByTimeAsync(50)
    expect([await elsewhere(leased), await leased.ask()]).toEqual([USED, USED])
    const recorded = leased.commits()
    await jest.advanceTimersByTimeAsync(60_000)
    expect([leased.commits(), jest.getTimerCount()]).toEqual([recorded, 0])
  })

  it('is left to the store, with a warning, ten minutes after the end of the lease', async () => {
    const warnings = catchWarnings()
    const { ask, heal, commits, pass } = await unrecorded()
    await jest.advanceTimersByTimeAsync(LEASE * 1_000 + 600_000 - 1)
    expect(warnings.codes()).toEqual([])
    expect(await ask()).toBe(USED)
    await jest.advanceTimersByTimeAsync(2_001)
    expect(warnings.codes()).toEqual(['COUNTERSIGN_USE_NOT_RECORDED'])
    const given = commits()
    await jest.advanceTimersByTimeAsync(60_000)
    expect(commits()).toBe(given)
    heal()
    pass(LEASE * 1_000)
    expect(await ask()).toBe('200')
  })

  it('is overtaken where another process takes the credential first, with a warning', async () => {
    const warnings = catchWarnings()
    const leased = await unrecorded()
    leased.heal()
    leased.pass(LEASE * 1_000)
    expect(await elsewhere(leased, 'POST')).toBe('200')
    await jest.advanceTimersByTimeAsync(50)
    expect(warnings.codes()).toEqual(['COUNTERSIGN_LEASE_CUT_OFF'])
    expect(await leased.ask()).toBe('409 nonce_in_progress') // the store decides again
  })

  it('keeps no process alive', async () => {
    jest.useRealTimers()
    const timers = jest.spyOn(globalThis, 'setTimeout')
    await unrecorded()
    const timer = timers.mock.results.at(-1)?.value as NodeJS.Timeout // as Node makes them
    expect([timers.mock.calls.at(-1)?.[1], timer.hasRef()]).toEqual([50, false])
    clearTimeout(timer)
  })
})
