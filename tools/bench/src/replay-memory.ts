import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { inAnHour, newKeys, type ReplaySettings } from './claim-race'
import { median } from './table'

/** The memory store at one size. */
export interface MemoryResult {
  readonly entries: number
  /** A claim, while the store grows from half to whole. */
  readonly claims: Times
  /** A check of a key that is there. */
  readonly checks: Times
  /** Of the heap, the key included. */
  readonly bytes: number
}

/** Nanoseconds of processor time, round by round. */
interface Times {
  readonly store: readonly number[]
  /** The least that can remember keys: what is built on it cannot scale better. */
  readonly map: readonly number[]
}

type Claims = Pick<ReplayStore, 'claim' | 'has'>

const contenders: Readonly<Record<keyof Times, (entries: number) => Claims>> = {
  store: (entries) => memoryReplayStore({ maxEntries: 2 * entries }),
  map() {
    const taken = new Map<string, number>()
    return {
      claim: async (key, expiresAt) => !taken.has(key) && taken.set(key, expiresAt) === taken,
      has: async (key) => taken.has(key),
    }
  },
}

export async function benchMemory(settings: ReplaySettings): Promise<readonly MemoryResult[]> {
  const lanes = settings.sizes.flatMap((entries) =>
    (['store', 'map'] as const).map((who) => {
      return { entries, who, claims: [] as number[], checks: [] as number[] }
    }),
  )
  const run = async ({ entries, who, claims, checks }: (typeof lanes)[number]): Promise<void> => {
    const { claim, check } = await measure(() => contenders[who](entries), entries, settings)
    claims.push(claim)
    checks.push(check)
  }
  for (const { entries, who } of lanes) await run({ entries, who, claims: [], checks: [] }) // warms up
  for (let round = 0; round < settings.rounds; round++) {
    for (const lane of round % 2 ? lanes.toReversed() : lanes) await run(lane)
  }
  const results: MemoryResult[] = []
  for (const entries of settings.sizes) {
    const [store, map] = lanes.filter((lane) => lane.entries === entries)
    const claims = { store: store!.claims, map: map!.claims } // each size has both
    const checks = { store: store!.checks, map: map!.checks }
    results.push({ entries, claims, checks, bytes: await weigh(entries) })
  }
  return results
}

/**
 * A table doubles now and then, and is slow that once. Growing from half to whole it does so once
 * whatever its size, so all sizes pay their share. Small stores are filled again and again.
 */
async function measure(
  open: () => Claims,
  entries: number,
  { operations }: ReplaySettings,
): Promise<{ readonly claim: number; readonly check: number }> {
  globalThis.gc?.()
  const half = entries / 2
  const claims: number[] = []
  const checks: number[] = []
  for (let left = operations; left > 0; left -= half) {
    const store = open()
    const keys = newKeys(entries)
    for (const key of keys.slice(0, half)) await store.claim(key, inAnHour())
    claims.push(await timeClaims(store, keys.slice(half)))
    checks.push(await timeChecks(store, sample(keys, half)))
  }
  return { claim: median(claims), check: median(checks) }
}

async function timeClaims(store: Claims, keys: readonly string[]): Promise<number> {
  const expiresAt = inAnHour()
  const began = processorTime()
  for (const key of keys) await store.claim(key, expiresAt)
  return (processorTime() - began) / keys.length
}

async function timeChecks(store: Claims, keys: readonly string[]): Promise<number> {
  let found = 0
  const began = processorTime()
  for (const key of keys) if (await store.has(key)) found++
  const time = (processorTime() - began) / keys.length
  if (found === keys.length) return time
  throw new Error('A key that was claimed is not there')
}

/** Any of them, as texts of their own: what is asked for was not the same object before. */
function sample(keys: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => {
    const key = keys[Math.floor(Math.random() * keys.length)] ?? ''
    return Buffer.from(key).toString('latin1')
  })
}

/** Entries that are weighed at once, at least: what else the heap does must not show. */
const WEIGHED = 100_000

/** Heap for an entry, when all that was only needed for a moment is gone. */
async function weigh(entries: number): Promise<number> {
  const stores: Claims[] = []
  const before = heap()
  for (let count = 0; count < WEIGHED; count += entries) {
    const store = contenders.store(entries)
    for (let entry = 0; entry < entries; entry++) await store.claim(newKeys(1)[0]!, inAnHour())
    stores.push(store)
  }
  return (heap() - before) / (stores.length * entries)
}

function heap(): number {
  if (!globalThis.gc) throw new Error('This needs --expose-gc')
  for (let pass = 0; pass < 3; pass++) globalThis.gc()
  return process.memoryUsage().heapUsed
}

/** In nanoseconds. Unlike the time of day, it does not depend on what else the machine does. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1000
}
