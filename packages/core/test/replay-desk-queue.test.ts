import type { Rejection } from '@countersign/core'
import type { ReplayStore } from '../src/replay'
import { FORGOTTEN_AFTER, MAX_IN_FLIGHT, replayDesk, type ReplayDesk } from '../src/replay-desk'
import { NOW } from './support/request'

const DEADLINE = 500
const FULL = 'too many operations wait for the store'

/** A store that answers when a test lets it. */
function slowStore() {
  const waiting: ((answer: unknown) => void)[] = []
  const ask = jest.fn(() => new Promise<never>((resolve) => waiting.push(resolve as () => void))) // with anything
  const leases = { reserve: ask, commit: ask, release: ask, look: ask }
  const store: ReplayStore = { claim: ask, has: ask, durable: true, leases }
  return { desk: replayDesk(store, DEADLINE), ask, waiting }
}

/** `passed`, or why not. */
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'passed',
    (error: Rejection) => `${error.status} ${error.detail}`,
  )

const claim = (desk: ReplayDesk): Promise<string> => outcome(desk.claim('k', NOW))
const claims = (desk: ReplayDesk, count: number): Promise<string>[] =>
  Array.from({ length: count }, () => claim(desk))

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

describe('a store that many wait for', () => {
  it('is asked a thousand questions at once, and not one more', async () => {
    const { desk, ask, waiting } = slowStore()
    const asked = claims(desk, MAX_IN_FLIGHT)
    expect(MAX_IN_FLIGHT).toBe(1_000)
    expect(await claim(desk)).toBe(`503 ${FULL}`) // at once: no time has passed
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT)
    for (const answer of waiting) answer(true)
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['passed']))
  })

  it('counts all operations together', async () => {
    const { desk, ask } = slowStore()
    void Promise.all(claims(desk, MAX_IN_FLIGHT - 5))
    const use = { owner: 'me', expiresAt: NOW }
    const others = [
      () => desk.peek('k'),
      () => desk.reserve('k', { owner: 'me', duration: 1_000 }),
      () => desk.look('k'),
      () => desk.commit('k', use),
      () => desk.release('k', 'me'),
    ]
    for (const other of others) void outcome(other())
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT)
    for (const other of others) expect(await outcome(other())).toBe(`503 ${FULL}`)
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT)
  })

  it('has room again as soon as one of them is answered', async () => {
    const { desk, waiting } = slowStore()
    const [first] = claims(desk, MAX_IN_FLIGHT)
    waiting[0]?.(true)
    expect(await first).toBe('passed')
    const next = claim(desk)
    waiting.at(-1)?.(true)
    expect(await next).toBe('passed')
  })

  it('is not asked more because those who asked have given up waiting', async () => {
    const { desk, ask, waiting } = slowStore()
    const asked = claims(desk, MAX_IN_FLIGHT)
    await jest.advanceTimersByTimeAsync(DEADLINE)
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['503 the store took too long']))
    expect(await claim(desk)).toBe(`503 ${FULL}`)
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT)
    for (const answer of waiting) answer(true) // late, but an answer
    await jest.advanceTimersByTimeAsync(0)
    void claim(desk)
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT + 1)
  })

  it('is asked again after a while where it never answers', async () => {
    const { desk, ask } = slowStore()
    void Promise.all(claims(desk, MAX_IN_FLIGHT))
    await jest.advanceTimersByTimeAsync(FORGOTTEN_AFTER - 1)
    expect(await claim(desk)).toBe(`503 ${FULL}`)
    await jest.advanceTimersByTimeAsync(FORGOTTEN_AFTER + 1)
    const again = claims(desk, MAX_IN_FLIGHT + 1)
    expect(ask).toHaveBeenCalledTimes(2 * MAX_IN_FLIGHT)
    await jest.advanceTimersByTimeAsync(DEADLINE)
    expect((await Promise.all(again)).at(-1)).toBe(`503 ${FULL}`)
  })

  it('still counts what was asked a moment before the older questions were forgotten', async () => {
    const { desk, ask } = slowStore()
    void Promise.all(claims(desk, 400))
    await jest.advanceTimersByTimeAsync(FORGOTTEN_AFTER - 1)
    void Promise.all(claims(desk, 300))
    await jest.advanceTimersByTimeAsync(1)
    void Promise.all(claims(desk, 400)) // 700 of the last ten seconds wait: 300 find room
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT)
    await jest.advanceTimersByTimeAsync(FORGOTTEN_AFTER)
    void Promise.all(claims(desk, 1_000)) // the first 700 are forgotten, the 300 after them are not
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT + 700)
  })

  it('never counts below nothing when a forgotten question is answered after all', async () => {
    const { desk, ask, waiting } = slowStore()
    void Promise.all(claims(desk, MAX_IN_FLIGHT))
    await jest.advanceTimersByTimeAsync(2 * FORGOTTEN_AFTER)
    void claim(desk)
    for (const answer of waiting.slice(0, MAX_IN_FLIGHT)) answer(true)
    await jest.advanceTimersByTimeAsync(0)
    void Promise.all(claims(desk, MAX_IN_FLIGHT))
    expect(ask).toHaveBeenCalledTimes(2 * MAX_IN_FLIGHT) // 1000 before, one, and 999 of the last
  })

  it('is not given back what the queue kept from it', async () => {
    const { desk, ask } = slowStore()
    void Promise.all(claims(desk, MAX_IN_FLIGHT))
    expect(await outcome(desk.reserve('k', { owner: 'me', duration: 1_000 }))).toBe(`503 ${FULL}`)
    await jest.advanceTimersByTimeAsync(0)
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT)
  })

  it('has room to be given back what came too late', async () => {
    const { desk, ask, waiting } = slowStore()
    const reserved = outcome(desk.reserve('k', { owner: 'me', duration: 1_000 }))
    void Promise.all(claims(desk, MAX_IN_FLIGHT - 1))
    await jest.advanceTimersByTimeAsync(DEADLINE)
    expect(await reserved).toBe('503 the store took too long')
    waiting[0]?.('free')
    await jest.advanceTimersByTimeAsync(0)
    expect(ask.mock.calls.at(-1)).toEqual(['k', 'me'])
    expect(await claim(desk)).toBe(`503 ${FULL}`) // its release waits as everything does
  })
})
