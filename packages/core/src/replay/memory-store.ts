import { clock, number, readOptions, type OptionTable, type Settings } from '../options'
import { warn } from '../report'
import { assertTime, leaseSpan, RETENTION_MARGIN, type ReplayStore, type UseState } from './store'

/** The options of `memoryReplayStore`. */
export interface MemoryReplayStoreOptions {
  /**
   * How many credentials it remembers at once. A full store refuses new ones: it never forgets a
   * live one.
   * @default 100000
   */
  readonly maxEntries?: number | undefined
  /**
   * The clock of the guards that use the store, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
  /**
   * A clock that never goes backwards, in milliseconds.
   * @default performance.now
   */
  readonly uptime?: (() => number) | undefined
}

type Clocked = Settings<MemoryReplayStoreOptions>

const OPTIONS: OptionTable<Clocked> = {
  maxEntries: number({ min: 1, max: 10_000_000, unit: 'entries' }, 100_000),
  now: clock,
  uptime: {
    ...clock,
    wanted: 'a function that returns milliseconds',
    fallback: () => performance.now(),
  },
}

/**
 * A store for one process. Its memory is lost when the process ends, and other processes do not see
 * it: it warns where that is likely to matter. Keeps a use for at least a minute.
 */
export function memoryReplayStore(options: MemoryReplayStoreOptions = {}): ReplayStore {
  const settings = readOptions('memoryReplayStore()', OPTIONS, options)
  warnWhereSharedStoreIsNeeded()
  const entries = boundedEntries(settings)

  return {
    durable: false,
    claim(key, expiresAt) {
      const entry = useUntil(expiresAt, '', settings) // no one has to take it back: every answer is in time
      if (entries.live(key)) return false
      entries.put(key, entry)
      return true
    },
    has: (key) => entries.live(key) !== undefined,
    leases: {
      reserve(key, { owner, duration }) {
        const span = leaseSpan(duration)
        const held = entries.live(key)
        if (held && !(held.owner === owner && held.state === 'leased')) return held.state
        // by the guards' clock a lease would not end when that is set back
        const endsAt = settings.uptime() + span
        entries.put(key, { expiresAt: -Infinity, endsAt, owner, state: 'leased' })
        return 'free'
      },
      commit(key, { owner, expiresAt }) {
        const entry = useUntil(expiresAt, owner, settings)
        const held = entries.live(key)
        if (held && held.owner !== owner) return false
        entries.put(key, entry)
        return true
      },
      release: (key, owner) => entries.release(key, owner),
      look: (key) => entries.live(key)?.state ?? 'free',
    },
  }
}

function useUntil(expiresAt: number, owner: string, { now, uptime }: Clocked): Entry {
  assertTime(expiresAt)
  const lifetime = Math.max(expiresAt - now(), RETENTION_MARGIN)
  return { expiresAt, endsAt: uptime() + lifetime, owner, state: 'used' }
}

let defaultStore: ReplayStore | undefined

/** The store of all guards in this process that are given none. Made when it is first needed. */
export function defaultReplayStore(): ReplayStore {
  return (defaultStore ??= memoryReplayStore())
}

function warnWhereSharedStoreIsNeeded(): void {
  const cluster = process.getBuiltinModule?.('node:cluster') as { isWorker?: boolean } | undefined // what it is at run time
  const isWorker = cluster?.isWorker ?? false
  if (!isWorker && process.env['NODE_ENV'] !== 'production') return
  const where = isWorker ? 'in this worker of a cluster' : 'in this process'
  warn(
    'COUNTERSIGN_MEMORY_STORE',
    `used one-time credentials are remembered only ${where}. With several processes, or after a restart, a credential can be used again: pass a shared \`replayStore\`.`,
  )
}

/** Live while either clock says so: setting one of them makes no used credential valid again. */
interface Entry {
  /** By the guards' clock. */
  readonly expiresAt: number
  /** By the clock that never goes backwards. */
  readonly endsAt: number
  readonly owner: string
  readonly state: Exclude<UseState, 'free'>
}

/** Entries examined for each new one: two, so that the sweep keeps ahead of growth. */
const SWEEP_STEP = 2
/**
 * How long a use is kept after its end while there is room, in milliseconds: as far as the clock may
 * be set back, which makes expired credentials valid again.
 */
const CLOCK_STEP = 300_000
/** How often a full store may be searched for room, in milliseconds. */
const SWEEP_PAUSE = 1_000

/** A live entry is never evicted. */
function boundedEntries({ maxEntries, now, uptime }: Clocked) {
  const all = new Map<string, Entry>()
  let sweptAt = -Infinity

  const isLive = ({ expiresAt, endsAt }: Entry): boolean => endsAt > uptime() || expiresAt > now()
  const isForgettable = (entry: Entry): boolean =>
    !isLive(entry) && (entry.state === 'leased' || entry.endsAt + CLOCK_STEP <= uptime())

  const sweepSome = sweeperOf(all, isForgettable)

  function sweepAll(): void {
    if (uptime() - sweptAt < SWEEP_PAUSE) return
    sweptAt = uptime()
    for (const [key, entry] of all) if (!isLive(entry)) all.delete(key)
  }

  const hasRoomFor = (key: string): boolean => all.size < maxEntries || all.has(key)

  function live(key: string): Entry | undefined {
    const entry = all.get(key)
    return entry && isLive(entry) ? entry : undefined
  }

  return {
    live,
    /** @throws Error where there is no room */
    put(key: string, entry: Entry): void {
      sweepSome()
      if (!hasRoomFor(key)) sweepAll()
      if (!hasRoomFor(key)) throw new Error(`all ${maxEntries} entries are live`)
      all.set(key, entry)
    },
    /** Removes the owner's lease. @returns false where there is none */
    release(key: string, owner: string): boolean {
      const held = live(key)
      return held?.state === 'leased' && held.owner === owner && all.delete(key)
    },
  }
}

/** Each call examines a few entries, so that no request waits for all of them. */
function sweeperOf(all: Map<string, Entry>, isForgettable: (entry: Entry) => boolean): () => void {
  let position = all.entries()
  return () => {
    for (let step = 0; step < SWEEP_STEP; step++) {
      const next = position.next()
      if (next.done) position = all.entries()
      else if (isForgettable(next.value[1])) all.delete(next.value[0])
    }
  }
}
