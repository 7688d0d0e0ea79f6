import type { Context, Handler, MiddlewareHandler } from 'hono'
import {
  admittedUser,
  createGuard,
  createSignEndpoint,
  type GuardOptions,
  type InputOf,
  type Portal,
  type PortalAuth,
  type PortalUser,
  type SignEndpointOptions,
  type UserOf,
} from '@countersign/core'
import { assertNoStrips, FetchView, toResponse } from '@countersign/fetch/view'

/** What a guard leaves for `c.get('portalUser')` and `c.get('portalAuth')`. */
export interface PortalVariables<User extends PortalUser = PortalUser> {
  /** The verified user; `undefined` for an anonymous request in optional mode. */
  portalUser: User
  /** How the user was verified. */
  portalAuth: PortalAuth
}

type GuardHandler<User extends PortalUser> = MiddlewareHandler<{
  Variables: PortalVariables<User>
}>

/** Middleware for the portal's routes: lets signed users pass and answers all other requests. */
export function requireSignedUser<P extends Portal>(
  portal: P | readonly P[],
  options: Omit<GuardOptions<UserOf<P>, Context>, 'stripCredential'> = {},
): GuardHandler<UserOf<P>> {
  const guard = createGuard<P, Context>(portal, options, 'requireSignedUser()')
  assertNoStrips(guard)
  return async (c, next) => {
    const decision = await guard.decide(viewOf(c))
    if (!decision.pass) {
      if (guard.forwards) throw decision.error
      return toResponse(decision.response)
    }
    const { verified, headers, reservation } = decision
    c.set('portalUser', verified?.user as UserOf<P>) // undefined only in optional mode
    c.set('portalAuth', verified?.auth as PortalAuth) // likewise
    try {
      await next()
    } catch (error) {
      await reservation?.settle(500)
      throw error
    }
    await reservation?.settle(c.error ? 500 : c.res.status)
    for (const [name, value] of headers) {
      if (!c.res.headers.has(name)) c.header(name, value) // set before, a Response of the handler loses it
    }
  }
}

/** The handler of the application's sign route, for `app.all`: signs the signed-in user. */
export function signEndpoint<P extends Portal>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Context>,
): Handler {
  const endpoint = createSignEndpoint<P, Context>(portal, options, 'signEndpoint()')
  return async (c) => toResponse(await endpoint(viewOf(c)))
}

/**
 * The user that the guard let pass.
 * @throws ConfigError where no guard ran
 * @throws Rejection `credential_missing` (401) for an anonymous request behind an optional guard
 */
export function getPortalUser<User extends PortalUser>(
  c: Context<{ Variables: PortalVariables<User> }>,
): User {
  return admittedUser(c) as User // the guard that ran had this portal
}

export function viewOf(c: Context): FetchView<Context> {
  const { raw, bodyCache } = c.req
  return new FetchView(raw, c, () => bodyCache.arrayBuffer ?? bodyCache.text) // what its own methods keep
}
