import type { PortalAuth, PortalUser } from '@countersign/core'
import type { NextFunction, RequestHandler } from 'express'

declare global {
  namespace Express {
    interface Request {
      /** The verified user; `undefined` where an optional guard let an anonymous request pass, or no guard ran. */
      portalUser?: PortalUser | undefined
      /** What was verified beside the user: scheme, tenant, key, times, nonce. */
      portalAuth?: PortalAuth | undefined
    }
  }
}

/** What a guard sets in `res.locals`, for templates and for the types of later handlers. */
export interface PortalLocals<User extends PortalUser> extends Record<string, unknown> {
  portalUser?: User
}

/**
 * Middleware after which `getPortalUser(req)` has the portal's own user type. It says nothing about
 * parameters, body and query, so the route's own types for them stay as they are.
 */
export type SignedUserHandler<User extends PortalUser> = (
  req: Express.Request,
  res: Express.Response & { readonly locals: PortalLocals<User> },
  next: NextFunction,
) => void

/** A handler of a route. It has a name of its own, which declaration files of apps can use. */
export interface PortalHandler extends RequestHandler {}

/** Any Express request. Behind a guard in the same call, its type knows the portal's user. */
export interface PortalRequest<User extends PortalUser> extends Express.Request {
  readonly res?: { readonly locals: PortalLocals<User> } | undefined
}
