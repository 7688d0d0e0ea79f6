import type { FastifyRequest } from 'fastify'
import { admittedUser, type PortalUser } from '@countersign/core'

/**
 * The user that the guard let pass.
 * @throws ConfigError where no guard ran
 * @throws Rejection `credential_missing` (401) for an anonymous request behind an optional guard
 */
export function getPortalUser<User extends PortalUser = PortalUser>(request: FastifyRequest): User {
  return admittedUser(request) as User // the guard that ran had this portal
}
