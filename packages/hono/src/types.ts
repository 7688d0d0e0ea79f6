import type { PortalAuth, PortalUser } from '@countersign/core'
import type { FetchGuardOptions, GuardMode } from '@countersign/fetch/view'
import type { Context, MiddlewareHandler, Next } from 'hono'

/** What a guard leaves for `c.get('portalUser')` and `c.get('portalAuth')`. */
export interface PortalVariables<User extends PortalUser = PortalUser, Absent = never> {
  /** The verified user; `undefined` for an anonymous request in optional mode. */
  portalUser: User | Absent
  /** How the user was verified. */
  portalAuth: PortalAuth | Absent
}

/** Middleware that adds its variables to the context. Middleware of any app can call it. */
export interface GuardHandler<User extends PortalUser, Absent = never> extends MiddlewareHandler<{
  Variables: PortalVariables<User, Absent>
}> {
  (c: Context, next: Next): Promise<Response | void>
}

/** The options of a guard. */
export type HonoGuardOptions<
  User extends PortalUser,
  Mode extends GuardMode = GuardMode,
> = FetchGuardOptions<User, Mode, Context>
