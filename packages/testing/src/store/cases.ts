import type { Awaitable, ReplayStore } from '@countersign/core'
import { callerOf } from '../cases/finding'
import type { ReplayStoreCaseOptions } from './options'
import { CLAIMS, LEASES, PEER, UNCLAIM } from './table'
import { Trial } from './trial'

/** One thing that a replay store must do. */
export interface ReplayStoreCase {
  readonly name: string
  /** Rejects with what is wrong, what it means and what to change. */
  readonly run: () => Promise<void>
}

/**
 * What every replay store must do, as data for any test runner. Each case has keys of its own.
 * @param open returns a new store, or one that all cases share
 * @param where the stack that failures show. @default the caller's
 */
export function replayStoreCases(
  open: () => Awaitable<ReplayStore>,
  options: ReplayStoreCaseOptions = {},
  where: string = callerOf(replayStoreCases),
): readonly ReplayStoreCase[] {
  const { peer, leases } = options
  const all = [...CLAIMS, ...UNCLAIM, ...(peer ? PEER : []), ...(leases ? LEASES : [])]
  return all.map((each) => ({
    name: each.name,
    async run() {
      const store = await open()
      if (UNCLAIM.includes(each) && !store.unclaim) return // it is optional
      await new Trial(store, options, each.lesson, where).run(each.steps)
    },
  }))
}
