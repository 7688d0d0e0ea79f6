import { boundedEntries, type Clocks, type Entries, type Entry } from './memory-entries'
import { numberOption } from './options'
import { assertTime, RETENTION_MARGIN, type ReplayLeases, type ReplayStore } from './replay'
import { warn } from './warn'

export interface MemoryReplayStoreOptions {
  /**
   * How many credentials it remembers at once. When it is full it refuses new ones rather than
   * forget a live one.
   * @default 100000
   */
  readonly maxEntries?: number | undefined
  /**
   * The clock that callers go by, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
  /**
   * A clock that never goes backwards, in milliseconds.
   * @default performance.now
   */
  readonly uptime?: (() => number) | undefined
}

/**
 * A store for one process. What it knows is gone with the process, and no other process knows it:
 * it warns where that is likely to matter. A use is kept for a minute at least.
 */
export function memoryReplayStore(options: MemoryReplayStoreOptions = {}): ReplayStore {
  const { maxEntries = 100_000, now = Date.now, uptime = () => performance.now() } = options
  numberOption('maxEntries', maxEntries, { min: 1, max: 10_000_000, unit: 'entries' })
  warnWhereSharedStoreIsNeeded()
  const clocks = { now, uptime }
  const entries = boundedEntries(maxEntries, clocks)
  return {
    durable: false,
    async claim(key, expiresAt) {
      const entry = useUntil(expiresAt, null, clocks)
      if (entries.live(key)) return false
      entries.put(key, entry)
      return true
    },
    has: async (key) => entries.live(key) !== undefined,
    leases: leasesIn(entries, clocks),
  }
}

function leasesIn(entries: Entries, clocks: Clocks): ReplayLeases {
  return {
    async reserve(key, { owner, duration }) {
      if (!(duration > 0)) throw new TypeError('duration is not a time')
      const held = entries.live(key)
      if (held && !isLeasedBy(held, owner)) return held.state
      const endsAt = clocks.uptime() + duration
      // by the callers' clock it would not end when that is set back
      entries.put(key, { expiresAt: -Infinity, endsAt, owner, state: 'leased' })
      return 'free'
    },
    async commit(key, { owner, expiresAt }) {
      const entry = useUntil(expiresAt, owner, clocks)
      const held = entries.live(key)
      if (held && held.owner !== owner) return false
      entries.put(key, entry)
      return true
    },
    async release(key, owner) {
      const held = entries.live(key)
      return held !== undefined && isLeasedBy(held, owner) && entries.remove(key)
    },
    look: async (key) => entries.live(key)?.state ?? 'free',
  }
}

function useUntil(expiresAt: number, owner: string | null, { now, uptime }: Clocks): Entry {
  assertTime(expiresAt)
  const lifetime = Math.max(expiresAt - now(), RETENTION_MARGIN)
  return { expiresAt, endsAt: uptime() + lifetime, owner, state: 'used' }
}

function isLeasedBy(entry: Entry, owner: string): boolean {
  return entry.state === 'leased' && entry.owner === owner
}

function warnWhereSharedStoreIsNeeded(): void {
  const cluster = process.getBuiltinModule?.('node:cluster') as { isWorker?: boolean } | undefined // what it is at run time
  const isWorker = cluster?.isWorker ?? false
  const { NODE_ENV } = process.env
  if (!isWorker && NODE_ENV !== 'production') return
  warn(
    'COUNTERSIGN_MEMORY_STORE',
    `one-time credentials are remembered in this process only${isWorker ? ', which is one of a cluster' : ''}. With more than one process, or across restarts, a credential can be used again: pass a \`replayStore\`.`,
  )
}
