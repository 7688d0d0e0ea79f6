import { admittedUser, type PortalUser } from '@countersign/core'
import type { PortalContext } from './types'

/**
 * The user that the guard of this route let in, with the exact type where TypeScript knows it.
 * @throws ConfigError where no guard ran
 * @throws Rejection `credential_missing` (401) for an anonymous request behind an optional guard
 */
export function getPortalUser<User extends PortalUser = PortalUser>(
  ctx: PortalContext<User>,
): User {
  return admittedUser(ctx) as User // the guard that ran had this portal
}
