import { authenticator, type Signatory } from './authenticate'
import { recover, whenReady, type Awaitable } from './awaitable'
import type { Found } from './carrier'
import { assertTellable, carrierOf, choose, type Candidate } from './chooser'
import type { Claims, PortalUser } from './claims'
import { readClock } from './clock'
import { ConfigError } from './config-error'
import { nonceStep } from './nonce'
import { resolvePolicy, type Policy } from './policy'
import type { Portal, UserOf } from './portal'
import { isRejection, Rejection } from './rejection'
import type { RequestView } from './request'
import { reusable, type OneTime } from './single-use'
import { assertEnds, checkAudience, checkTimes, endOf } from './validity'
import { assertOptions, VERIFIER_OPTIONS, type VerifierOptions } from './verifier-options'
import type { PortalAuth, Verification, Verified, Verifier } from './verification'
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
  const candidates = portals.map((portal) => ({
    portal,
    carrier: carrierOf(portal, options.bearer ?? false),
    judge: judgeOf(portal, resolvePolicy(portal, options)),
  }))
  assertTellable(candidates)
  const verify = candidates.length === 1 ? verifyOne(candidates[0]!) : verifySeveral(candidates)
  return { verify: (request) => recover(() => verify(request), asVerification) }
}

interface Court<Native> extends Candidate {
  readonly judge: Judge<Native>
}

type Verify<Native> = Verifier<PortalUser, Native>['verify']

function verifyOne<Native>({ carrier, judge }: Court<Native>): Verify<Native> {
  return (request) =>
    whenReady(carrier.read(request), (found) => (found ? judge(request, found) : nothingSent()))
}

function verifySeveral<Native>(candidates: readonly Court<Native>[]): Verify<Native> {
  return (request) =>
    whenReady(choose(candidates, request), (chosen) =>
      chosen ? chosen.candidate.judge(request, chosen.found) : nothingSent(),
    )
}

type Judge<Native> = (
  request: RequestView<Native>,
  found: Found<unknown>,
) => Awaitable<Verification>

/**
 * Judges the credentials of one portal. The order is the security: take apart, find the secret and
 * check the signature; only then read the claims, and use up the nonce last of all.
 */
function judgeOf<Native>(portal: Portal, policy: Policy<Native>): Judge<Native> {
  const { codec, reader } = portal.scheme
  const authenticate = authenticator(portal, policy)
  const useNonce = nonceStep(portal, policy)

  return (request, { sent, place }) => {
    const now = readClock(policy.now)
    const envelope = codec.open(sent)
    return whenReady(authenticate(envelope, request, now), (signatory) => {
      const claims = reader.read(envelope.claims())
      checkTimes(claims, policy, now)
      checkAudience(claims.audience, portal.audience ?? signatory.tenant)
      const admit = (use: OneTime): Verification => ({
        ok: true,
        value: verified(claims, signatory, { policy, use, place }),
      })
      if (!useNonce) {
        assertEnds(claims, policy)
        return admit(reusable)
      }
      return whenReady(
        useNonce({ envelope, claims, tenant: signatory.tenant, now }, request),
        admit,
      )
    })
  }
}

interface Admission<Native> {
  readonly policy: Policy<Native>
  readonly use: OneTime
  readonly place: string
}

function verified<Native>(
  claims: Claims<PortalUser>,
  { key, tenant, rotated }: Signatory,
  { policy, use, place }: Admission<Native>,
): Verified {
  const auth: PortalAuth = {
    scheme: claims.user.scheme,
    tenant,
    keyId: key.id,
    issuedAt: dateOf(claims.issuedAt),
    expiresAt: dateOf(endOf(claims, policy)),
    nonce: claims.nonce,
    consume: use.consume,
  }
  const { reservation } = use
  return { user: claims.user, auth, rotated, inUrl: place.startsWith('?'), reservation }
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
