import type { Awaitable } from './awaitable'
import type { Claims, PortalUser } from './claims'
import type { Envelope } from './codec'
import type { Policy } from './policy'
import type { Portal } from './portal'
import { replayKey } from './replay'
import { replayDesk } from './replay-desk'
import type { RequestView } from './request'
import { isPrefetch, peek, retainUntil, take, type OneTime } from './single-use'
import { endOf } from './validity'

/** What a signature has vouched for. */
export interface Vouched {
  readonly envelope: Envelope
  readonly claims: Claims<PortalUser>
  readonly tenant: string | null
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Uses up a one-time credential, reserves it, or only looks whether it is used.
 * @throws Rejection `token_replayed`, `nonce_in_progress`, `store_unavailable`, `claims_invalid`
 */
export type NonceStep<Native> = (
  vouched: Vouched,
  request: RequestView<Native>,
) => Awaitable<OneTime>

/** @returns `undefined` for a portal whose credentials may be used again */
export function nonceStep<Native>(
  portal: Portal,
  policy: Policy<Native>,
): NonceStep<Native> | undefined {
  const { name: scheme, singleUse } = portal.scheme
  const { replayStore: store, storeDeadline, lease, clockTolerance, nonceRetention } = policy
  if (!singleUse || !store) return undefined
  const desk = replayDesk(store, storeDeadline)

  return ({ envelope, claims, tenant, now }, request) => {
    const parts = singleUse.by === 'nonce' ? [claims.nonce ?? ''] : envelope.input
    const key = replayKey({ scheme, tenant, parts })
    const end = endOf(claims, policy)
    const expiresAt = retainUntil(store, { end, clockTolerance, nonceRetention, now })
    const context = { desk, uses: portal.uses, owner: ownerOf(request), lease }
    const spends = policy.consumes(request.method) && !isPrefetch(request)
    return spends ? take({ key, expiresAt }, context) : peek({ key, expiresAt }, context)
  }
}

/** Guards that judge the same request see the same native one, each through a view of its own. */
function ownerOf<Native>(request: RequestView<Native>): object {
  const { native } = request
  return typeof native === 'object' && native !== null ? native : request
}
