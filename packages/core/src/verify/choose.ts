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
