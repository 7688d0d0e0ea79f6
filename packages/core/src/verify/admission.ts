import { ConfigError } from '../config-error'
import { Rejection } from '../rejection'
import type { PortalUser } from '../wire/claims'
import type { Verified } from './verification'

/** What a guard has decided about a request. */
export interface Admission {
  readonly guard: object
  readonly method: string
  /** `undefined` for an anonymous request in optional mode. */
  readonly verified: Verified | undefined
}

/** Only a guard can add to this: a property `portalUser` proves nothing, an entry here does. */
const admissions = new WeakMap<object, Admission>()

/** @param request the framework's own request */
export function admit(request: object, admission: Admission): void {
  admissions.set(request, admission)
}

/** What the last guard has decided about a request; `undefined` where it let nothing pass. */
export function admissionOf(request: object): Admission | undefined {
  return admissions.get(request)
}

/**
 * The user that the last guard let pass.
 * @param request the framework's own request
 * @throws ConfigError where no guard ran
 * @throws Rejection `credential_missing` for an anonymous request behind an optional guard
 */
export function admittedUser(request: object): PortalUser {
  const admission = admissions.get(request)
  if (!admission) {
    throw new ConfigError('no_guard', {
      problem: 'No guard ran before this handler',
      fix: 'Mount requireSignedUser(portal) on the route, before the handler',
    })
  }
  if (!admission.verified) throw new Rejection('credential_missing')
  return admission.verified.user
}
