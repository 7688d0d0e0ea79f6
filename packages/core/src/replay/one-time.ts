import { randomBytes } from 'node:crypto'
import { isPromise, type Awaitable } from '../awaitable'
import { Rejection } from '../rejection'
import type { RequestView } from '../request'
import { askStore, type StoreClient, type Use } from './ask-store'
import { lease, type Reservation } from './lease'
import { RETENTION_MARGIN, type ReplayStore } from './store'

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

/** What a request has done with its credential. */
export interface OneTimeUse {
  /** Uses the credential up for good. @throws Rejection `token_replayed`, `store_unavailable` */
  consume(): Promise<void>
  /** Set for the request that has reserved the credential. */
  readonly reservation: Reservation | undefined
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

/**
 * Uses a credential up, reserves it, or checks that it is unused, as the request's method demands.
 * @throws Rejection `token_replayed`, `nonce_in_progress`, `prefetch_refused`, `store_unavailable`,
 *   `claims_invalid`
 */
export type UseOnce = (credential: OneTimeCredential, request: RequestView) => Awaitable<OneTimeUse>

export function useOnce(settings: OneTimeSettings): UseOnce {
  const client = askStore(settings.store, settings.deadline)
  const state = stateOf(settings.store)
  return ({ keys: [key, ...others], expiresAt, now }, request) => {
    const retained = retainUntil(settings, expiresAt, now)
    const use = { key, others, expiresAt: retained, owner: state.newOwner() }
    const context = { client, state, lease: settings.lease, request: nativeOf(request) }
    if (!settings.consumes(request.method)) return peek(use, context)
    if (isPrefetch(request)) throw new Rejection('prefetch_refused')
    return take(use, context)
  }
}

interface Context {
  readonly client: StoreClient
  readonly state: StoreState
  readonly lease: number | undefined
  /** The request on whose behalf the credential is used. */
  readonly request: object
}

/** How a request has taken a credential. */
interface Taken extends OneTimeUse {
  readonly key: string
  /** Settles when the store has answered; rejects where another request was first. */
  readonly first: Awaitable<void>
}

function take(use: Use, context: Context): Awaitable<OneTimeUse> {
  const own = takenBefore(use, context)
  if (own) return join(own, context)
  const taken =
    context.lease === undefined ? claim(use, context) : reserve(use, context, context.lease)
  return isPromise(taken.first) ? taken.first.then(() => taken) : taken
}

/** Another guard has taken the credential for the same request. That guard settles a reservation. */
async function join(own: Taken, { lease: duration }: Context): Promise<OneTimeUse> {
  await own.first
  if (duration === undefined) await own.consume() // the other guard may only have reserved it
  return { consume: own.consume, reservation: undefined }
}

/** Checks that a credential is unused, and leaves it so. */
function peek(use: Use, context: Context): Awaitable<OneTimeUse> {
  const own = takenBefore(use, context)
  const free = own ? own.first : look(use, context)
  const result: OneTimeUse = { consume: () => consume(use, context), reservation: undefined }
  return isPromise(free) ? free.then(() => result) : result
}

function look(use: Use, context: Context): Awaitable<void> {
  refuseUnrecorded(use, context)
  const { client, lease: duration } = context
  return duration === undefined ? client.peek(use) : client.look(use)
}

async function consume(use: Use, context: Context): Promise<void> {
  await (takenBefore(use, context) ?? claim(use, context)).consume()
}

function claim(use: Use, context: Context): Taken {
  refuseUnrecorded(use, context)
  const first = context.client.claim(use)
  const finished = async (): Promise<void> => first
  return remember({ key: use.key, first, consume: finished, reservation: undefined }, context)
}

function reserve(use: Use, context: Context, duration: number): Taken {
  refuseUnrecorded(use, context)
  const reservation = lease(use, context.client, duration, context.state.unrecorded)
  const { first, consume: commit } = reservation
  return remember({ key: use.key, first, consume: commit, reservation }, context)
}

function refuseUnrecorded({ key }: Use, { state }: Context): void {
  if (state.unrecorded.has(key)) throw new Rejection('token_replayed')
}

function takenBefore({ key }: Use, { state, request }: Context): Taken | undefined {
  return state.taken.get(request)?.find((taken) => taken.key === key)
}

function remember(taken: Taken, { state, request }: Context): Taken {
  const known = state.taken.get(request)
  if (known) known.push(taken)
  else state.taken.set(request, [taken])
  return taken
}

/** What this process knows about a store's credentials, however many guards use the store. */
interface StoreState {
  /** What each request has taken: two guards in its way take a credential only once. */
  readonly taken: WeakMap<object, Taken[]>
  /** Keys that are used although the store could not record it yet. */
  readonly unrecorded: Set<string>
  /** A name for one use that no other use in any process has. */
  newOwner(): string
}

const states = new WeakMap<ReplayStore, StoreState>()

function stateOf(store: ReplayStore): StoreState {
  const known = states.get(store)
  if (known) return known
  let prefix: string | undefined
  let count = 0
  const state: StoreState = {
    taken: new WeakMap(),
    unrecorded: new Set(),
    newOwner: () =>
      `${(prefix ??= randomBytes(12).toString('base64url'))}-${(count++).toString(36)}`,
  }
  states.set(store, state)
  return state
}

/** Guards of one request see the same native request, each through a view of its own. */
function nativeOf(request: RequestView): object {
  const { native } = request
  return typeof native === 'object' && native !== null ? native : request
}

/**
 * Until when a use must be remembered: longer than the credential can be accepted.
 * @throws Rejection `claims_invalid` where that is for ever and the store would forget
 */
function retainUntil(settings: OneTimeSettings, expiresAt: number | null, now: number): number {
  const { store, clockTolerance, nonceRetention } = settings
  if (expiresAt !== null) return expiresAt + clockTolerance + RETENTION_MARGIN
  if (nonceRetention !== undefined) return now + nonceRetention
  if (store.durable) return Infinity
  throw new Rejection(
    'claims_invalid',
    'never expires, and the store is not durable: pass a durable `replayStore`, or `nonceRetention`',
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
