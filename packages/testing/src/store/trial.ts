import { randomBytes } from 'node:crypto'
import { promises as timers } from 'node:timers'
import type { Awaitable, ReplayStore } from '@countersign/core'
import { findingError } from '../cases/finding'

export interface ReplayStoreCaseOptions {
  /**
   * Check its `leases`, too. A store that has leases must be tested with them.
   * @default false
   */
  readonly leases?: boolean | undefined
  /** A second handle on the same memory, as another process has one. */
  readonly peer?: (() => Awaitable<ReplayStore>) | undefined
  /**
   * Moves the store's clock forward by some milliseconds, where the test controls it. Then nothing is
   * waited for, and entries are watched for as long as they must be kept.
   */
  readonly advance?: ((ms: number) => Awaitable<void>) | undefined
  /**
   * The clock of the store's callers, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
  /**
   * How many keys it must remember at once. A full store may refuse more; it must not forget.
   * @default 2000
   */
  readonly entries?: number | undefined
}

export interface Given {
  /** Two keys, made of 42 characters. @default two new keys */
  readonly keys?: (rest: string) => readonly [string, string]
  /** What `E` stands for. @param now milliseconds since the epoch */
  readonly end?: (now: number) => number
}

export const MINUTE = 60_000
/** How long a store may take to answer, in milliseconds. */
const PATIENCE = 10_000
const SHORT_LEASE = 60
/** How often a key is looked at, in milliseconds. */
const GLANCE = 8

/** A key as the core makes them: 43 characters of base64url. */
export function newKey(): string {
  return randomBytes(32).toString('base64url')
}

/** A store, and what a case does with it. */
export interface Trial {
  readonly store: ReplayStore
  readonly options: ReplayStoreCaseOptions
  /**
   * Runs steps such as `reserve A → free, look → leased`. The methods are those of a store; `2` after
   * one means the second key, `A` and `B` are owners, `E` is the given end. `stays` watches the key
   * for as long as it must be kept, `ended A` takes it on a lease that ends.
   */
  run(steps: string): Promise<void>
  /** One step. Rejects as the store does, or where it does not answer in time. */
  ask(request: string, key?: string): Promise<unknown>
  pass(ms: number): Promise<void>
  /** @throws Error with a finding */
  fault(request: string, received: string): never
}

/** @param where a stack whose first line is the user's */
export function trialOf(
  store: ReplayStore,
  options: ReplayStoreCaseOptions,
  { lesson, where }: { readonly lesson: string; readonly where: string },
  { keys = () => [newKey(), newKey()], end = (now) => now + MINUTE }: Given = {},
): Trial {
  const { advance, now = Date.now } = options
  const pair = keys(newKey().slice(1))
  const owners = randomBytes(12).toString('base64url')
  const done: string[] = []

  const pass = async (ms: number): Promise<void> => {
    await (advance ? advance(ms) : timers.setTimeout(ms))
  }

  function fault(request: string, received: string): never {
    const before = done.length === 0 ? '' : `, after ${done.join(', ')}`
    const [means = '', fix = ''] = lesson.split(' → ')
    const finding = { sent: `\`${request}\`${before}`, received, means, fix }
    throw findingError({ severity: 'a broken promise', ...finding }, where)
  }

  function ask(request: string, given?: string): Promise<unknown> {
    const [, method = '', second, name, useEnd] = STEP.exec(request) ?? []
    const key = given ?? pair[second ? 1 : 0]
    const expiresAt = useEnd ? end(now()) : now() + MINUTE
    return inTime(() => askStore(store, method, key, { owner: name && name + owners, expiresAt }))
  }

  async function step(request: string, wanted: string): Promise<void> {
    if (LEASED.test(request) && !store.leases) fault('leases', 'a store without `leases`')
    const answer = await ask(request).catch((error: unknown) => new Failure(error))
    const received = answer instanceof Failure ? 'error' : String(answer)
    const isTyped = answer instanceof Failure || TYPED.includes(answer as string) // or anything else
    if (received !== wanted || !isTyped) {
      const more = isTyped ? '' : '; a guard accepts only true, false, "free", "leased" and "used"'
      fault(request, `${show(answer)}; expected ${wanted}${more}`)
    }
    done.push(`\`${request}\` → ${received}`)
  }

  async function stays(): Promise<void> {
    const [times, pause] = advance ? [4, MINUTE / 4 - 250] : [5, GLANCE]
    for (let seen = 0; seen <= times; seen++) {
      if (seen > 0) await pass(pause)
      if ((await ask('has')) !== true) fault('has', 'false, a little later; expected true')
    }
  }

  async function runOut(name: string): Promise<void> {
    const lease = { owner: name + owners, duration: SHORT_LEASE }
    await inTime(() => store.leases?.reserve(pair[0], lease))
    const deadline = performance.now() + PATIENCE
    await pass(SHORT_LEASE)
    while (!advance && performance.now() < deadline && (await ask('look')) !== 'free') {
      await pass(GLANCE)
    }
    done.push(`\`reserve ${name}\` for ${SHORT_LEASE} ms, which have passed`)
  }

  async function run(steps: string): Promise<void> {
    for (const each of steps.split(', ')) {
      const [request = '', wanted = ''] = each.split(' → ')
      if (request === 'stays') await stays()
      else if (request.startsWith('ended')) await runOut(request.slice(-1))
      else await step(request, wanted)
    }
  }

  return { store, options, run, ask, pass, fault }
}

const STEP = /^([a-z]+)(2?)(?: ([a-zA-D]))?( E)?$/
const LEASED = /^(?:reserve|commit|release|look|ended)/
const TYPED: readonly unknown[] = [true, false, 'free', 'leased', 'used', undefined]

function askStore(
  store: ReplayStore,
  method: string,
  key: string,
  { owner = '', expiresAt }: { readonly owner: string | undefined; readonly expiresAt: number },
): unknown {
  const { leases } = store
  if (method === 'claim' && owner === '') return store.claim(key, expiresAt)
  if (method === 'claim') return store.claim(key, expiresAt, owner)
  if (method === 'unclaim')
    return Promise.resolve(store.unclaim?.(key, owner)).then(() => undefined)
  if (method === 'has') return store.has(key)
  if (method === 'reserve') return leases?.reserve(key, { owner, duration: MINUTE + 0.25 })
  if (method === 'commit') return leases?.commit(key, { owner, expiresAt })
  return method === 'release' ? leases?.release(key, owner) : leases?.look(key)
}

/** A store that throws, or does not answer, has failed. */
async function inTime(work: () => unknown): Promise<unknown> {
  const stop = new AbortController()
  const late = timers
    .setTimeout(PATIENCE, undefined, { signal: stop.signal, ref: false })
    .then(() => Promise.reject(new Error(`no answer within ${PATIENCE} ms`)))
  late.catch(() => undefined) // aborted: nothing waits for it any more
  try {
    return await Promise.race([work(), late])
  } finally {
    stop.abort()
  }
}

/** An error that a store threw. */
class Failure {
  constructor(readonly error: unknown) {}
}

function show(value: unknown): string {
  if (value instanceof Failure) {
    return `the error "${value.error instanceof Error ? value.error.message : String(value.error)}"`
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
