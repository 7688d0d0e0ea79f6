import { withDeadline } from './awaitable'
import { Rejection } from './rejection'
import type { Lease, ReplayLeases, ReplayStore, UseState } from './replay'

/** Asks a store, and takes nothing but a clear answer in good time for one. */
export interface ReplayDesk {
  /** @throws Rejection `token_replayed` for a used key, `store_unavailable` unless the store says clearly that it is fresh */
  claim(key: string, expiresAt: number): Promise<void>
  /** As `claim`, but leaves the key as it is. */
  peek(key: string): Promise<void>
  /** The same for stores with leases. @throws Rejection also `nonce_in_progress` */
  reserve(key: string, lease: Lease): Promise<void>
  look(key: string): Promise<void>
  /** @throws Rejection `store_unavailable` */
  commit(key: string, use: { readonly owner: string; readonly expiresAt: number }): Promise<boolean>
  release(key: string, owner: string): Promise<boolean>
}

/** Operations that may wait for a store at once. */
export const MAX_IN_FLIGHT = 1_000
/** After this many milliseconds an operation that never settled is given up and counts no more. */
export const FORGOTTEN_AFTER = 10_000

/** @param deadline how long the store may take, in milliseconds */
export function replayDesk(store: ReplayStore, deadline: number): ReplayDesk {
  const queue = boundedQueue()
  const leases = store.leases as ReplayLeases // the policy has seen them where there is a lease

  /** Yes or no in good time. Anything else is no answer: a store that is in doubt lets nobody in. */
  async function ask<Answer>(work: () => Promise<unknown>, is: Check<Answer>): Promise<Answer> {
    const answer: unknown = await withDeadline(queue.run(work), deadline, tooLate).catch(
      (error: unknown) => {
        throw error instanceof Rejection ? error : unavailable('the store failed', error)
      },
    )
    if (is(answer)) return answer
    throw unavailable('the store answered something else than it may')
  }

  return {
    async claim(key, expiresAt) {
      if (!(await ask(() => store.claim(key, expiresAt), isBoolean))) throw replayed()
    },
    async peek(key) {
      if (await ask(() => store.has(key), isBoolean)) throw replayed()
    },
    async reserve(key, lease) {
      let asked: Promise<UseState> | undefined
      const reserve = (): Promise<UseState> => (asked = leases.reserve(key, lease))
      const state = await ask(reserve, isUseState).catch((error: unknown) => {
        if (asked) giveBack(asked, () => queue.run(() => leases.release(key, lease.owner)))
        throw error
      })
      assertFree(state)
    },
    look: async (key) => assertFree(await ask(() => leases.look(key), isUseState)),
    commit: (key, use) => ask(() => leases.commit(key, use), isBoolean),
    release: (key, owner) => ask(() => leases.release(key, owner), isBoolean),
  }
}

type Check<Answer> = (answer: unknown) => answer is Answer

const isBoolean: Check<boolean> = (answer) => typeof answer === 'boolean'
const isUseState: Check<UseState> = (answer) =>
  answer === 'free' || answer === 'leased' || answer === 'used'

function assertFree(state: UseState): void {
  if (state === 'used') throw replayed()
  if (state === 'leased') throw new Rejection('nonce_in_progress')
}

/** Nobody waits any more for what a slow store reserves after all, or a failing one may have. */
function giveBack(asked: Promise<UseState>, release: () => Promise<unknown>): void {
  const isOthers = (state: UseState): boolean => state === 'used' || state === 'leased'
  Promise.resolve(asked)
    .then(isOthers, () => false)
    .then((others) => others || release())
    .catch(() => undefined) // then it ends with its lease
}

/**
 * Runs work while not too much of it is waiting. Counted in two spans of time, so that what never
 * settles is forgotten without a timer of its own.
 */
function boundedQueue(): { run<Value>(work: () => Promise<Value>): Promise<Value> } {
  let span = { began: performance.now(), waiting: 0 }
  let last = { waiting: 0 }

  function turn(): void {
    const now = performance.now()
    if (now - span.began < FORGOTTEN_AFTER) return
    last = now - span.began < 2 * FORGOTTEN_AFTER ? span : { waiting: 0 }
    span = { began: now, waiting: 0 }
  }

  return {
    async run(work) {
      turn()
      if (span.waiting + last.waiting >= MAX_IN_FLIGHT) {
        throw unavailable('too many operations wait for the store')
      }
      const mine = span
      mine.waiting++
      try {
        return await work()
      } finally {
        mine.waiting--
      }
    },
  }
}

function replayed(): Rejection {
  return new Rejection('token_replayed')
}

function tooLate(): Rejection {
  return unavailable('the store took too long')
}

function unavailable(detail: string, cause?: unknown): Rejection {
  return new Rejection('store_unavailable', detail, cause)
}
