import { memoryReplayStore, type ReplayLeases, type ReplayStore } from '@countersign/core'

/** The clocks of a store, in the test's hands. */
export interface Clock {
  now(): number
  uptime(): number
  advance(ms: number): void
}

export function newClock(): Clock {
  let passed = 0
  return {
    now: () => Date.UTC(2026, 0, 1) + passed,
    uptime: () => passed,
    advance: (ms) => void (passed += ms),
  }
}

/** A wrong store, and the name of a case that must tell. */
export type Broken = readonly [caught: string, open: (clock: Clock) => ReplayStore]
export type BrokenStores = Readonly<Record<string, Broken>>

/** A store without leases that does the rest as it should. */
export function altered(
  clock: Clock,
  alter: (good: ReplayStore) => Partial<ReplayStore>,
): ReplayStore {
  const { leases: _, ...good } = memoryReplayStore(clock)
  return { ...good, ...alter(good) }
}

/** A store whose leases do the rest as they should. */
export function alteredLeases(
  clock: Clock,
  alter: (good: ReplayLeases) => Partial<ReplayLeases>,
): ReplayStore {
  const { leases, ...store } = memoryReplayStore(clock)
  if (!leases) throw new Error('The memory store has leases')
  return { ...store, leases: { ...leases, ...alter(leases) } }
}

/** The next turn of the event loop: another caller’s. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** What TypeScript would not let through, and JavaScript does. */
export function lie<Value>(value: unknown): Value {
  return value as Value
}
