import { ConfigError } from '../config-error'
import { Rejection } from '../rejection'
import type { OneTimeEntry } from '../replay/one-time'
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

class Given {
  constructor(request: object) {
    return request
  }
}

/**
 * Gives a framework's own request a private field. Only a guard can do that, and no copy of the
 * request has the field: a property `portalUser` proves nothing, this does. It works as an entry in
 * a WeakMap would, for less time.
 */
export class Admitted extends Given {
  #last: Admission

  private constructor(request: object, last: Admission) {
    super(request)
    this.#last = last
  }

  static add(request: object, decision: Omit<Admission, 'before'>): void {
    const before = Admitted.of(request)
    const last = { ...decision, before }
    if (before) (request as Admitted).#last = last
    else new Admitted(request, last)
  }

  /** What the last guard has decided about a request; `undefined` where it let nothing pass. */
  static of(request: unknown): Admission | undefined {
    return typeof request === 'object' && request && #last in request ? request.#last : undefined
  }
}

/** The one-time credentials that guards have checked or claimed for a request. */
export function entriesOf(request: unknown): readonly OneTimeEntry[] {
  const entries: OneTimeEntry[] = []
  let admission = Admitted.of(request)
  for (; admission; admission = admission.before) {
    const entry = admission.verified && VerifiedAuth.entryOf(admission.verified.auth)
    if (entry) entries.push(entry)
  }
  return entries
}

/**
 * The user that the last guard let pass.
 * @param request the framework's own request
 * @throws ConfigError where no guard ran
 * @throws Rejection `credential_missing` for an anonymous request behind an optional guard
 */
export function admittedUser(request: object): PortalUser {
  const admission = Admitted.of(request)
  if (!admission) {
    throw new ConfigError('no_guard', {
      problem: 'No guard ran before this handler',
      fix: 'Mount requireSignedUser(portal) on the route, before the handler',
    })
  }
  if (!admission.verified) throw new Rejection('credential_missing')
  return admission.verified.user
}
