import { ConfigError } from '../config-error'
import { Rejection } from '../rejection'
import type { OneTimeUse } from '../replay/one-time'
import type { PortalUser } from '../wire/claims'
import { VerifiedAuth, type Verified } from './verification'

/** What a guard has decided about a request. */
export interface Admission {
  readonly guard: object
  readonly method: string
  /** `undefined` for an anonymous request in optional mode. */
  readonly verified: Verified | undefined
  /** What the guard before it has decided. */
  readonly before: Admission | undefined
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

/** The one-time credentials that guards have checked or taken for a request. */
export function usesOf(request: unknown): readonly OneTimeUse[] {
  const uses: OneTimeUse[] = []
  let admission = admissions.get(request as object) // what is no object has no entry
  for (; admission; admission = admission.before) {
    const use = admission.verified && VerifiedAuth.useOf(admission.verified.auth)
    if (use) uses.push(use)
  }
  return uses
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
