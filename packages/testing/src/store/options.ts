import type { Awaitable, ReplayStore } from '@countersign/core'

/** The options of `describeReplayStore` and `replayStoreCases`. */
export interface ReplayStoreCaseOptions {
  /** Check its `leases`, too, which a store that has them must be tested with. @default false */
  readonly leases?: boolean | undefined
  /** A second handle on the same memory, as another process has one. */
  readonly peer?: (() => Awaitable<ReplayStore>) | undefined
  /**
   * Moves the store's clock forward by some milliseconds, where the test controls it. Then nothing is
   * waited for, and entries are watched for as long as they must be kept.
   */
  readonly advance?: ((ms: number) => Awaitable<void>) | undefined
  /** The clock of the store's callers, in milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** How many keys it must remember. A full store may refuse more, but not forget. @default 2000 */
  readonly entries?: number | undefined
}

/** All names above. */
export const STORE_OPTIONS = 'leases peer advance now entries'
