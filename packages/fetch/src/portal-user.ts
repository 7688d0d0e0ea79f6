import { admittedUser, type PortalUser } from '@countersign/core'

/**
 * The user that the guard let pass.
 * @throws ConfigError where no guard ran for this request
 * @throws Rejection `credential_missing` (401) for an anonymous request behind an optional guard
 */
export function getPortalUser(request: Request): PortalUser {
  return admittedUser(request)
}
