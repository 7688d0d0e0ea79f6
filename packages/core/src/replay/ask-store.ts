import { callLater, isPromise, withDeadline, type Awaitable } from '../awaitable'
import { isRejection, Rejection } from '../rejection'
import type { ReplayLeases, ReplayStore, UseState } from './store'
import { orUndo, undoOf, type Retries, type Undo } from './undo'

/** The entry that a credential makes in the store. */
export interface Entry {
  readonly key: string
  /**
   * Keys under which the same credential may have been used as well: those of the portal's other
   * secrets.
   */
  readonly others: readonly string[]
  /** Milliseconds since the epoch, or `Infinity`. */
  readonly expiresAt: number
  readonly owner: string
}

/**
 * Asks a store and accepts only a clear answer in good time. Each method throws or rejects with a
 * Rejection: `token_replayed` for a used credential, `nonce_in_progress` for a leased one,
 * `store_unavailable` for anything unclear.
 */
export interface StoreClient {
  claim(entry: Entry): Awaitable<void>
  /** @param duration milliseconds */
  reserve(entry: Entry, duration: number): Awaitable<void>
  /** Looks only whether it is free. @param isLeased whether it may be leased */
  look(entry: Entry, isLeased: boolean): Awaitable<void>
  commit(entry: Entry): Awaitable<boolean>
  release(entry: Entry): Awaitable<boolean>
  /** Keys that are used although the store could not record it yet. They are refused meanwhile. */
  readonly unrecorded: Set<string>
}

/** @param deadline how long the store may take, in milliseconds */
export function askStore(store: ReplayStore, deadline: number): StoreClient {
  const inFlight = inFlightOf(store)
  const ask = asking(inFlight, deadline)
  const leases = store.leases as ReplayLeases // settings.ts has checked that lease mode has them

  const has: AskKey = (key) =>
    after(
      ask(() => store.has(key), isBoolean),
      (isUsed) => assertFree(isUsed ? 'used' : 'free'),
    )
  const state: AskKey = (key) =>
    after(
      ask(() => leases.look(key), isUseState),
      assertFree,
    )

  return {
    claim({ key, others, expiresAt, owner }) {
      const undo = undoOf(() => store.unclaim?.(key, owner), inFlight.retries)
      const claimed = ask(() => store.claim(key, expiresAt, owner), isBoolean, undo)
      const first = after(claimed, (isFirst) => assertFree(isFirst ? 'free' : 'used'))
      return checkOthers(first, others, has, undo)
    },
    reserve({ key, others, owner }, duration) {
      const undo = undoOf(() => leases.release(key, owner), inFlight.retries)
      const reserved = ask(() => leases.reserve(key, { owner, duration }), isUseState, undo)
      return checkOthers(after(reserved, assertFree), others, state, undo)
    },
    look: ({ key, others }, isLeased) => inTurn([key, ...others], isLeased ? state : has),
    commit: ({ key, owner, expiresAt }) =>
      ask(() => leases.commit(key, { owner, expiresAt }), isBoolean),
    release: ({ key, owner }) => ask(() => leases.release(key, owner), isBoolean),
    unrecorded: inFlight.unrecorded,
  }
}

type AskKey = (key: string) => Awaitable<void>

/** Gives a key back where the credential was used under one of the others. */
function checkOthers(
  first: Awaitable<void>,
  others: readonly string[],
  askKey: AskKey,
  undo: Undo,
): Awaitable<void> {
  if (others.length === 0) return first
  return after(first, () => orUndo(() => inTurn(others, askKey), undo))
}

/** Asks the store, within the deadline and the number of operations that may wait for it. */
function asking(inFlight: InFlight, deadline: number) {
  /** @param undo takes back what a late answer has taken */
  return function ask<Answer>(
    work: () => Awaitable<unknown>,
    is: (answer: unknown) => answer is Answer,
    undo?: Undo,
  ): Awaitable<Answer> {
    if (inFlight.isFull()) throw unavailable('too many operations are waiting for the store')
    const answer = attempt(work)
    if (!isPromise(answer)) return clear(answer, is)
    const counted = inFlight.count(answer)
    return withDeadline(counted, deadline, tooLate)
      .then((each) => clear(each, is))
      .catch((error: unknown) => {
        undo?.(counted)
        throw failed(error)
      })
  }
}

function after<Answer>(
  answer: Awaitable<Answer>,
  next: (answer: Answer) => Awaitable<void>,
): Awaitable<void> {
  return isPromise(answer) ? answer.then<void>(next) : next(answer)
}

/** Asks about one key after another. */
function inTurn([key, ...others]: readonly string[], ask: AskKey): Awaitable<void> {
  return key === undefined ? undefined : after(ask(key), () => inTurn(others, ask))
}

function attempt(work: () => Awaitable<unknown>): Awaitable<unknown> {
  try {
    return work()
  } catch (error) {
    throw failed(error)
  }
}

function clear<Answer>(answer: unknown, is: (answer: unknown) => answer is Answer): Answer {
  if (is(answer)) return answer
  throw unavailable('the store returned something other than its interface allows')
}

function isBoolean(answer: unknown): answer is boolean {
  return typeof answer === 'boolean'
}

function isUseState(answer: unknown): answer is UseState {
  return answer === 'free' || answer === 'leased' || answer === 'used'
}

function assertFree(state: UseState): void {
  if (state === 'used') throw new Rejection('token_replayed')
  if (state === 'leased') throw new Rejection('nonce_in_progress')
}

function tooLate(): Rejection {
  return unavailable('the store took too long')
}

function failed(cause: unknown): Rejection {
  return isRejection(cause) ? cause : unavailable('the store failed', cause)
}

function unavailable(detail: string, cause?: unknown): Rejection {
  return new Rejection('store_unavailable', detail, cause)
}

/** Operations that may wait for one store at once. */
export const MAX_IN_FLIGHT = 1_000
/** After this many milliseconds an operation that never settled is no longer counted. */
export const FORGOTTEN_AFTER = 10_000

/** What this process knows about a store, however many guards use it. */
interface InFlight {
  /** Keys that are used although the store could not record it yet. They are refused meanwhile. */
  readonly unrecorded: Set<string>
  readonly retries: Retries
  isFull(): boolean
  /** Counts an operation until it settles. */
  count<Value>(work: PromiseLike<Value>): Promise<Value>
}

const all = new WeakMap<ReplayStore, InFlight>()

function inFlightOf(store: ReplayStore): InFlight {
  const known = all.get(store)
  if (known) return known
  const made = { unrecorded: new Set<string>(), retries: { waiting: 0 }, ...countWaiting() }
  all.set(store, made)
  return made
}

/** An operation that never settles is counted for a while. */
function countWaiting(): Pick<InFlight, 'isFull' | 'count'> {
  let waiting = 0
  return {
    isFull: () => waiting >= MAX_IN_FLIGHT,
    async count(work) {
      let isCounted = true
      const forget = (): void => {
        if (isCounted) waiting--
        isCounted = false
      }
      waiting++
      const timer = callLater(forget, FORGOTTEN_AFTER)
      try {
        return await work
      } finally {
        clearTimeout(timer)
        forget()
      }
    },
  }
}
