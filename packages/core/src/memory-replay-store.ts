import { numberOption } from './options'
import { RETENTION_MARGIN, type ReplayStore } from './replay'

export interface MemoryReplayStoreOptions {
  /**
   * How many used credentials it remembers at once. When it is full it refuses new ones rather
   * than forget a live one.
   * @default 100000
   */
  readonly maxEntries?: number
  /**
   * The clock that entries expire by, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: () => number
}

/** Entries looked at for each claim: two, so that a pass over all of them is sure to catch up. */
const SWEEP_STEP = 2
/** How often a full store may be searched for room, in milliseconds. */
const SWEEP_PAUSE = 1_000

/**
 * A store for one process. What it knows is gone with the process, and no other process knows it.
 * An entry is kept for a minute at least, whatever the caller's clock says.
 */
export function memoryReplayStore(options: MemoryReplayStoreOptions = {}): ReplayStore {
  const { maxEntries = 100_000, now = Date.now } = options
  numberOption('maxEntries', maxEntries, { min: 1, max: 10_000_000, unit: 'entries' })
  const taken = new Map<string, number>()
  let sweeper = taken.entries()
  let sweptAt = -Infinity

  /** A few entries a claim, so that no claim pays for all of them. */
  function sweepSome(time: number): void {
    for (let step = 0; step < SWEEP_STEP; step++) {
      const next = sweeper.next()
      if (next.done) sweeper = taken.entries()
      else if (!isLive(next.value[1], time)) taken.delete(next.value[0])
    }
  }

  function sweepAll(time: number): void {
    if (Math.abs(time - sweptAt) < SWEEP_PAUSE) return
    sweptAt = time
    for (const [key, expiresAt] of taken) if (!isLive(expiresAt, time)) taken.delete(key)
  }

  return {
    durable: false,
    async claim(key, expiresAt) {
      const time = now()
      if (!(expiresAt > 0)) throw new TypeError('expiresAt is not a time')
      if (isLive(taken.get(key), time)) return false
      sweepSome(time)
      if (taken.size >= maxEntries) sweepAll(time)
      if (taken.size >= maxEntries) throw new Error(`all ${maxEntries} entries are live`)
      taken.set(key, Math.max(expiresAt, time + RETENTION_MARGIN))
      return true
    },
    async has(key) {
      return isLive(taken.get(key), now())
    },
  }
}

function isLive(expiresAt: number | undefined, time: number): boolean {
  return expiresAt !== undefined && expiresAt > time
}
