import type { Awaitable, ReplayStore } from '@countersign/core'

interface Entry {
  readonly owner: string
  /** By the clock of callers where it is final, else by the store's own. */
  readonly until: number
  readonly isFinal: boolean
}

/** The clocks of a store, controlled by the test. */
export interface Clock {
  now(): number
  uptime(): number
  advance(ms: number): Awaitable<void>
}

export function newClock(): Clock {
  let passed = 0
  return {
    now: () => Date.UTC(2026, 0, 1) + passed,
    uptime: () => passed,
    advance: (ms) => void (passed += ms),
  }
}

/** A small store that is right. The broken ones are made by changes of this text. */
export function referenceStore({ now, uptime }: Clock): ReplayStore {
  const entries = new Map<string, Entry>()
  const column = (key: string): string => key
  const isOther = (held: Entry, owner: string): boolean => held.owner !== owner

  function live(key: string): Entry | undefined {
    const entry = entries.get(column(key))
    return entry && entry.until > (entry.isFinal ? now() : uptime()) ? entry : undefined
  }

  function keep(key: string, owner: string, end: number): boolean {
    if (!(end > 0)) throw new TypeError('no time')
    const until = Math.max(end, now() + 60_000)
    entries.set(column(key), { owner, until, isFinal: true })
    return true
  }

  return {
    durable: true,
    claim(key, expiresAt, owner = '') {
      if (live(key)) return false
      return keep(key, owner, expiresAt)
    },
    has(key) {
      return live(key) !== undefined
    },
    unclaim(key, owner) {
      if (live(key)?.owner === owner) entries.delete(key)
    },
    leases: {
      reserve(key, { owner, duration }) {
        const held = live(key)
        if (held && (held.isFinal || isOther(held, owner))) return held.isFinal ? 'used' : 'leased'
        entries.set(key, { owner, until: uptime() + duration, isFinal: false })
        return 'free'
      },
      commit(key, { owner, expiresAt: end }) {
        const held = live(key)
        if (held && isOther(held, owner)) return false
        return keep(key, owner, end)
      },
      release(key, owner) {
        const held = live(key)
        if (!held || held.isFinal || isOther(held, owner)) return false
        return entries.delete(key)
      },
      look(key) {
        const held = live(key)
        return !held ? 'free' : held.isFinal ? 'used' : 'leased'
      },
    },
  }
}
