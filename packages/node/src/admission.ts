import { ConfigError, Rejection, type PortalUser, type Verified } from '@countersign/core'

/** What a guard decided about a request. */
interface Admission {
  readonly guard: object
  /** `undefined` for a stranger in optional mode. */
  readonly verified: Verified | undefined
}

/** Known to this module alone: a property called `portalUser` proves nothing, this does. */
const slot: unique symbol = Symbol('countersign.admission')

type Branded = object & { [slot]?: Admission }

/** Notes that a guard let this request in, and whom. */
export function admit(request: Branded, admission: Admission): void {
  request[slot] = admission
}

/** True where this very guard has let the request in already. */
export function isAdmitted(request: Branded, guard: object): boolean {
  return Object.hasOwn(request, slot) && request[slot]?.guard === guard
}

/**
 * The user that the last guard let in.
 * @throws ConfigError where no guard ran
 * @throws Rejection `credential_missing` for a stranger behind an optional guard
 */
export function admittedUser(request: Branded): PortalUser {
  if (!Object.hasOwn(request, slot)) {
    throw new ConfigError('no_guard', {
      problem: 'No guard ran before this handler',
      fix: 'Mount requireSignedUser(portal) on the route, before the handler',
    })
  }
  const verified = request[slot]?.verified
  if (!verified) throw new Rejection('credential_missing')
  return verified.user
}
