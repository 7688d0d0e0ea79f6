import type { Rejection } from '@countersign/core'
import type { Lease, ReplayStore } from '../src/replay'
import { replayDesk, type ReplayDesk } from '../src/replay-desk'
import { expectRejection, refusal } from './support/errors'
import { NOW } from './support/request'
import { storeOf, type StoreParts } from './support/store'

const DEADLINE = 500
const LEASE: Lease = { owner: 'me', duration: 30_000 }

const deskOf = (parts?: StoreParts, deadline: number = DEADLINE): ReplayDesk =>
  replayDesk(storeOf(parts), deadline)

/** Every question that a desk can put, by the operation of the store. */
const QUESTIONS: Readonly<Record<keyof StoreParts, (desk: ReplayDesk) => Promise<unknown>>> = {
  claim: (desk) => desk.claim('k', NOW),
  has: (desk) => desk.peek('k'),
  reserve: (desk) => desk.reserve('k', LEASE),
  look: (desk) => desk.look('k'),
  commit: (desk) => desk.commit('k', { owner: 'me', expiresAt: NOW }),
  release: (desk) => desk.release('k', 'me'),
}
const OPERATIONS = Object.keys(QUESTIONS) as (keyof StoreParts)[] // its own keys
const never = (): Promise<never> => new Promise(() => undefined)

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'passed',
    (error: Rejection) => `${error.status} ${error.code}`,
  )
}

describe('a clear answer', () => {
  it('lets the first pass and no other', async () => {
    await expect(deskOf().claim('k', NOW)).resolves.toBeUndefined()
    await expect(deskOf().peek('k')).resolves.toBeUndefined()
    const used = deskOf({ claim: async () => false, has: async () => true })
    expectRejection(await refusal(used.claim('k', NOW)), 'token_replayed')
    expectRejection(await refusal(used.peek('k')), 'token_replayed')
  })

  it('tells a credential that is in use from one that was used', async () => {
    for (const [state, code] of [
      ['free', 'passed'],
      ['leased', '409 nonce_in_progress'],
      ['used', '401 token_replayed'],
    ]) {
      const desk = deskOf({ reserve: async () => state, look: async () => state })
      expect(await codeOf(desk.reserve('k', LEASE))).toBe(code)
      expect(await codeOf(desk.look('k'))).toBe(code)
    }
  })

  it.each([true, false])('is passed on for a lease that ends: %p', async (answer) => {
    const desk = deskOf({ commit: async () => answer, release: async () => answer })
    expect(await desk.commit('k', { owner: 'me', expiresAt: NOW })).toBe(answer)
    expect(await desk.release('k', 'me')).toBe(answer)
  })

  it('belongs to a question that was put as it came', async () => {
    const heard: unknown[] = []
    const listens =
      (answer: unknown) =>
      async (...words: unknown[]) => (heard.push(words), answer)
    const desk = deskOf({
      claim: listens(true),
      has: listens(false),
      reserve: listens('free'),
      look: listens('free'),
      commit: listens(true),
      release: listens(true),
    })
    for (const operation of OPERATIONS) await QUESTIONS[operation]?.(desk)
    expect(heard).toEqual([
      ['k', NOW],
      ['k'],
      ['k', LEASE],
      ['k'],
      ['k', { owner: 'me', expiresAt: NOW }],
      ['k', 'me'],
    ])
  })
})

describe.each(OPERATIONS)('`%s`', (operation) => {
  const ask = (answer: () => unknown, deadline?: number): Promise<unknown> =>
    QUESTIONS[operation]!(deskOf({ [operation]: answer }, deadline))
  const wrongKind = ['reserve', 'look'].includes(operation) ? [true, false, 'FREE'] : ['free', 'OK']

  it.each([undefined, null, 1, 0, '', 'true', {}, [], ['free'], ...wrongKind])(
    'takes %p for no answer',
    async (answer) => {
      const error = await refusal(ask(async () => answer))
      expectRejection(error, 'store_unavailable')
      expect(error).toMatchObject({ detail: 'the store answered something else than it may' })
    },
  )

  it('is unavailable when it rejects or throws, with the cause for the log', async () => {
    const fault = new Error('no connection')
    const throws = (): never => {
      throw fault
    }
    for (const fails of [() => Promise.reject(fault), throws]) {
      const error = await refusal(ask(fails))
      expectRejection(error, 'store_unavailable')
      expect(error).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, cause: fault })
    }
  })

  it.each([10, 500, 2_000])('is unavailable after %i ms of silence, not before', async (ms) => {
    jest.useFakeTimers()
    try {
      let code = 'none yet'
      const work = codeOf(ask(never, ms)).then((late) => (code = late))
      await jest.advanceTimersByTimeAsync(ms - 1)
      expect(code).toBe('none yet')
      await jest.advanceTimersByTimeAsync(1)
      expect(await work).toBe('503 store_unavailable')
    } finally {
      jest.useRealTimers()
    }
  })

  it('leaves no timer behind once it has answered', async () => {
    jest.useFakeTimers()
    try {
      await QUESTIONS[operation]!(deskOf())
      expect(jest.getTimerCount()).toBe(0)
    } finally {
      jest.useRealTimers()
    }
  })

  it('cannot be asked of a store without leases, unless it needs none', async () => {
    const desk = replayDesk({ ...storeOf(), leases: undefined } as unknown as ReplayStore, DEADLINE) // wrong on purpose
    const works = operation === 'claim' || operation === 'has'
    expect(await codeOf(QUESTIONS[operation]!(desk))).toBe(
      works ? 'passed' : '503 store_unavailable',
    )
  })
})
