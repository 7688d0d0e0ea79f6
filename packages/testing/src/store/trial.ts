import { randomBytes } from 'node:crypto'
import { promises as timers } from 'node:timers'
import { withDeadline, type ReplayStore } from '@countersign/core'
import { brokenPromise, type Finding, type Tell } from '../cases/finding'
import type { ReplayStoreCaseOptions } from './options'

const MINUTE = 60_000
const DAY = 86_400_000
/** How long a store may take to answer, in milliseconds. */
const PATIENCE = 10_000
const MOMENT = 60
/** How often a key is looked at, in milliseconds. */
const GLANCE = 8
const CALLERS = 64

/** The names of times, in milliseconds; any other time is a number. */
const TIMES: Readonly<Record<string, (now: number) => number>> = {
  'in-a-minute': (now) => now + MINUTE,
  soon: (now) => now + 1,
  yesterday: (now) => now - DAY,
  fraction: (now) => now + MINUTE + 0.25,
  '30-days': (now) => now + 30 * DAY,
  '9999': () => Date.UTC(9999, 11, 31, 23, 59, 59, 999),
}

const REQUEST =
  /^(peer )?([a-z]+)(?::([a-z]+))?(?: (?!until|for)(\w+))?(?: until (\S+))?( for a moment)?$/
const KNOWN: readonly unknown[] = [true, false, 'free', 'leased', 'used', undefined]

/** A key as the core makes them: 43 characters of base64url. */
function newKey(): string {
  return randomBytes(32).toString('base64url')
}

/** A key, another one, and those that differ from it in one character. */
function newKeys(): Readonly<Record<string, string>> {
  const rest = newKey().slice(3)
  const similar = { case: `-A${rest}A`, last: `-a${rest}E`, first: `_a${rest}A` }
  return { key: `-a${rest}A`, other: newKey(), ...similar }
}

const SILENT =
  'the store does not answer: it waits for a connection or a lock, or its client keeps commands until it is connected → check that its database is reachable and has a free connection, and let a call reject after a time of its own'

/** What the cases of a list have found. */
export interface Found {
  readonly tell: Tell
  /** The store has not answered: no more is asked. */
  silence?: Finding
}

/** A store, and what a case does with it. */
export class Trial {
  readonly #keys = newKeys()
  readonly #many = Array.from({ length: CALLERS }, newKey)
  readonly #owners = randomBytes(12).toString('base64url')
  readonly #done = new Set<string>()

  /** Steps that are no single request, by their first word. */
  readonly #steps: Readonly<Record<string, (rest: string, wanted: string) => unknown>> = {
    description: () => this.#describes(),
    one: (methods) => this.#oneWins(methods.split(' ')),
    all: (request, wanted) => Promise.all(this.#many.map((key) => this.#ask(request, wanted, key))),
    more: () => this.#claimMore(),
    later: () => this.#pass(1_100), // some stores count a lifetime in the wrong unit
    stays: () => this.#stays(),
    ended: (owner) => this.#runOut(owner),
  }

  /** @param lesson what a wrong answer means, and after an arrow what to change */
  constructor(
    readonly store: ReplayStore,
    readonly options: ReplayStoreCaseOptions,
    readonly lesson: string,
    readonly found: Found,
  ) {}

  /**
   * Runs steps such as `reserve A → free, look → leased`. A request names a method of the store, one of
   * `newKeys` after a colon, an owner, and a time after `until`; `peer` asks the other handle. Of many
   * callers of the methods after `one`, one is the first; `all` ask for keys of their own at the same
   * time; `more` keys are claimed; the key `stays` for as long as it must; a lease of `A` has `ended`.
   */
  async run(steps: string): Promise<void> {
    if (this.found.silence) throw this.found.tell(this.found.silence)
    for (const step of steps.split(', ')) {
      const [request = '', wanted = ''] = step.split(' → ')
      const [word = '', ...rest] = request.split(' ')
      const special = this.#steps[word]
      await (special ? special(rest.join(' '), wanted) : this.#ask(request, wanted))
    }
  }

  async #ask(request: string, wanted: string, key?: string): Promise<void> {
    const received = await this.#answer(request, key).then(textOf, errorText)
    const isWanted = received === wanted || (wanted === 'error' && received.startsWith('the error'))
    if (!isWanted) this.#fail(request, `${received}; expected ${wanted}`)
    this.#done.add(`\`${request}\` → ${received}`)
  }

