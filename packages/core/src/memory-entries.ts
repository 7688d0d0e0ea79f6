import type { UseState } from './replay'

/** Alive while either clock says so: setting the one back or forth brings nothing used to life. */
export interface Entry {
  /** By the callers' clock. */
  readonly expiresAt: number
  /** By the clock that never goes backwards. */
  readonly endsAt: number
  /** Who has it on lease, or had it; `null` for a claim. */
  readonly owner: string | null
  readonly state: Exclude<UseState, 'free'>
}

/** Entries looked at for each new one: two, so that a pass over all of them is sure to catch up. */
const SWEEP_STEP = 2
/**
 * For how long a use is remembered beyond its end while there is room, in milliseconds: as long as
 * the clock may be set back, which makes ended credentials good again.
 */
const CLOCK_STEP = 300_000
/** How often a full store may be searched for room, in milliseconds. */
const SWEEP_PAUSE = 1_000

/** What a memory store remembers, and no more of it than it may. */
export interface Entries {
  /** @returns `undefined` for one that has ended */
  live(key: string): Entry | undefined
  /** @throws Error where there is no room: a live entry is never forgotten */
  put(key: string, entry: Entry): void
  remove(key: string): boolean
}

/** How entries end. */
export interface Clocks {
  now(): number
  uptime(): number
}

export function boundedEntries(maxEntries: number, { now, uptime }: Clocks): Entries {
  const all = new Map<string, Entry>()
  let sweeper = all.entries()
  let sweptAt = -Infinity

  const isLive = ({ expiresAt, endsAt }: Entry): boolean => endsAt > uptime() || expiresAt > now()
  const isForgettable = (entry: Entry): boolean =>
    !isLive(entry) && (entry.state === 'leased' || entry.endsAt + CLOCK_STEP <= uptime())

  /** A few entries each time, so that nobody pays for all of them. */
  function sweepSome(): void {
    for (let step = 0; step < SWEEP_STEP; step++) {
      const next = sweeper.next()
      if (next.done) sweeper = all.entries()
      else if (isForgettable(next.value[1])) all.delete(next.value[0])
    }
  }

  function sweepAll(): void {
    if (uptime() - sweptAt < SWEEP_PAUSE) return
    sweptAt = uptime()
    for (const [key, entry] of all) if (!isLive(entry)) all.delete(key)
  }

  const hasRoomFor = (key: string): boolean => all.size < maxEntries || all.has(key)

  return {
    live(key) {
      const entry = all.get(key)
      return entry && isLive(entry) ? entry : undefined
    },
    put(key, entry) {
      sweepSome()
      if (!hasRoomFor(key)) sweepAll()
      if (!hasRoomFor(key)) throw new Error(`all ${maxEntries} entries are live`)
      all.set(key, entry)
    },
    remove: (key) => all.delete(key),
  }
}
