import { whenReady, type Awaitable } from './awaitable'
import { bearer, oneOf, type Carrier, type Found } from './carrier'
import { ConfigError } from './config-error'
import { malformed } from './codec'
import type { Portal } from './portal'
import { Rejection } from './rejection'
import type { RequestView } from './request'

/** A credential and the portal that has to judge it. */
export interface Chosen extends Found<unknown> {
  readonly portal: Portal
}

/** Finds the one credential of a request, and whose it is; `undefined` where nothing was sent. */
export type Chooser = (request: RequestView) => Awaitable<Chosen | undefined>

/**
 * Chooses by place and shape, never by trying secrets.
 * @throws ConfigError where two portals look the same from outside
 */
export function chooser(portals: readonly Portal[], alsoBearer: boolean): Chooser {
  const candidates = portals.map((portal) => ({ portal, carrier: carrierOf(portal, alsoBearer) }))
  assertDifferent(candidates)
  assertBearer(candidates, alsoBearer)
  const [only, second] = candidates
  return only && !second
    ? (request) =>
        whenReady(only.carrier.read(request), (found) => found && { ...found, portal: only.portal })
    : (request) => whenReady(readAll(candidates, request), chooseByShape)
}

interface Candidate {
  readonly portal: Portal
  readonly carrier: Carrier<unknown>
}

function carrierOf({ scheme }: Portal, alsoBearer: boolean): Carrier<unknown> {
  const alsoHere = alsoBearer && scheme.codec.compact
  return alsoHere
    ? (oneOf(scheme.carrier as Carrier<string>, bearer) as Carrier<unknown>)
    : scheme.carrier
}

function readAll(
  candidates: readonly Candidate[],
  request: RequestView,
): Awaitable<readonly Chosen[]> {
  return candidates.reduce<Awaitable<Chosen[]>>(
    (before, { portal, carrier }) =>
      whenReady(before, (all) =>
        whenReady(carrier.read(request), (found) => (found ? [...all, { ...found, portal }] : all)),
      ),
    [],
  )
}

function chooseByShape(found: readonly Chosen[]): Chosen | undefined {
  const places = new Set(found.map(({ place }) => place))
  if (places.size > 1) {
    throw new Rejection('credential_ambiguous', `sent in ${[...places].join(' and ')}`)
  }
  if (found.length <= 1) return found[0]
  return found.find(({ portal, sent }) => portal.scheme.codec.fits(sent)) ?? malformed('its shape')
}

function assertDifferent(candidates: readonly Candidate[]): void {
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

function assertBearer(candidates: readonly Candidate[], alsoBearer: boolean): void {
  if (!alsoBearer || candidates.some(({ portal }) => portal.scheme.codec.compact)) return
  throw new ConfigError('option_invalid', {
    problem: 'None of these portals has a credential that fits into one `Authorization` header',
    fix: 'Leave out `bearer`',
  })
}
