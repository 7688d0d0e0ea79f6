import { isPromise, type Awaitable } from '../awaitable'
import { Rejection } from '../rejection'
import type { RequestView } from '../request'
import { askStore, type StoreClient, type Entry } from './ask-store'
import { lease, type LeasedEntry, type Reservation } from './lease'
import { RETENTION_MARGIN, uniqueNames, type ReplayStore } from './store'

/** How a verifier treats one-time credentials. Times in milliseconds. */
export interface OneTimeSettings {
  readonly store: ReplayStore
  readonly deadline: number
  /** How long a use is only reserved; `undefined` where a use is final at once. */
  readonly lease: number | undefined
  readonly clockTolerance: number
  readonly nonceRetention: number | undefined
  /** Whether a request with this method uses the credential up. */
  consumes(method: string): boolean
}

/** A verified credential, as far as its use is concerned. */
export interface OneTimeCredential {
  /**
   * Its replay keys: under the secret that signed it, and then under each other secret of the portal.
   * While secrets rotate, the same nonce may have been signed and used under another one.
   */
  readonly keys: readonly [own: string, ...others: string[]]
  /** When it expires, in milliseconds since the epoch; `null` for never. */
  readonly expiresAt: number | null
  readonly now: number
}

/** A one-time credential of one request. All guards that the request passes share it. */
export interface OneTimeEntry extends Entry {
  readonly store: ReplayStore
  /** How the request has claimed it; `undefined` while it was only checked. */
  claimed: Claimed | undefined
}

/** For good, or with a lease. */
type Claimed = Pick<LeasedEntry, 'first'> & Partial<LeasedEntry>

/** What a guard has done with a credential. */
export interface OneTimeResult {
  /** `undefined` for a credential that may be used again. */
  readonly entry: OneTimeEntry | undefined
  /** Uses the credential up for good. @throws Rejection `token_replayed`, `store_unavailable` */
  consume(): Promise<void>
  /** Set for the guard that has reserved the credential. */
  readonly reservation: Reservation | undefined
}

/**
 * Uses a credential up, reserves it, or checks that it is unused, as the request's method demands.
 * @param earlier what the guards before this one have checked or claimed for the same request
 * @throws Rejection `token_replayed`, `nonce_in_progress`, `prefetch_refused`, `store_unavailable`,
 *   `claims_invalid`
 */
export type UseOnce = (
  credential: OneTimeCredential,
  request: RequestView,
  earlier: readonly OneTimeEntry[],
) => Awaitable<OneTimeResult>

export function useOnce(settings: OneTimeSettings): UseOnce {
  const { store, lease: duration } = settings
  const client = askStore(store, settings.deadline)
  const newOwner = uniqueNames()
  const claim = (entry: Entry): Claimed =>
    duration === undefined ? { first: client.claim(entry) } : lease(entry, client, duration)

  return (credential, request, earlier) => {
    const before = earlier.find(
      (entry) => entry.store === store && entry.key === credential.keys[0],
    )
    const entry = before ?? newEntry(credential, settings, newOwner())
    if (!entry.claimed) assertRecorded(entry, client)
    if (!settings.consumes(request.method)) {
      return result(entry, client, before ? undefined : client.look(entry, duration !== undefined))
    }
    if (isPrefetch(request)) throw new Rejection('prefetch_refused')
    if (entry.claimed) {
      // a guard without leases makes the lease of an earlier guard final
      return result(entry, client, duration === undefined ? consume(entry, client) : undefined)
    }
    const { first, settle } = (entry.claimed = claim(entry))
    return result(entry, client, first, settle && { settle })
  }
}

function newEntry(
  { keys: [key, ...others], expiresAt, now }: OneTimeCredential,
  settings: OneTimeSettings,
  owner: string,
): OneTimeEntry {
  const retained = retainUntil(settings, expiresAt, now)
  return { store: settings.store, key, others, expiresAt: retained, owner, claimed: undefined }
}

function assertRecorded({ key }: Entry, { unrecorded }: StoreClient): void {
  if (unrecorded.has(key)) throw new Rejection('token_replayed')
}

async function consume(entry: OneTimeEntry, client: StoreClient): Promise<void> {
  if (!entry.claimed) assertRecorded(entry, client)
  const claimed = (entry.claimed ??= { first: client.claim(entry) })
  await claimed.first
  await claimed.consume?.()
}

/** @param answer of the store; rejects where the credential is not free */
function result(
  entry: OneTimeEntry,
  client: StoreClient,
  answer: Awaitable<void>,
  reservation?: Reservation,
): Awaitable<OneTimeResult> {
  const done = { entry, consume: () => consume(entry, client), reservation }
  return isPromise(answer) ? answer.then(() => done) : done
}

/**
 * Until when a use must be remembered: longer than the credential can be accepted.
 * @throws Rejection `claims_invalid` where that is forever and the store would forget
 */
function retainUntil(settings: OneTimeSettings, expiresAt: number | null, now: number): number {
  const { store, clockTolerance, nonceRetention } = settings
  if (expiresAt !== null) return expiresAt + clockTolerance + RETENTION_MARGIN
  if (nonceRetention !== undefined) return now + nonceRetention
  if (store.durable) return Infinity
  throw new Rejection(
    'claims_invalid',
    'the credential never expires, and the store is not durable: pass a durable `replayStore`, or `nonceRetention`',
  )
}

/**
 * A browser that loads a page in advance (Fetch's `Sec-Purpose`, and `Purpose` before it) does so
 * with GET. On other methods the header has no effect, so that it cannot keep a credential unused.
 */
export function isPrefetch(request: RequestView): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  return [...request.headers('sec-purpose'), ...request.headers('purpose')].some((value) =>
    /(?:^|[;,\s])prefetch(?:$|[;,\s])/i.test(value),
  )
}
