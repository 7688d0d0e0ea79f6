import { memoryReplayStore, type ReplayLeases, type ReplayStore } from '@countersign/core'
import { NOW } from './request'

export interface Timed {
  readonly store: ReplayStore
  readonly leases: ReplayLeases
  /** Time goes by, for both clocks. */
  pass(ms: number): void
  /** Somebody sets the machine's clock, by some milliseconds. */
  set(ms: number): void
  /** What the machine's clock shows. */
  now(): number
}

/** A memory store whose clocks a test turns. */
export function memoryStore(maxEntries = 100): Timed {
  let wall = NOW
  let up = 1_000
  const store = memoryReplayStore({ now: () => wall, uptime: () => up, maxEntries })
  return {
    store,
    leases: store.leases as ReplayLeases, // it has them
    pass(ms) {
      wall += ms
      up += ms
    },
    set: (ms) => void (wall += ms),
    now: () => wall,
  }
}
