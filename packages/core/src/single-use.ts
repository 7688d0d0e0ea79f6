import { ConfigError } from './config-error'
import { Rejection } from './rejection'
import { claimOnce, peek, RETENTION_MARGIN, type ReplayStore } from './replay'
import type { RequestView } from './request'

/** What a one-time credential leaves behind. */
export interface Use {
  readonly key: string
  /** Milliseconds since the epoch, or `Infinity`. */
  readonly expiresAt: number
}

/** What each request has used up: two guards on its way take a credential only once. */
export type Uses = WeakMap<object, Map<string, Promise<void>>>

export interface OneTime {
  /** @throws Rejection `token_replayed`, `store_unavailable` */
  consume(): Promise<void>
  /** As `consume`, but uses nothing up. */
  peek(): Promise<void>
}

export interface OneTimeContext {
  readonly store: ReplayStore
  readonly uses: Uses
  /** The request it is used by. */
  readonly owner: object
}

export function oneTime({ key, expiresAt }: Use, { store, uses, owner }: OneTimeContext): OneTime {
  const own = (): Promise<void> | undefined => uses.get(owner)?.get(key)

  function claim(): Promise<void> {
    const claimed = claimOnce(store, key, expiresAt)
    const all = uses.get(owner) ?? new Map<string, Promise<void>>()
    uses.set(owner, all.set(key, claimed))
    return claimed
  }

  return {
    consume: () => own() ?? claim(),
    peek: () => own() ?? peek(store, key),
  }
}

/** For a credential that may be used again. */
export const reusable: Pick<OneTime, 'consume'> = {
  consume: () =>
    Promise.reject(
      new ConfigError('not_single_use', {
        problem: '`consume()` was called on a credential that is not single-use',
        fix: 'Call it for Harlyy links, or for fdback requests where the guard has a `replayStore`',
      }),
    ),
}

export interface Retention {
  /** When the credential ends, in milliseconds since the epoch; `null` for never. */
  readonly end: number | null
  readonly clockTolerance: number
  /** Milliseconds. */
  readonly nonceRetention: number | undefined
  readonly now: number
}

/**
 * Until when a use must be remembered: longer than the credential can be accepted.
 * @throws Rejection `claims_invalid` where that is for ever and the store would forget
 */
export function retainUntil(store: ReplayStore, retention: Retention): number {
  const { end, clockTolerance, nonceRetention, now } = retention
  if (end !== null) return end + clockTolerance + RETENTION_MARGIN
  if (nonceRetention !== undefined) return now + nonceRetention
  if (store.durable) return Infinity
  throw new Rejection(
    'claims_invalid',
    'never expires, and the store is not durable: pass a durable `replayStore`, or `nonceRetention`',
  )
}

/** A browser that only looks ahead (Fetch's `Sec-Purpose`, and `Purpose` before it). */
export function isPrefetch(request: RequestView): boolean {
  return [...request.headers('sec-purpose'), ...request.headers('purpose')].some((value) =>
    /(?:^|[;,\s])prefetch(?:$|[;,\s])/i.test(value),
  )
}
