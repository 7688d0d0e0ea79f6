import type { PortalAuth, PortalUser, Reservation } from '@countersign/core'

/** Who was let through; both `undefined` for an anonymous request in optional mode. */
export interface SignedUser<User extends PortalUser> {
  readonly portalUser: User
  readonly portalAuth: PortalAuth
}

/** The result of `guard.check()`: a user, or the response to send instead. */
export type Checked<User extends PortalUser> =
  | (SignedUser<User> & {
      /** To be set on the response, unless it has them. */
      readonly headers: readonly (readonly [name: string, value: string])[]
      /** In lease mode: to be settled by the status of the response. */
      readonly reservation: Reservation | undefined
      readonly response?: undefined
    })
  | { readonly response: Response }

/** A handler of the Fetch API. Frameworks pass more than the request, such as the route's parameters. */
export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Promise<Response>

/** A handler that is called for signed users only. */
export type GuardedHandler<User extends PortalUser, Rest extends readonly unknown[]> = (
  request: Request,
  user: SignedUser<User>,
  ...rest: Rest
) => Response | Promise<Response>

/** A guard for handlers of the Fetch API. */
export interface FetchGuard<User extends PortalUser> {
  /** Makes a handler that calls yours for signed users and answers all other requests. */
  <Rest extends readonly unknown[]>(handler: GuardedHandler<User, Rest>): FetchHandler<Rest>
  /** The check alone, for middleware of your own. Throws with `rejections: 'forward'`. */
  check(request: Request): Promise<Checked<User>>
}
