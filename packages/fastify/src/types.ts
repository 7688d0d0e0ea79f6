import type { FastifyRequest } from 'fastify'
import type { GuardOptions, Portal, PortalAuth, PortalUser } from '@countersign/core'

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified user; `undefined` for an anonymous request in optional mode, or without a guard. */
    portalUser?: PortalUser | undefined
    /** How the user was verified. */
    portalAuth?: PortalAuth | undefined
  }
}

/** The options of the plugin `signedUsers`: a guard's, and the portals. */
export interface SignedUsersOptions extends Omit<
  GuardOptions<PortalUser, FastifyRequest>,
  'stripCredential'
> {
  /** The portal, or several. */
  readonly portal: Portal | readonly Portal[]
}