  /** Rejects as the store does, or where it does not answer in time. */
  async #answer(request: string, own?: string): Promise<unknown> {
    const [, peer, method = '', name = 'key', letter = '', time = 'in-a-minute', moment] =
      REQUEST.exec(request) ?? []
    const key = own ?? this.#keys[name] ?? ''
    const owner = letter && letter + this.#owners
    const expiresAt = TIMES[time]?.((this.options.now ?? Date.now)()) ?? Number(time)
    const duration = moment ? MOMENT : MINUTE + 0.25
    const store = (peer && (await this.options.peer?.())) || this.store
    const { leases } = store
    const calls: Readonly<Record<string, () => unknown>> = {
      claim: () => store.claim(key, expiresAt, owner || undefined),
      unclaim: async () => void (await store.unclaim?.(key, owner)),
      has: () => store.has(key),
      reserve: () => leases?.reserve(key, { owner, duration }),
      commit: () => leases?.commit(key, { owner, expiresAt }),
      release: () => leases?.release(key, owner),
      look: () => leases?.look(key),
    }
    const late = (): Error => {
      const received = `no answer within ${PATIENCE} ms`
      this.found.silence = brokenPromise(`\`${request}\``, received, SILENT)
      return this.found.tell(this.found.silence)
    }
    return withDeadline(Promise.resolve(calls[method]?.()), PATIENCE, late)
  }

  readonly #pass = (ms: number): unknown => (this.options.advance ?? timers.setTimeout)(ms)

  #fail(request: string, received: string): never {
    const before = this.#done.size === 0 ? '' : `, after ${[...this.#done].join(', ')}`
    throw this.found.tell(brokenPromise(`\`${request}\`${before}`, received, this.lesson))
  }

  #describes(): void {
    const { durable, leases } = this.store
    const isTested = Boolean(leases) === Boolean(this.options.leases)
    if (typeof durable === 'boolean' && isTested) return
    const received = `a value of type ${typeof durable}, and ${leases ? 'leases' : 'no leases'}`
    this.#fail('durable', `${received} with \`leases: ${Boolean(this.options.leases)}\``)
  }

  async #oneWins(methods: readonly string[]): Promise<void> {
    const what = methods.join('` and `')
    const requests = this.#many.map((_, index) =>
      this.#answer(`${methods[index % methods.length]} o${index}`).catch((error: unknown) =>
        this.#fail(what, `${errorText(error)}; expected an answer to each of ${CALLERS} callers`),
      ),
    )
    // any sign of success counts here: what else is wrong with it, other cases tell
    const isWon = (answer: unknown): boolean =>
      Boolean(answer) && answer !== 'leased' && answer !== 'used'
    const { length } = (await Promise.all(requests)).filter(isWon)
    const received = `${length} of ${CALLERS} callers at the same time were the first`
    if (length !== 1) this.#fail(what, received)
  }

  async #claimMore(): Promise<void> {
    const { entries = 2_000 } = this.options
    for (let count = 0; count < entries; count += CALLERS) {
      const claims = this.#many.map(() => this.#answer('claim', newKey()).then(() => '', errorText))
      if ((await Promise.all(claims)).some(Boolean)) return // it is full: it may refuse more
    }
  }

  async #stays(): Promise<void> {
    const [times, pause] = this.options.advance ? [4, MINUTE / 4 - 250] : [5, GLANCE]
    for (let seen = 0; seen <= times; seen++) {
      if (seen > 0) await this.#pass(pause)
      await this.#ask('has', 'true')
    }
  }

  async #runOut(owner: string): Promise<void> {
    await this.#ask(`reserve ${owner} for a moment`, 'free')
    await this.#pass(MOMENT)
    for (let left = PATIENCE; left > 0; left -= GLANCE) {
      if ((await this.#answer('look')) === 'free') return
      await this.#pass(GLANCE)
    }
  }
}

function textOf(answer: unknown): string {
  if (KNOWN.includes(answer)) return String(answer)
  return `${JSON.stringify(answer)}, which no guard accepts`
}

/** @throws the error of the kit for no answer */
function errorText(error: unknown): string {
  if (error instanceof Error && 'finding' in error) throw error
  return `the error "${error instanceof Error ? error.message : String(error)}"`
}
