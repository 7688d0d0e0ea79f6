import type { Rejection } from '@countersign/core'
import { askStore, type StoreClient, type Entry } from '../../src/replay/ask-store'
import { NOW } from '../support/request'
import { altered, clockedStore, type Operation } from './stores'

const DEADLINE = 500
const USE: Entry = { key: 'k', others: [], expiresAt: NOW, owner: 'me' }
/** A use of a portal with two secrets. */
const ROTATING: Entry = { ...USE, others: ['other'] }

type Answers = Partial<Record<Operation, (...input: unknown[]) => unknown>>

/** A store that allows everything, except for what a test makes it answer. */
const GOOD: Answers = {
  ...{ claim: () => true, unclaim: () => true, has: () => false },
  ...{ reserve: () => 'free', commit: () => true, release: () => true, look: () => 'free' },
}

function clientOf(answers: Answers = {}, deadline = DEADLINE): StoreClient {
  const all = { ...GOOD, ...answers }
  return askStore(
    altered(clockedStore().store, (name) => all[name]),
    deadline,
  )
}

/** Each operation of a client, by the operation of the store that it calls. */
const CALLS: readonly (readonly [Operation, (client: StoreClient) => unknown])[] = [
  ['claim', (client) => client.claim(USE)],
  ['has', (client) => client.look(USE, false)],
  ['reserve', (client) => client.reserve(USE, 30_000)],
  ['look', (client) => client.look(USE, true)],
  ['commit', (client) => client.commit(USE)],
  ['release', (client) => client.release(USE)],
]

/** The result, or status and code of the refusal, of work that may be synchronous. */
async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    const { status, code } = error as Rejection
    return `${status} ${code}`
  }
}

const never = (): Promise<never> => new Promise(() => undefined)
const UNAVAILABLE = '503 store_unavailable'

describe('a clear answer of the store', () => {
  it.each<[Operation, unknown, unknown]>([
    ['claim', true, undefined],
    ['claim', false, '401 token_replayed'],
    ['has', false, undefined],
    ['has', true, '401 token_replayed'],
    ['reserve', 'free', undefined],
    ['reserve', 'leased', '409 nonce_in_progress'],
    ['reserve', 'used', '401 token_replayed'],
    ['look', 'free', undefined],
    ['look', 'leased', '409 nonce_in_progress'],
    ['look', 'used', '401 token_replayed'],
    ['commit', true, true],
    ['commit', false, false],
    ['release', true, true],
    ['release', false, false],
  ])('decides: %s = %p', async (name, answer, expected) => {
    const call = CALLS.find(([each]) => each === name)?.[1]
    expect(await outcome(() => call?.(clientOf({ [name]: () => answer })))).toBe(expected)
    expect(await outcome(() => call?.(clientOf({ [name]: async () => answer })))).toBe(expected)
  })

  it('makes no promise and no timer where the store makes none', () => {
    jest.useFakeTimers()
    const results = CALLS.map(([, call]) => call(clientOf()))
    expect(results).toEqual([undefined, undefined, undefined, undefined, true, true])
    expect(clientOf().claim(ROTATING)).toBeUndefined()
    expect(jest.getTimerCount()).toBe(0)
    jest.useRealTimers()
  })

  it('comes from a question with all that the store needs', () => {
    const calls: unknown[] = []
    const noting = Object.entries(GOOD).map(([name, answer]) => [
      name,
      (...input: unknown[]) => (calls.push([name, ...input]), answer()),
    ])
    const client = clientOf(Object.fromEntries(noting) as Answers)
    for (const [, call] of CALLS) call(client)
    expect(calls).toEqual([
      ['claim', 'k', NOW, 'me'],
      ['has', 'k'],
      ['reserve', 'k', { owner: 'me', duration: 30_000 }],
      ['look', 'k'],
      ['commit', 'k', { owner: 'me', expiresAt: NOW }],
      ['release', 'k', 'me'],
    ])
  })
})

describe('the other keys of a portal with several secrets', () => {
  const LOOKS: Readonly<Record<string, string>> = { k: 'free', other: 'leased' }
  const lookUp = (client: StoreClient) => client.look(ROTATING, true)

  it.each<[string, (client: StoreClient) => unknown, Answers, string]>([
    ['claim', (client) => client.claim(ROTATING), { has: (key) => key === 'other' }, 'used'],
    ['has', (client) => client.look(ROTATING, false), { has: (key) => key === 'other' }, 'used'],
    ['reserve', (client) => client.reserve(ROTATING, 1), { look: () => 'leased' }, 'leased'],
    ['reserve', (client) => client.reserve(ROTATING, 1), { look: () => 'used' }, 'used'],
    ['look', lookUp, { look: (key) => LOOKS[String(key)] }, 'leased'],
  ])('are asked about too: %s', async (_name, call, answers, state) => {
    const expected = state === 'used' ? '401 token_replayed' : '409 nonce_in_progress'
    expect(await outcome(() => call(clientOf()))).toBeUndefined()
    expect(await outcome(() => call(clientOf(answers)))).toBe(expected)
  })
})

