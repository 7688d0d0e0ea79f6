import { ConfigError } from '../config-error'
import { assertKeyLength } from '../keys/key'
import { assertDistinctKeys } from '../keys/key-source'
import type { Portal } from '../portal'
import type { RequestView } from '../request'
import {
  afterBody,
  bearer,
  oneOf,
  readEach,
  type Carrier,
  type Credential,
  type Findings,
  type NeedsBody,
} from '../wire/carriers'
import { malformed } from '../wire/codec'
import type { VerifierSettings } from './settings'

/** A portal, and where a verifier looks for its credentials. */
export interface Candidate {
  readonly portal: Portal
  readonly carrier: Carrier<unknown>
}

/** The one credential of a request, and whose it is. */
export interface Found<C extends Candidate> {
  readonly candidate: C
  readonly credential: Credential<unknown>
}

/** @param alsoBearer whether a credential that fits into `Authorization` is read there, too */
export function carrierOf({ scheme }: Portal, alsoBearer: boolean): Carrier<unknown> {
  if (!alsoBearer || !scheme.codec.compact) return scheme.carrier
  return oneOf(scheme.carrier as Carrier<string>, bearer) as Carrier<unknown> // a compact codec reads text
}

/**
 * Finds the credential of a request by its place, and among portals that share the place by its
 * shape: never by trying secrets. `undefined` where nothing was sent.
 */
export function choose<C extends Candidate>(
  candidates: readonly C[],
  request: RequestView,
): Found<C> | undefined | NeedsBody<Found<C> | undefined> {
  if (candidates.length === 1) {
    const only = candidates[0] as C // the only one
    return afterBody(
      only.carrier.read(request),
      (credential) => credential && { candidate: only, credential },
    )
  }
  const found = readEach(
    candidates.map(({ carrier }) => carrier),
    request,
  )
  return afterBody(found, (all) => theOne(candidates, all))
}

function theOne<C extends Candidate>(
  candidates: readonly C[],
  all: Findings<unknown>,
): Found<C> | undefined {
  const found = candidates.flatMap((candidate, index) => {
    const credential = all[index]
    return credential ? [{ candidate, credential }] : []
  })
  return found.length > 1
    ? (found.find(hasShape) ?? malformed('no portal of this guard has credentials of this shape'))
    : found[0]
}

function hasShape<C extends Candidate>({ candidate, credential }: Found<C>): boolean {
  const { shape } = candidate.portal.scheme.codec
  return shape === null || shape.test(String(credential.value))
}

/** @throws ConfigError where there is no portal */
export function portalList<P extends Portal>(portal: P | readonly P[]): readonly P[] {
  const list = Array.isArray(portal) ? (portal as readonly P[]) : [portal as P]
  if (list.length > 0 && list.every((each) => each?.scheme?.reader)) return list
  throw new ConfigError('portal_missing', {
    problem: 'There is no portal to verify for',
    fix: 'Pass a portal, as featkit({ secret }) makes it, or a list of portals: requireSignedUser(portal)',
  })
}

/** The scheme of a credential that has not been found yet; `null` where it may be one of several. */
export function onlyScheme([first, ...others]: readonly Portal[]): string | null {
  return first && others.length === 0 ? first.scheme.name : null
}

/** @throws ConfigError for portals that cannot work with these settings, or not together */
export function assertPortals(portals: readonly Portal[], settings: VerifierSettings): void {
  assertBearer(portals, settings.bearer)
  for (const portal of portals) {
    assertAudience(portal, settings.tenant !== undefined)
    assertKeyLength(portal.scheme, portal.keys.known ?? [], settings.allowShortSecret)
  }
  if (settings.allowSecretReuse) return
  for (const [one, other] of pairs(portals)) {
    const owners = `${one.scheme.name} and ${other.scheme.name}`
    assertDistinctKeys(one.keys.known, other.keys.known, owners)
  }
}

function assertBearer(portals: readonly Portal[], isWanted: boolean): void {
  if (!isWanted || portals.some(({ scheme }) => scheme.codec.compact)) return
  throw new ConfigError('option_invalid', {
    problem: 'None of these portals has a credential that fits into an `Authorization` header',
    fix: 'Leave out `bearer`',
  })
}

function assertAudience({ scheme, audience }: Portal, hasTenant: boolean): void {
  if (!scheme.claims.audience || audience !== null || hasTenant) return
  throw new ConfigError('audience_missing', {
    problem: `A ${scheme.name} portal without "${scheme.audience}" would accept what was signed for another project`,
    fix: `Pass "${scheme.audience}" to ${scheme.name}(), or the guard's \`tenant\` where one app serves many`,
  })
}

/** @throws ConfigError for two portals whose credentials look the same from outside */
export function assertDistinguishable(all: readonly Candidate[]): void {
  for (const [one, other] of pairs(all)) {
    if (!looksLike(one, other)) continue
    const names = `a ${one.portal.scheme.name} and a ${other.portal.scheme.name} portal`
    throw new ConfigError('portals_alike', {
      problem: `One guard cannot tell ${names} apart: their credentials have the same place and shape`,
      fix: 'Give each portal its own route, or make one portal that looks up its secret by tenant',
    })
  }
}

function looksLike(one: Candidate, other: Candidate): boolean {
  const samePlace = one.carrier.places.some((place) => other.carrier.places.includes(place))
  return (
    samePlace && String(one.portal.scheme.codec.shape) === String(other.portal.scheme.codec.shape)
  )
}

function pairs<Value>(values: readonly Value[]): readonly (readonly [Value, Value])[] {
  return values.flatMap((one, index) =>
    values.slice(index + 1).map((other) => [one, other] as const),
  )
}
