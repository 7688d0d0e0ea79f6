import type { ReplayStore } from './store'

/** Operations that may wait for one store at once. */
export const MAX_IN_FLIGHT = 1_000
/** After this many milliseconds an operation that never settled is no longer counted. */
export const FORGOTTEN_AFTER = 10_000

/** What this process knows about a store, however many guards use it. */
export interface InFlight {
  /** Keys that are used although the store could not record it yet. They are refused meanwhile. */
  readonly unrecorded: Set<string>
  isFull(): boolean
  /** Counts an operation until it settles. */
  count<Value>(work: PromiseLike<Value>): Promise<Value>
}

const all = new WeakMap<ReplayStore, InFlight>()

export function inFlightOf(store: ReplayStore): InFlight {
  const known = all.get(store)
  if (known) return known
  const made = { unrecorded: new Set<string>(), ...countWaiting() }
  all.set(store, made)
  return made
}

/** Counts in two spans of time, so that an operation that never settles is forgotten without a timer. */
function countWaiting(): Pick<InFlight, 'isFull' | 'count'> {
  let span = { began: -Infinity, waiting: 0 }
  let last = { waiting: 0 }

  function turn(): void {
    const now = performance.now()
    if (now - span.began < FORGOTTEN_AFTER) return
    last = now - span.began < 2 * FORGOTTEN_AFTER ? span : { waiting: 0 }
    span = { began: now, waiting: 0 }
  }

  return {
    isFull() {
      if (span.waiting + last.waiting < MAX_IN_FLIGHT) return false
      turn()
      return span.waiting + last.waiting >= MAX_IN_FLIGHT
    },
    async count(work) {
      turn()
      const mine = span
      mine.waiting++
      try {
        return await work
      } finally {
        mine.waiting--
      }
    },
  }
}