describe.each(CALLS)('`%s` that is not answered clearly', (name, call) => {
  const ask = (answer: () => unknown, deadline?: number) =>
    outcome(() => call(clientOf({ [name]: answer }, deadline)))
  const wrongKind = ['reserve', 'look'].includes(name) ? [true, false, 'FREE'] : ['free', 'OK']

  it('is refused whatever the store returned instead', async () => {
    for (const answer of [undefined, null, 1, 0, '', 'true', {}, [], ['free'], ...wrongKind]) {
      expect([answer, await ask(() => answer)]).toEqual([answer, UNAVAILABLE])
      expect([answer, await ask(async () => answer)]).toEqual([answer, UNAVAILABLE])
    }
  })

  it('is refused where the store throws or rejects, with the cause for the log', async () => {
    const cause = new Error('no connection')
    const throws = (): never => {
      throw cause
    }
    for (const fails of [throws, () => Promise.reject(cause)]) {
      const refused = Promise.resolve().then(() => call(clientOf({ [name]: fails })))
      await expect(refused).rejects.toMatchObject({
        ...{ code: 'store_unavailable', status: 503, cause, headers: { 'retry-after': '1' } },
      })
    }
  })

  it('is refused when the deadline has passed, and not before', async () => {
    jest.useFakeTimers()
    let result: unknown = 'none yet'
    void ask(never, 2_000).then((late) => (result = late))
    await jest.advanceTimersByTimeAsync(1_999)
    expect(result).toBe('none yet')
    await jest.advanceTimersByTimeAsync(1)
    expect(result).toBe(UNAVAILABLE)
    const timers = jest.getTimerCount()
    await outcome(() => call(clientOf({ [name]: async () => GOOD[name]?.() })))
    expect(jest.getTimerCount()).toBe(timers) // an answer in time leaves none
    jest.useRealTimers()
  })
})

/** A use that is asked for, and the operation that takes it back. */
const TAKING = [
  ['claim', 'unclaim', true, [false]],
  ['reserve', 'release', 'free', ['leased', 'used']],
] as const

describe.each(TAKING)('a late answer to `%s`', (name, undo, mine, others) => {
  const call = (client: StoreClient): unknown =>
    name === 'claim' ? client.claim(USE) : client.reserve(USE, 30_000)

  /** The calls that take a use back, where the store answers after the deadline. */
  async function undone(answer: () => Promise<unknown>): Promise<unknown> {
    jest.useFakeTimers()
    const takeBack = jest.fn(() => true)
    let give!: (answer: Promise<unknown>) => void
    const late = new Promise((resolve) => (give = resolve))
    const refused = outcome(() => call(clientOf({ [name]: () => late, [undo]: takeBack })))
    await jest.advanceTimersByTimeAsync(DEADLINE)
    expect([await refused, takeBack.mock.calls]).toEqual([UNAVAILABLE, []])
    give(answer())
    await jest.advanceTimersByTimeAsync(0)
    jest.useRealTimers()
    return takeBack.mock.calls
  }

  it('is taken back where the use succeeded, or may have', async () => {
    const fails = () => Promise.reject(new Error('lost'))
    for (const answer of [async () => mine, async () => 'OK', fails]) {
      expect(await undone(answer)).toEqual([['k', 'me']])
    }
  })

  it('is left alone where another use has the key', async () => {
    for (const state of others) expect(await undone(async () => state)).toEqual([])
  })

  it('is taken back where the store failed in time', async () => {
    for (const answer of [async () => 'OK', () => Promise.reject(new Error('lost'))]) {
      const takeBack = jest.fn(() => true)
      const client = clientOf({ [name]: answer, [undo]: takeBack })
      expect(await outcome(() => call(client))).toBe(UNAVAILABLE)
      await new Promise(setImmediate)
      expect(takeBack.mock.calls).toEqual([['k', 'me']])
    }
  })

  it('does no harm where it cannot be taken back', async () => {
    const throws = (): never => {
      throw new Error('still down')
    }
    const rejects = () => Promise.reject(new Error('still down'))
    for (const takeBack of [throws, rejects, ...(undo === 'unclaim' ? [undefined] : [])]) {
      const client = clientOf({ [name]: rejects, [undo]: takeBack } as Answers)
      expect(await outcome(() => call(client))).toBe(UNAVAILABLE)
      await new Promise(setImmediate) // an unhandled rejection would fail this run
    }
  })
})
