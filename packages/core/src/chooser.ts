import { whenReady, type Awaitable } from './awaitable'
import { bearer, type Carrier, type Found } from './carrier'
import { malformed } from './codec'
import { ConfigError } from './config-error'
import { oneOf, readEach } from './one-of'
import type { Portal } from './portal'
import type { RequestView } from './request'

/** A portal that may have to judge a request, and where its credentials are looked for. */
export interface Candidate {
  readonly portal: Portal
  readonly carrier: Carrier<unknown>
}

/** The one credential of a request, and whose it is. */
export interface Chosen<C extends Candidate> {
  readonly candidate: C
  readonly found: Found<unknown>
}

/**
 * Where a portal's credentials are looked for.
 * @param alsoBearer also in `Authorization`, for a credential that fits there
 */
export function carrierOf({ scheme }: Portal, alsoBearer: boolean): Carrier<unknown> {
  const fits = alsoBearer && scheme.codec.compact
  return fits
    ? (oneOf(scheme.carrier as Carrier<string>, bearer) as Carrier<unknown>) // a compact codec reads text
    : scheme.carrier
}

/**
 * Finds the credential of a request by its place, and among portals that share the place by its
 * shape: never by trying secrets. `undefined` where nothing was sent.
 */
export function choose<C extends Candidate>(
  candidates: readonly C[],
  request: RequestView,
): Awaitable<Chosen<C> | undefined> {
  const carriers = candidates.map(({ carrier }) => carrier)
  return whenReady(readEach(carriers, request), (all) => {
    const chosen = candidates.flatMap((candidate, index) => {
      const found = all[index]
      return found ? [{ candidate, found }] : []
    })
    return chosen.length > 1 ? byShape(chosen) : chosen[0]
  })
}

function byShape<C extends Candidate>(all: readonly Chosen<C>[]): Chosen<C> {
  const fits = ({ candidate, found }: Chosen<C>): boolean =>
    candidate.portal.scheme.codec.fits(found.sent)
  return all.find(fits) ?? malformed('its shape')
}

/** @throws ConfigError where two portals look the same from outside */
export function assertTellable(candidates: readonly Candidate[]): void {
  candidates.forEach((one, index) => {
    const twin = candidates.slice(index + 1).find((other) => looksLike(one, other))
    if (!twin) return
    const [a, b] = [one.portal.scheme.name, twin.portal.scheme.name]
    throw new ConfigError('portals_alike', {
      problem: `A ${a} and a ${b} portal in one guard cannot be told apart: same place, same shape`,
      fix: 'Give each its own route, or make one portal that finds its secret by tenant',
    })
  })
}

function looksLike(one: Candidate, other: Candidate): boolean {
  const samePlace = one.carrier.places.some((place) => other.carrier.places.includes(place))
  return samePlace && one.portal.scheme.codec.shape === other.portal.scheme.codec.shape
}
