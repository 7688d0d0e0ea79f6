import { recover, whenReady, type Awaitable } from './awaitable'
import { authenticate, tenantOf, tenantKeys } from './authenticate'
import { chooser, type Chosen } from './chooser'
import type { Claims, PortalUser } from './claims'
import { readClock } from './clock'
import { ConfigError } from './config-error'
import type { Envelope } from './codec'
import type { Key } from './key'
import {
  assertOptions,
  resolvePolicy,
  VERIFIER_OPTIONS,
  type Policy,
  type VerifierOptions,
} from './policy'
import type { Portal, UserOf } from './portal'
import { isRejection, Rejection } from './rejection'
import { replayKey } from './replay'
import type { RequestView } from './request'
import { isPrefetch, oneTime, retainUntil, reusable, type OneTime } from './single-use'
import { checkAudience, checkTimes, endOf } from './validity'
import type { Verification, Verified, Verifier } from './verification'

/**
 * Verifies signed users against one portal or several.
 * @throws ConfigError `misconfigured` for options that cannot work
 */
export function createVerifier<P extends Portal, Native = unknown>(
  portal: P | readonly P[],
  options: VerifierOptions<Native> = {},
): Verifier<UserOf<P>, Native> {
  const portals = asList(portal)
  assertOptions(portals, options, VERIFIER_OPTIONS)
  return verifierFor(portals, options) as unknown as Verifier<UserOf<P>, Native> // the chosen portal's own user
}

/** @throws ConfigError where there is no portal */
export function asList<P extends Portal>(portal: P | readonly P[]): readonly P[] {
  const list = Array.isArray(portal) ? (portal as readonly P[]) : [portal as P]
  if (list.length > 0 && list.every((each) => each?.scheme?.reader)) return list
  throw new ConfigError('portal_missing', {
    problem: 'There is no portal to verify for',
    fix: 'Pass one, as featkit({ secret }) makes it, or a list of them',
  })
}

/** The verifier behind the check of its options. */
export function verifierFor<Native>(
  portals: readonly Portal[],
  options: VerifierOptions<Native>,
): Verifier<PortalUser, Native> {
  const choose = chooser(portals, options.bearer ?? false)
  const judges = new Map(
    portals.map((portal) => [portal, judge(portal, resolvePolicy(portal, options))]),
  )
  const verify = (request: RequestView<Native>): Awaitable<Verification> =>
    whenReady(choose(request), (chosen) =>
      chosen ? judges.get(chosen.portal)!(request, chosen) : nothingSent(),
    )
  return { verify: (request) => recover(() => verify(request), asVerification) }
}

type Judge<Native> = (request: RequestView<Native>, chosen: Chosen) => Awaitable<Verification>

/**
 * Judges the credentials of one portal. The order is the security: take apart, find the secret,
 * check the signature; only then read the claims, and use up the nonce last of all.
 */
function judge<Native>(portal: Portal, policy: Policy<Native>): Judge<Native> {
  const { codec, reader, mac } = portal.scheme

  return (request, { sent, place }) => {
    const now = readClock(policy.now)
    const envelope = codec.open(sent)
    const tenant = tenantOf(envelope, { portal, policy, native: request.native })
    return whenReady(tenantKeys(tenant, { portal, policy, now }), (keys) => {
      const key = authenticate(envelope, { mac, keys, now })
      const claims = reader.read(envelope.claims())
      checkTimes(claims, policy, now)
      checkAudience(claims.audience, portal.audience ?? tenant ?? null)
      const signed: Signed = { envelope, claims, tenant: tenant ?? null, key, now }
      const use = nonceOf(signed, { portal, policy, request })
      return whenReady(spend(use, policy, request), () => ({
        ok: true,
        value: admit(signed, {
          policy,
          use,
          rotated: key !== keys?.[0],
          inUrl: place.startsWith('?'),
        }),
      }))
    })
  }
}

/** What the signature vouches for. */
interface Signed {
  readonly envelope: Envelope
  readonly claims: Claims<PortalUser>
  readonly tenant: string | null
  readonly key: Key
  readonly now: number
}

interface NonceContext<Native> {
  readonly portal: Portal
  readonly policy: Policy<Native>
  readonly request: RequestView<Native>
}

/** @returns `undefined` for a credential that may be used again */
function nonceOf<Native>(signed: Signed, context: NonceContext<Native>): OneTime | undefined {
  const { portal, policy, request } = context
  const { singleUse, name: scheme } = portal.scheme
  const store = policy.replayStore
  if (!singleUse || !store) return undefined
  const { envelope, claims, tenant, now } = signed
  const parts = singleUse.by === 'nonce' ? [claims.nonce ?? ''] : envelope.input
  const key = replayKey({ scheme, tenant, parts })
  const expiresAt = retainUntil(store, { ...policy, end: endOf(claims, policy), now })
  const { native } = request
  const owner = typeof native === 'object' && native !== null ? native : request
  return oneTime({ key, expiresAt }, { store, uses: portal.uses, owner })
}

function spend<Native>(
  use: OneTime | undefined,
  policy: Policy<Native>,
  request: RequestView<Native>,
): Awaitable<void> {
  if (!use) return undefined
  return policy.consumes(request.method) && !isPrefetch(request) ? use.consume() : use.peek()
}

interface Admission<Native> extends Pick<Verified, 'rotated' | 'inUrl'> {
  readonly policy: Policy<Native>
  readonly use: OneTime | undefined
}

function admit<Native>({ claims, tenant, key }: Signed, admission: Admission<Native>): Verified {
  const { policy, use, rotated, inUrl } = admission
  const auth = Object.freeze({
    scheme: claims.user.scheme,
    tenant,
    keyId: key.id,
    issuedAt: dateOf(claims.issuedAt),
    expiresAt: dateOf(endOf(claims, policy)),
    nonce: claims.nonce,
    consume: (use ?? reusable).consume,
  })
  return { user: claims.user, auth, rotated, inUrl }
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}

function nothingSent(): Verification<never> {
  return { ok: false, error: new Rejection('credential_missing'), absent: true }
}

/** A refusal is an answer; any other error is a fault in our own code, and stays one. */
function asVerification(error: unknown): Verification<never> {
  if (isRejection(error) || error instanceof ConfigError) return { ok: false, error, absent: false }
  throw error
}
