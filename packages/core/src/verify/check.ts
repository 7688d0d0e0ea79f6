import { randomBytes } from 'node:crypto'
import type { Awaitable } from '../awaitable'
import { checkAudience, checkTimes, endOf, readClock, type TimeLimits } from './times'
import { assertKeyLength, Key } from '../keys/key'
import type { Keys } from '../keys/key-source'
import { Rejection } from '../rejection'
import type { UseOnce } from '../replay/one-time'
import type { RequestView } from '../request'
import type { Claims, PortalUser } from '../wire/claims'
import { claimsOf, MAC_LENGTH, misspelt, type Codec, type Envelope } from '../wire/codec'
import type { Candidate, Found } from './choose'
import type { VerifierSettings } from './settings'
import { tenantOf, UnknownTenant } from './tenant'

/** A portal with everything that a verifier can decide about it in advance. */
export interface Route extends Candidate {
  readonly settings: VerifierSettings
  readonly limits: TimeLimits
  /** `undefined` where credentials may be used again. */
  readonly useOnce: UseOnce | undefined
}

/** A credential that was taken apart. Nothing in it is verified yet. */
export interface Attempt {
  readonly route: Route
  readonly place: string
  readonly envelope: Envelope
  /** `null` where one secret serves all tenants. */
  readonly tenant: string | null
  /** Why there is no such tenant; `undefined` where a secret decides. */
  readonly unknown: UnknownTenant | undefined
  readonly keys: Awaitable<Keys>
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A credential whose signature, claims, times and audience are right. */
export interface Checked {
  readonly claims: Claims<PortalUser>
  readonly key: Key
}

/**
 * The first half of a verification: takes the credential apart and finds the keys that may have
 * signed it.
 * @throws Rejection `token_malformed`, `algorithm_not_allowed`, `secret_unavailable`
 * @throws ConfigError
 */
export function open(
  { candidate: route, credential }: Found<Route>,
  request: RequestView,
): Attempt {
  const { portal, settings } = route
  const { codec } = portal.scheme
  const now = readClock(settings.now)
  const envelope = codec.open(credential.value)
  if (settings.tenant || !portal.keys.known) assertSpelling(codec, envelope)
  const tenant =
    settings.tenant || envelope.tenant !== null
      ? tenantOf(envelope.tenant, portal, settings.tenant, request.native)
      : null
  const { place } = credential
  if (tenant instanceof UnknownTenant) {
    return { route, place, envelope, tenant: null, unknown: tenant, keys: null, now }
  }
  const keys = portal.keys.keysOf(tenant ?? portal.audience, now)
  return { route, place, envelope, tenant, unknown: undefined, keys, now }
}

/**
 * The second half. Its order is the security: nothing is said about claims or times before a
 * signature has matched.
 * @throws Rejection `signature_invalid` (also for an unknown tenant), `token_malformed`,
 *   `claims_invalid`, `token_expired`, `token_not_yet_valid`, `lifetime_exceeded`, `audience_mismatch`
 */
export function check(attempt: Attempt, keys: Keys): Checked {
  const { route, envelope, tenant, now } = attempt
  const { portal, limits, useOnce } = route
  if (!portal.keys.known) {
    assertKeyLength(portal.scheme, keys ?? [], route.settings.allowShortSecret)
  }
  const key = matchingKey(attempt, keys)
  const claims = portal.scheme.reader.read(claimsOf(envelope))
  checkTimes(claims, limits, now)
  checkAudience(claims.audience, portal.audience ?? tenant)
  if (!useOnce && endOf(claims, limits) === null && !portal.scheme.limits.neverExpires) {
    throw new Rejection('claims_invalid', 'the credential contains no time')
  }
  return { claims, key }
}

/** Tries every key, also after one has matched: the time that it takes does not tell which. */
function matchingKey({ route, envelope, unknown, now }: Attempt, keys: Keys): Key {
  const { codec } = route.portal.scheme
  const tried = keys ?? [decoyKey()]
  let match: Key | undefined
  for (let index = 0; index < tried.length; index++) {
    const key = tried[index] as Key // within bounds
    const isSigned = key.verify(envelope.input, envelope.signature, codec.signature)
    if (isSigned && match === undefined && now < key.notAfter) match = key
  }
  if (match !== undefined) return match
  assertSpelling(codec, envelope)
  const reason = keys ? 'no secret matches' : (unknown?.reason ?? '`secret` knows no such tenant')
  throw new Rejection('signature_invalid', reason)
}

/** Distinguishes what cannot be a signature from a signature of another key. */
function assertSpelling({ signature }: Codec<unknown>, envelope: Envelope): void {
  if (signature.decode(envelope.signature)?.length === MAC_LENGTH) return
  misspelt('signature', envelope.signature, signature)
}

let decoy: Key | undefined

/** Tried for an unknown tenant, so that it takes as long to refuse as a known one. */
function decoyKey(): Key {
  return (decoy ??= new Key(randomBytes(32), { id: null, notAfter: -Infinity }))
}
