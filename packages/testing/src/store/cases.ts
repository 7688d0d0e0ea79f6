import type { Awaitable, ReplayStore } from '@countersign/core'
import { callerOf, teller, type Entry } from '../cases/finding'
import { assertOptions, mistake } from '../mistake'
import { STORE_OPTIONS, type ReplayStoreCaseOptions } from './options'
import { CLAIMS, LEASES, PEER, UNCLAIM } from './table'
import { Trial, type Found } from './trial'

/** One thing that a replay store must do. */
export interface ReplayStoreCase {
  readonly name: string
  /** How long the case may take, in milliseconds: for runners that take a timeout. */
  readonly timeout: number
  /** Rejects with what is wrong, what it means and what to change. */
  readonly run: () => Promise<void>
}

const FUNCTION = 'Pass one, such as `() => store`'

/**
 * What every replay store must do, as data for any test runner. Each case has keys of its own.
 * @param open returns a new store, or one that all cases share
 * @param entry the function that the test has called
 */
export function replayStoreCases(
  open: () => Awaitable<ReplayStore>,
  options: ReplayStoreCaseOptions = {},
  entry: Entry = replayStoreCases,
): readonly ReplayStoreCase[] {
  if (typeof open !== 'function') {
    throw mistake(`${entry.name}() needs a function that returns the store`, FUNCTION)
  }
  assertOptions(`${entry.name}()`, options, STORE_OPTIONS)
  const { peer, leases } = options
  const found: Found = { tell: teller(callerOf(entry)) }
  const all = [...CLAIMS, ...UNCLAIM, ...(peer ? PEER : []), ...(leases ? LEASES : [])]
  return all.map((each) => ({
    name: each.name,
    timeout: 60_000,
    async run() {
      const store = await open()
      if (UNCLAIM.includes(each) && !store.unclaim) return // it is optional
      await new Trial(store, options, each.lesson, found).run(each.steps)
    },
  }))
}
