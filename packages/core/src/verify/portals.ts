import { ConfigError } from '../config-error'
import { assertKeyLength } from '../keys/key'
import { assertDistinctKeys } from '../keys/key-source'
import type { Portal } from '../portal'
import type { Carrier } from '../wire/carriers'
import type { VerifierSettings } from './settings'

/** @throws ConfigError where there is no portal */
export function portalList<P extends Portal>(portal: P | readonly P[]): readonly P[] {
  const list = Array.isArray(portal) ? (portal as readonly P[]) : [portal as P]
  if (list.length > 0 && list.every((each) => each?.scheme?.reader)) return list
  throw new ConfigError('portal_missing', {
    problem: 'There is no portal to verify for',
    fix: 'Pass a portal, as featkit({ secret }) makes it, or a list of portals',
  })
}

/** The scheme of a credential that has not been found yet; `null` where it may be one of several. */
export function onlyScheme([first, ...others]: readonly Portal[]): string | null {
  return first && others.length === 0 ? first.scheme.name : null
}

/** @throws ConfigError for portals that cannot work with these settings, or not together */
export function assertPortals<Native>(
  portals: readonly Portal[],
  settings: VerifierSettings<Native>,
): void {
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

interface Placed {
  readonly portal: Portal
  readonly carrier: Carrier<unknown>
}

/** @throws ConfigError for two portals whose credentials look the same from outside */
export function assertDistinguishable(all: readonly Placed[]): void {
  for (const [one, other] of pairs(all)) {
    if (!looksLike(one, other)) continue
    const names = `a ${one.portal.scheme.name} and a ${other.portal.scheme.name} portal`
    throw new ConfigError('portals_alike', {
      problem: `One guard cannot tell ${names} apart: their credentials have the same place and shape`,
      fix: 'Give each portal its own route, or make one portal that looks up its secret by tenant',
    })
  }
}

function looksLike(one: Placed, other: Placed): boolean {
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
