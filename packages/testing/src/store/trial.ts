import { randomBytes } from 'node:crypto'
import { promises as timers } from 'node:timers'
import { withDeadline, type ReplayStore } from '@countersign/core'
import { findingError } from '../cases/finding'
import type { ReplayStoreCaseOptions } from './options'

/** What a case is about. */
export interface Subject {
  /** What a wrong answer means, and after an arrow what to change. */
  readonly lesson: string
  /** A stack whose first line is the user's. */
  readonly where: string
  /** Two keys, made of 42 characters. @default two new keys */
  readonly keys?: ((rest: string) => readonly [string, string]) | undefined
  /** The time `E`. @param now milliseconds since the epoch */
  readonly end?: ((now: number) => number) | undefined
}

export const MINUTE = 60_000
/** How long a store may take to answer, in milliseconds. */
const PATIENCE = 10_000
const SHORT_LEASE = 60
/** How often a key is looked at, in milliseconds. */
const GLANCE = 8

const STEP = /^([a-z]+)(2?)(?: (?!E$)([\w-]+))?( E)?$/
const LEASED = /^(?:reserve|commit|release|look|ended)/
const TYPED: readonly unknown[] = [true, false, 'free', 'leased', 'used', undefined]

/** A key as the core makes them: 43 characters of base64url. */
export function newKey(): string {
  return randomBytes(32).toString('base64url')
}

/** A store, and what a case does with it. */
export class Trial {
  readonly #subject: Subject
  readonly #keys: readonly [string, string]
  readonly #owners = randomBytes(12).toString('base64url')
  readonly #done: string[] = []

  constructor(
    readonly store: ReplayStore,
    readonly options: ReplayStoreCaseOptions,
    subject: Subject,
  ) {
    this.#subject = subject
    this.#keys = subject.keys?.(newKey().slice(1)) ?? [newKey(), newKey()]
  }

  /**
   * Runs steps such as `reserve A → free, look → leased`. The methods are those of a store; `2` after
   * one means the second key, `A` and `B` are owners, `E` is the given end. `stays` watches the key
   * for as long as it must be kept, `ended A` takes it on a lease that ends.
   */
  async run(steps: string): Promise<void> {
    for (const each of steps.split(', ')) {
      const [request = '', wanted = ''] = each.split(' → ')
      if (request === 'stays') await this.#stays()
      else if (request.startsWith('ended')) await this.#runOut(request.slice(-1))
      else await this.#step(request, wanted)
    }
  }

  /** One step. Rejects as the store does, or where it does not answer in time. */
  ask(request: string, key?: string): Promise<unknown> {
    const [, method = '', second, name, useEnd] = STEP.exec(request) ?? []
    const { options, store } = this
    const now = (options.now ?? Date.now)()
    const { end = (start: number) => start + MINUTE } = this.#subject
    const owner = name && name + this.#owners
    const use = { owner, expiresAt: useEnd ? end(now) : now + MINUTE }
    return inTime(() => askStore(store, method, key ?? this.#keys[second ? 1 : 0], use))
  }

  async pass(ms: number): Promise<void> {
    await (this.options.advance ?? timers.setTimeout)(ms)
  }

  /** @throws Error with a finding */
  fault(request: string, received: string): never {
    const before = this.#done.length === 0 ? '' : `, after ${this.#done.join(', ')}`
    const [means = '', fix = ''] = this.#subject.lesson.split(' → ')
    const finding = { sent: `\`${request}\`${before}`, received, means, fix }
    throw findingError({ severity: 'a broken promise', ...finding }, this.#subject.where)
  }

  async #step(request: string, wanted: string): Promise<void> {
    if (LEASED.test(request) && !this.store.leases) this.fault('leases', 'a store without `leases`')
    const answer = await this.ask(request).catch((error: unknown) => new Failure(error))
    const received = answer instanceof Failure ? 'error' : String(answer)
    const isTyped = answer instanceof Failure || TYPED.includes(answer)
    if (received !== wanted || !isTyped) {
      const more = isTyped ? '' : '; a guard accepts only true, false, "free", "leased" and "used"'
      this.fault(request, `${show(answer)}; expected ${wanted}${more}`)
    }
    this.#done.push(`\`${request}\` → ${received}`)
  }

  async #stays(): Promise<void> {
    const [times, pause] = this.options.advance ? [4, MINUTE / 4 - 250] : [5, GLANCE]
    for (let seen = 0; seen <= times; seen++) {
      if (seen > 0) await this.pass(pause)
      if ((await this.ask('has')) !== true) this.fault('has', 'false, later; expected true')
    }
  }

  async #runOut(name: string): Promise<void> {
    const lease = { owner: name + this.#owners, duration: SHORT_LEASE }
    await inTime(() => this.store.leases?.reserve(this.#keys[0], lease))
    const deadline = performance.now() + PATIENCE
    await this.pass(SHORT_LEASE)
    const isWaiting = (): boolean => !this.options.advance && performance.now() < deadline
    while (isWaiting() && (await this.ask('look')) !== 'free') await this.pass(GLANCE)
    this.#done.push(`\`reserve ${name}\` for ${SHORT_LEASE} ms, which have passed`)
  }
}

function askStore(
  store: ReplayStore,
  method: string,
  key: string,
  { owner = '', expiresAt }: { readonly owner: string | undefined; readonly expiresAt: number },
): unknown {
  const { leases } = store
  const calls: Readonly<Record<string, () => unknown>> = {
    claim: () => (owner ? store.claim(key, expiresAt, owner) : store.claim(key, expiresAt)),
    unclaim: () => Promise.resolve(store.unclaim?.(key, owner)).then(() => undefined),
    has: () => store.has(key),
    reserve: () => leases?.reserve(key, { owner, duration: MINUTE + 0.25 }),
    commit: () => leases?.commit(key, { owner, expiresAt }),
    release: () => leases?.release(key, owner),
    look: () => leases?.look(key),
  }
  return calls[method]?.()
}

/** A store that throws, or does not answer, has failed. */
async function inTime(work: () => unknown): Promise<unknown> {
  const late = (): Error => new Error(`no answer within ${PATIENCE} ms`)
  return withDeadline(Promise.resolve(work()), PATIENCE, late)
}

/** An error that a store threw. */
class Failure {
  constructor(readonly error: unknown) {}
}

function show(value: unknown): string {
  if (value instanceof Failure) {
    return `the error "${value.error instanceof Error ? value.error.message : String(value.error)}"`
  }
  return JSON.stringify(value) ?? 'undefined'
}
