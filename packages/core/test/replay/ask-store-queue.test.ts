import type { Rejection, ReplayStore } from '@countersign/core'
import {
  askStore,
  FORGOTTEN_AFTER,
  MAX_IN_FLIGHT,
  type StoreClient,
  type Entry,
} from '../../src/replay/ask-store'
import { MAX_RETRIES } from '../../src/replay/undo'
import { NOW } from '../support/request'
import { altered, clockedStore } from './stores'

const DEADLINE = 500
const USE: Entry = { key: 'k', others: [], expiresAt: NOW, owner: 'me' }
const FULL = '503 too many operations are waiting for the store'

/** A store that answers when a test lets it. */
function slowStore() {
  const waiting: ((answer: unknown) => void)[] = []
  const ask = jest.fn((..._input: unknown[]) => new Promise((resolve) => waiting.push(resolve)))
  const store: ReplayStore = altered(clockedStore().store, () => ask)
  return { store, client: askStore(store, DEADLINE), ask, waiting }
}

/** `passed`, or status and detail of the refusal. */
async function outcome(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'passed'
  } catch (error) {
    const { status, detail } = error as Rejection
    return `${status} ${detail}`
  }
}

const claim = (client: StoreClient) => outcome(() => client.claim(USE))
const claims = (client: StoreClient, count: number) =>
  Promise.all(Array.from({ length: count }, () => claim(client)))

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

describe('a store that is slow', () => {
  it('is asked 1,000 questions at once by all guards together, of any kind', async () => {
    const { store, client, ask, waiting } = slowStore()
    const other = askStore(store, DEADLINE)
    const asked = claims(client, MAX_IN_FLIGHT - 5)
    const calls = [
      () => other.look(USE, false),
      () => other.reserve(USE, 1_000),
      () => other.look(USE, true),
      () => other.commit(USE),
      () => other.release(USE),
    ]
    for (const call of calls) void outcome(call)
    for (const call of calls) expect(await outcome(call)).toBe(FULL)
    expect([MAX_IN_FLIGHT, ask.mock.calls.length]).toEqual([1_000, 1_000])
    for (const answer of waiting) answer(true)
    expect(new Set(await asked)).toEqual(new Set(['passed']))
  })

  it('has room again when it has answered one', async () => {
    const { client, ask, waiting } = slowStore()
    void claims(client, MAX_IN_FLIGHT)
    waiting[0]?.(true)
    await jest.advanceTimersByTimeAsync(0)
    void claim(client)
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT + 1)
    expect(await claim(client)).toBe(FULL)
  })

  it('has no more room because the guards have given up waiting', async () => {
    const { client, waiting } = slowStore()
    const asked = claims(client, MAX_IN_FLIGHT)
    await jest.advanceTimersByTimeAsync(DEADLINE)
    expect(new Set(await asked)).toEqual(new Set(['503 the store took too long']))
    expect(await claim(client)).toBe(FULL)
    for (const answer of waiting) answer(false) // late
    await jest.advanceTimersByTimeAsync(0)
    void claim(client)
    expect(waiting).toHaveLength(MAX_IN_FLIGHT + 1)
  })

  it('is asked to take back what came too late, although it is full', async () => {
    const { client, ask, waiting } = slowStore()
    void outcome(() => client.reserve(USE, 1_000))
    void claims(client, MAX_IN_FLIGHT - 1)
    await jest.advanceTimersByTimeAsync(DEADLINE)
    waiting[0]?.('free')
    await jest.advanceTimersByTimeAsync(0)
    expect(ask.mock.calls.at(-1)).toEqual(['k', 'me'])
  })
})

it('a store that refuses everything gets back at most 100 uses with patience, and the others once', async () => {
  const { store } = slowStore()
  const unclaim = jest.fn(() => Promise.reject(new Error('out of order')))
  const client = askStore({ ...store, claim: unclaim, unclaim }, DEADLINE)
  await claims(client, 300)
  await jest.advanceTimersByTimeAsync(0)
  expect(unclaim).toHaveBeenCalledTimes(600)
  await jest.advanceTimersByTimeAsync(50)
  expect([MAX_RETRIES, unclaim.mock.calls.length]).toEqual([100, 700])
  await jest.advanceTimersByTimeAsync(30_000)
  unclaim.mockClear()
  await claims(client, 1)
  await jest.advanceTimersByTimeAsync(50)
  expect(unclaim).toHaveBeenCalledTimes(3) // the claim, and two attempts to undo it
})

describe('a store that never answers', () => {
  it('is asked again after ten seconds', async () => {
    const { client, ask } = slowStore()
    void claims(client, MAX_IN_FLIGHT)
    await jest.advanceTimersByTimeAsync(FORGOTTEN_AFTER - 1)
    expect(await claim(client)).toBe(FULL)
    await jest.advanceTimersByTimeAsync(FORGOTTEN_AFTER + 1)
    void claims(client, MAX_IN_FLIGHT + 1)
    expect([FORGOTTEN_AFTER, ask.mock.calls.length]).toEqual([10_000, 2 * MAX_IN_FLIGHT])
  })

  it('keeps the questions of the last ten seconds counted when older ones are forgotten', async () => {
    const { client, ask } = slowStore()
    void claims(client, 400)
    await jest.advanceTimersByTimeAsync(FORGOTTEN_AFTER - 1)
    void claims(client, 600)
    expect(await claim(client)).toBe(FULL)
    await jest.advanceTimersByTimeAsync(1)
    void claims(client, MAX_IN_FLIGHT) // the 400 are forgotten, the 600 after them are not
    expect(ask).toHaveBeenCalledTimes(MAX_IN_FLIGHT + 400)
  })

  it('is not counted twice when it answers a forgotten question', async () => {
    const { client, ask, waiting } = slowStore()
    void claims(client, MAX_IN_FLIGHT)
    await jest.advanceTimersByTimeAsync(2 * FORGOTTEN_AFTER)
    void claim(client)
    for (const answer of waiting.slice(0, MAX_IN_FLIGHT)) answer(false)
    await jest.advanceTimersByTimeAsync(0)
    void claims(client, MAX_IN_FLIGHT)
    expect(ask).toHaveBeenCalledTimes(2 * MAX_IN_FLIGHT) // 1,000, then one, and 999 of the last
  })
})
