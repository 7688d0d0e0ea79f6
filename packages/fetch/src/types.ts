import type { GuardOptions, PortalAuth, PortalUser, Reservation } from '@countersign/core'

/**
 * Who was let through.
 * @typeParam Absent `undefined` in optional mode, where both may be absent
 */
export interface SignedUser<User extends PortalUser, Absent = never> {
  readonly portalUser: User | Absent
  readonly portalAuth: PortalAuth | Absent
}

/** The mode of a guard. */
export type GuardMode = 'required' | 'optional'

/** What may be in the place of a user. */
export type AbsentIn<Mode extends GuardMode> = Mode extends 'optional' ? undefined : never

/**
 * The options of a guard. A `Request` keeps its URL, so nothing can be removed from it.
 * @typeParam Native what the callbacks receive
 */
export type FetchGuardOptions<
  User extends PortalUser,
  Mode extends GuardMode = GuardMode,
  Native = Request,
> = Omit<GuardOptions<User, Native>, 'stripCredential' | 'mode'> & {
  /**
   * `optional` lets a request without any credential pass. An invalid credential is refused in
   * either mode.
   * @default 'required'
   */
  readonly mode?: Mode | undefined
}

/** The result of `guard.check()`: a user, or the response to send instead. */
export type Checked<User extends PortalUser, Absent = never> =
  | (SignedUser<User, Absent> & {
      /** To be set on the response, unless it has them. */
      readonly headers: readonly (readonly [name: string, value: string])[]
      /** In lease mode: to be settled by the status of the response. */
      readonly reservation: Reservation | undefined
      readonly response?: undefined
    })
  | {
      readonly response: Response
      readonly portalUser?: undefined
      readonly portalAuth?: undefined
    }

/** A handler of the Fetch API. Frameworks pass more than the request, such as the route's parameters. */
export type FetchHandler<Rest extends readonly unknown[], Native extends Request = Request> = (
  request: Native,
  ...rest: Rest
) => Promise<Response>

/**
 * A handler that is called for signed users only.
 * @typeParam Native the framework's own request, such as `NextRequest`
 */
export type GuardedHandler<
  User extends PortalUser,
  Rest extends readonly unknown[],
  Absent = never,
  Native extends Request = Request,
> = (request: Native, user: SignedUser<User, Absent>, ...rest: Rest) => Response | Promise<Response>

/** A guard for handlers of the Fetch API. */
export interface FetchGuard<User extends PortalUser, Absent = never> {
  /** Makes a handler that calls yours for signed users and answers all other requests. */
  <Rest extends readonly unknown[], Native extends Request = Request>(
    handler: GuardedHandler<User, Rest, Absent, Native>,
  ): FetchHandler<Rest, Native>
  /** The check alone, for middleware of your own. Throws with `rejections: 'forward'`. */
  check(request: Request): Promise<Checked<User, Absent>>
}
