import type { Context, Handler, Next } from 'hono'
import {
  admittedUser,
  createGuard,
  createSignEndpoint,
  isRejection,
  problemResponse,
  type InputOf,
  type Portal,
  type PortalUser,
  type SignEndpointOptions,
  type UserOf,
  type VerificationError,
} from '@countersign/core'
import {
  assertNoStrips,
  FetchView,
  toResponse,
  type AbsentIn,
  type GuardMode,
} from '@countersign/fetch/view'
import type { GuardHandler, HonoGuardOptions } from './types'

/**
 * Middleware for the portal's routes: lets signed users pass and answers all other requests.
 * @throws ConfigError for options that cannot work
 */
export function requireSignedUser<P extends Portal, Mode extends GuardMode = 'required'>(
  portal: P | readonly P[],
  options: HonoGuardOptions<UserOf<P>, Mode> = {},
): GuardHandler<UserOf<P>, AbsentIn<Mode>> {
  const guard = createGuard<P, Context>(portal, options, 'requireSignedUser()')
  assertNoStrips(guard)
  return async (c: Context, next: Next) => {
    const decision = await guard.decide(viewOf(c))
    if (!decision.pass) {
      if (guard.forwards) throw answering(decision.error)
      return toResponse(decision.response)
    }
    const { verified, headers, reservation } = decision
    c.set('portalUser', verified?.user)
    c.set('portalAuth', verified?.auth)
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

/**
 * The handler of the application's sign route, for `app.all`: signs the signed-in user.
 * @throws ConfigError for options that cannot work
 */
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
export function getPortalUser<User extends PortalUser = PortalUser>(c: {
  readonly var: { readonly portalUser?: User | undefined } | object
}): User {
  try {
    return admittedUser(c) as User // the guard that ran had this portal
  } catch (error) {
    throw answering(error as VerificationError)
  }
}

/** Hono asks an error that reaches no `onError` for its response. */
function answering(error: VerificationError): VerificationError {
  if (!isRejection(error)) return error // a mistake of the application, which Hono prints
  return Object.assign(error, { getResponse: () => toResponse(problemResponse(error)) })
}

export function viewOf(c: Context): FetchView<Context> {
  const { raw, bodyCache } = c.req
  return new FetchView(raw, c, () => bodyCache.arrayBuffer ?? bodyCache.text) // what its own methods keep
}
