import type { PortalAuth, PortalUser } from '@countersign/core'
import type { NextFunction } from 'express'

declare global {
  namespace Express {
    interface Request {
      /** The verified user; `undefined` where an optional guard let a stranger in, or none ran. */
      portalUser?: PortalUser | undefined
      /** How we know. */
      portalAuth?: PortalAuth | undefined
    }
  }
}

/** What a guard leaves in `res.locals`, for templates and for the types of the handlers behind it. */
export interface PortalLocals<User extends PortalUser> extends Record<string, unknown> {
  portalUser?: User
}

/**
 * Middleware after which `getPortalUser(req)` has the portal's own user type. It says nothing of
 * parameters, body and query, so the route's own types for them stay as they are.
 */
export type SignedUserHandler<User extends PortalUser> = (
  req: Express.Request,
  res: Express.Response & { readonly locals: PortalLocals<User> },
  next: NextFunction,
) => void

/** Any Express request; where a guard stands in the same chain, it knows the user's type. */
export interface PortalRequest<User extends PortalUser> extends Express.Request {
  readonly res?: { readonly locals: PortalLocals<User> } | undefined
}
