import {
  createGuard,
  createSignEndpoint,
  type InputOf,
  type Portal,
  type SignEndpointOptions,
  type UserOf,
} from '@countersign/core'
import type {
  AbsentIn,
  Checked,
  FetchGuard,
  FetchGuardOptions,
  GuardedHandler,
  GuardMode,
} from './types'
import { assertNoStrips, FetchView, toResponse } from './view'

/**
 * Guards handlers of the Fetch API: lets signed users pass and answers all other requests.
 * @throws ConfigError for options that cannot work
 */
export function requireSignedUser<P extends Portal, Mode extends GuardMode = 'required'>(
  portal: P | readonly P[],
  options: FetchGuardOptions<UserOf<P>, Mode> = {},
): FetchGuard<UserOf<P>, AbsentIn<Mode>> {
  const core = createGuard<P, Request>(portal, options, 'requireSignedUser()')
  assertNoStrips(core)

  async function check(request: Request): Promise<Checked<UserOf<P>, undefined>> {
    const decision = await core.decide(new FetchView(request, request))
    if (decision.pass) {
      const { verified, headers, reservation } = decision
      return { portalUser: verified?.user, portalAuth: verified?.auth, headers, reservation }
    }
    if (core.forwards) throw decision.error
    return { response: toResponse(decision.response) }
  }

  const guard =
    <Rest extends readonly unknown[], Native extends Request>(
      handler: GuardedHandler<UserOf<P>, Rest, undefined, Native>,
    ) =>
    async (request: Native, ...rest: Rest): Promise<Response> => {
      const checked = await check(request)
      if (checked.response) return checked.response
      const { headers, reservation, portalUser, portalAuth } = checked
      try {
        const response = await handler(request, { portalUser, portalAuth }, ...rest)
        await reservation?.settle(response.status)
        return withHeaders(response, headers)
      } catch (error) {
        await reservation?.settle(statusOf(error))
        throw error
      }
    }
  return Object.assign(guard, { check }) as FetchGuard<UserOf<P>, AbsentIn<Mode>> // absent in that mode only
}

/**
 * The handler of the application's sign route, preflights included: signs the signed-in user.
 * @throws ConfigError for options that cannot work
 */
export function signEndpoint<P extends Portal, Native extends Request = Request>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Native>,
): (request: Native) => Promise<Response> {
  const endpoint = createSignEndpoint<P, Native>(portal, options, 'signEndpoint()')
  return async (request) => toResponse(await endpoint(new FetchView(request, request)))
}

/** The handler's own headers count more. */
function withHeaders(
  response: Response,
  headers: readonly (readonly [string, string])[],
): Response {
  const missing = headers.filter(([name]) => !response.headers.has(name))
  const isUpgrade = response.status < 200 // to a WebSocket: no copy would do
  if (missing.length === 0 || isUpgrade) return response
  const copy = new Response(response.body, response) // those of a redirect cannot be changed
  for (const [name, value] of missing) copy.headers.set(name, value)
  return copy
}

/** Frameworks throw redirects: Remix a Response, SvelteKit an object with a status, Next.js an error. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof Error) {
    const isRedirect = 'digest' in thrown && String(thrown.digest).startsWith('NEXT_REDIRECT;')
    return isRedirect ? 307 : 500
  }
  const { status } = Object(thrown) as { readonly status?: unknown } // whatever it is
  return typeof status === 'number' ? status : 500
}
