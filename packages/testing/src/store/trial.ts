import { randomBytes } from 'node:crypto'
import { promises as timers } from 'node:timers'
import type { Awaitable, Lease, ReplayLeases, ReplayStore } from '@countersign/core'
import { findingError } from '../finding'
import { asked, PATIENCE, type Asked, type Lesson } from './asked'

export interface ReplayStoreCaseOptions {
  /**
   * Hold its `leases` to their contract as well. A store that has leases must be tested with them.
   * @default false
   */
  readonly leases?: boolean | undefined
  /** A second handle on the memory that `open` opens, as another process has one. */
  readonly peer?: (() => Awaitable<ReplayStore>) | undefined
  /**
   * Moves the store's clock, where the test holds it, forward by some milliseconds. Then nothing is
   * waited for, and what must be kept is watched for as long as it must.
   */
  readonly advance?: ((ms: number) => Awaitable<void>) | undefined
  /**
   * The clock of the store's callers, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
}

/** A store with what a case needs around it. */
export interface Trial {
  readonly store: ReplayStore
  /** @throws Error where the store has none */
  leases(): ReplayLeases
  now(): number
  claim(key: string, expiresAt: number): Asked
  has(key: string): Asked
  reserve(key: string, lease: Lease): Asked
  commit(key: string, use: { readonly owner: string; readonly expiresAt: number }): Asked
  release(key: string, owner: string): Asked
  look(key: string): Asked
  /** The key is taken, and still so after a while: 59 seconds where the test holds the clock. */
  stays(key: string, lesson: Lesson): Promise<void>
  /** Takes the key on a short lease, and comes back when that has run out. */
  runOut(key: string, owner: string): Promise<void>
}

/** A key as the core makes them: 43 characters of base64url. */
export function newKey(): string {
  return randomBytes(32).toString('base64url')
}

export function newOwner(): string {
  return randomBytes(12).toString('base64url')
}

/** How long a key is watched where the clock is not in our hands, and how often, in milliseconds. */
const WATCH = 40
const GLANCE = 8
/** Shorter than this an entry is never kept, in milliseconds. */
const LEAST_RETENTION = 60_000
/** Milliseconds. */
const SHORT_LEASE = 60

export function trialOf(store: ReplayStore, options: ReplayStoreCaseOptions): Trial {
  const { advance, now = Date.now } = options
  const leases = (): ReplayLeases => store.leases ?? noLeases()

  async function passed(ms: number): Promise<void> {
    await (advance ? advance(ms) : timers.setTimeout(ms))
  }

  const trial: Trial = {
    store,
    leases,
    now,
    claim: (key, expiresAt) => asked('claim', () => store.claim(key, expiresAt)),
    has: (key) => asked('has', () => store.has(key)),
    reserve: (key, lease) => asked('reserve', () => leases().reserve(key, lease)),
    commit: (key, use) => asked('commit', () => leases().commit(key, use)),
    release: (key, owner) => asked('release', () => leases().release(key, owner)),
    look: (key) => asked('look', () => leases().look(key)),
    async stays(key, lesson) {
      await trial.has(key).answers(true, lesson)
      const step = advance ? LEAST_RETENTION / 4 - 250 : GLANCE
      for (let seen = 0; seen < (advance ? 4 : WATCH / GLANCE); seen++) {
        await passed(step)
        await trial.has(key).answers(true, lesson)
      }
    },
    async runOut(key, owner) {
      await trial.reserve(key, { owner, duration: SHORT_LEASE }).answers('free', NEW_TO_LEASES)
      const deadline = performance.now() + PATIENCE
      await passed(SHORT_LEASE)
      while (!advance && performance.now() < deadline) {
        if ((await leases().look(key)) === 'free') return
        await timers.setTimeout(GLANCE)
      }
      await trial.look(key).answers('free', NEVER_RUNS_OUT)
    },
  }
  return trial
}

export const NEW_TO_LEASES: Lesson = {
  when: 'a key that nobody has',
  means: 'nobody could use the credential',
  fix: 'make `reserve` take a free key and answer what it was before: "free"',
}

const NEVER_RUNS_OUT: Lesson = {
  when: 'a key whose lease has run out',
  means: 'a handler that crashed would keep the credential from its user for ever',
  fix: 'end a lease after its `duration` (milliseconds) by the store’s own clock',
}

function noLeases(): never {
  throw findingError('The store has no leases', {
    sent: '`leases: true` to replayStoreCases',
    received: 'a store without `leases`',
    means: 'a guard with `consume: { lease }` would refuse it',
    fix: 'implement `leases` (ReplayLeases), or leave out `leases: true`',
  })
}
