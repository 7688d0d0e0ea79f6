import { ConfigError } from './config-error'
import { Rejection } from './rejection'
import { RETENTION_MARGIN, type ReplayStore } from './replay'
import type { ReplayDesk } from './replay-desk'
import type { RequestView } from './request'
import { reserve, type Reservation } from './reservation'

/** What a one-time credential leaves behind. */
export interface Use {
  readonly key: string
  /** Milliseconds since the epoch, or `Infinity`. */
  readonly expiresAt: number
}

/** What a portal knows of the uses of its credentials. */
export interface Uses {
  /** What each request has taken: two guards on its way take a credential only once. */
  readonly taken: WeakMap<object, Map<string, Taken>>
  /** Used for certain, though the store could not be told yet. */
  readonly unrecorded: Set<string>
}

export interface OneTime {
  /** Uses it up for good. @throws Rejection `token_replayed`, `store_unavailable` */
  consume(): Promise<void>
  /** Set where it is only reserved. */
  readonly reservation: Reservation | undefined
}

/** How a request has taken a credential. */
interface Taken extends OneTime {
  /** Rejects where somebody else was first. */
  readonly first: Promise<void>
}

export interface OneTimeContext {
  readonly desk: ReplayDesk
  readonly uses: Uses
  /** The request it is used by. */
  readonly owner: object
  /** For how long a use is only reserved, in milliseconds; `undefined` where it counts at once. */
  readonly lease: number | undefined
}

export function newUses(): Uses {
  return { taken: new WeakMap(), unrecorded: new Set() }
}

/** Takes a credential for this request, if it did not before. @throws Rejection where it is taken */
export async function take(use: Use, context: OneTimeContext): Promise<OneTime> {
  const own = ownUse(use, context)
  const held =
    own ?? (context.lease === undefined ? claim(use, context) : lease(use, context, context.lease))
  await held.first
  if (context.lease === undefined) await held.consume() // another guard may only have leased it
  return { consume: held.consume, reservation: own ? undefined : held.reservation } // whoever took it settles it
}

/** Sees that a credential is free, and leaves it so. @throws Rejection where it is taken */
export async function peek(use: Use, context: OneTimeContext): Promise<OneTime> {
  const consume = (): Promise<void> => (ownUse(use, context) ?? claim(use, context)).consume()
  await (ownUse(use, context)?.first ?? look(use, context))
  return { consume, reservation: undefined }
}

async function look(use: Use, context: OneTimeContext): Promise<void> {
  assertUnrecorded(use, context)
  const { desk, lease } = context
  await (lease === undefined ? desk.peek(use.key) : desk.look(use.key))
}

function claim(use: Use, context: OneTimeContext): Taken {
  const first = claimFirst(use, context)
  return remember(use, context, { first, consume: () => first, reservation: undefined })
}

async function claimFirst(use: Use, context: OneTimeContext): Promise<void> {
  assertUnrecorded(use, context)
  await context.desk.claim(use.key, use.expiresAt)
}

function lease(use: Use, context: OneTimeContext, duration: number): Taken {
  assertUnrecorded(use, context)
  const reserved = reserve(use, context, duration)
  const { first, consume } = reserved
  return remember(use, context, { first, consume, reservation: reserved })
}

function ownUse({ key }: Use, { uses, owner }: OneTimeContext): Taken | undefined {
  return uses.taken.get(owner)?.get(key)
}

function remember({ key }: Use, { uses, owner }: OneTimeContext, taken: Taken): Taken {
  const all = uses.taken.get(owner) ?? new Map<string, Taken>()
  uses.taken.set(owner, all.set(key, taken))
  return taken
}

function assertUnrecorded({ key }: Use, { uses }: OneTimeContext): void {
  if (uses.unrecorded.has(key)) throw new Rejection('token_replayed')
}

/** For a credential that may be used again. */
export const reusable: OneTime = {
  consume: () =>
    Promise.reject(
      new ConfigError('not_single_use', {
        problem: '`consume()` was called on a credential that is not single-use',
        fix: 'Call it for Harlyy links, or for fdback requests where the guard has a `replayStore`',
      }),
    ),
  reservation: undefined,
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

/**
 * A browser that only looks ahead (Fetch's `Sec-Purpose`, and `Purpose` before it). It does so with
 * GET: on another method the header would only be a wish to keep the credential.
 */
export function isPrefetch(request: RequestView): boolean {
  if (request.method !== 'GET') return false
  return [...request.headers('sec-purpose'), ...request.headers('purpose')].some((value) =>
    /(?:^|[;,\s])prefetch(?:$|[;,\s])/i.test(value),
  )
}
