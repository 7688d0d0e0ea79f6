import { embedded, type Signed } from './address'
import { isPromise, recover, whenReady, withDeadline, type Awaitable } from './awaitable'
import { ConfigError } from './config-error'
import { mistakeReporter, watch } from './observe'
import { assertKnown, booleanOption, functionOption, invalidOption, oneOfOption } from './options'
import type { InputOf, Portal } from './portal'
import { privateJson, problemResponse } from './problem'
import { isRejection, Rejection } from './rejection'
import type { Endpoint, RequestView, ResponseData } from './request'
import { assertOrigins, corsHeaders, refuseCrossSite, type AllowedOrigins } from './same-origin'
import { createSigner, type SignerOptions } from './signer'
import type { VerificationError } from './verification'

export interface SignEndpointOptions<Input, Native> extends SignerOptions {
  /**
   * Who is signed in, from the application's own session; `null` for nobody. The only place that
   * identity comes from: the request's body and query are never read for it. At most 5 seconds.
   */
  readonly user: (request: Native) => Awaitable<Input | null | undefined>
  /**
   * Sign URLs for an iframe. Only where the portal has such a mode.
   * @default false
   */
  readonly embed?: boolean | undefined
  /**
   * Answer with JSON for a script, or send the browser straight to the portal.
   * @default 'json'
   */
  readonly respond?: 'json' | 'redirect' | undefined
  /**
   * Origins whose pages may call, with the user's cookies. With a list, the application's own must
   * stand in it for browsers that send no `Sec-Fetch-Site`.
   * @default none: only the application's own
   */
  readonly allowedOrigins?: AllowedOrigins | undefined
  /** Sees each refusal with its private code and detail: for logs and metrics. */
  readonly onRejected?: ((error: VerificationError, request: Native) => void) | undefined
}

const OPTIONS = [
  'user',
  'expiresIn',
  'embed',
  'respond',
  'allowedOrigins',
  'allowShortSecret',
  'now',
  'onRejected',
]

/** How long `user` may take, in milliseconds. */
export const USER_DEADLINE = 5_000

/**
 * The route that an application's own frontend calls: signs whoever is signed in.
 * @throws ConfigError `misconfigured` for options that cannot work
 */
export function createSignEndpoint<P extends Portal, Native>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Native>,
): Endpoint<Native> {
  assertEndpointOptions(portal, options as SignEndpointOptions<unknown, Native>)
  const { user, expiresIn, embed, respond, allowedOrigins = [], allowShortSecret, now } = options
  const signer = createSigner(portal, { expiresIn, allowShortSecret, now })
  const refuse = refusals(options as SignEndpointOptions<unknown, Native>)
  const methods = portal.scheme.codec.compact ? ['GET', 'HEAD', 'POST'] : ['POST']
  const reply = respond === 'redirect' ? redirect : privateJson

  function answer(request: RequestView<Native>): Awaitable<ResponseData> {
    if (request.method === 'OPTIONS') return preflight(methods)
    if (!methods.includes(request.method)) throw new Rejection('method_not_allowed')
    refuseCrossSite(request, allowedOrigins)
    return whenReady(whoIsSignedIn(user, request.native), (found) => {
      if (found === null || found === undefined) throw new Rejection('unauthenticated')
      return whenReady(signer.sign(found, { embed }), reply)
    })
  }

  return (request) =>
    whenReady(
      recover(
        () => answer(request),
        (error) => refuse(error, request.native),
      ),
      (response) => {
        const allow = response.status === 405 ? { allow: methods.join(', ') } : {}
        const headers = { ...response.headers, ...allow, ...corsHeaders(request, allowedOrigins) }
        return { ...response, headers }
      },
    )
}

function assertEndpointOptions<Native>(
  portal: Portal,
  options: SignEndpointOptions<unknown, Native>,
): void {
  assertKnown(options ?? {}, OPTIONS, 'A sign endpoint')
  if (typeof options?.user !== 'function') throw invalidOption('user', 'a function')
  functionOption('onRejected', options.onRejected)
  booleanOption('embed', options.embed)
  oneOfOption('respond', options.respond, [undefined, 'json', 'redirect'])
  assertOrigins(options.allowedOrigins ?? [])
  if (options.embed) embedded(portal)
  if (options.respond === 'redirect' && !portal.scheme.codec.compact) {
    throw new ConfigError('option_invalid', {
      problem: `A browser cannot be redirected with a credential of ${portal.scheme.name}, which is posted`,
      fix: 'Leave out `respond` and post what the endpoint answers',
    })
  }
}

/** An application that cannot say who is signed in signs nobody. */
function whoIsSignedIn<Input, Native>(
  user: (request: Native) => Awaitable<Input | null | undefined>,
  native: Native,
): Awaitable<Input | null | undefined> {
  const late = (): Error => new Rejection('user_unavailable', '`user` took longer than 5 s')
  return recover(
    () => {
      const found = user(native)
      return isPromise(found) ? withDeadline(found, USER_DEADLINE, late) : found
    },
    (cause): never => {
      throw isRejection(cause) ? cause : new Rejection('user_unavailable', '`user` failed', cause)
    },
  )
}

function refusals<Native>({ onRejected }: SignEndpointOptions<unknown, Native>) {
  const tellDeveloper = mistakeReporter()
  return (error: unknown, native: Native): ResponseData => {
    if (!isRejection(error) && !(error instanceof ConfigError)) throw error
    if (error instanceof ConfigError) tellDeveloper(error)
    if (onRejected) watch('onRejected', () => onRejected(error, native))
    return problemResponse(error)
  }
}

function preflight(methods: readonly string[]): ResponseData {
  const allowed = methods.join(', ')
  const headers = {
    allow: allowed,
    'access-control-allow-methods': allowed,
    'access-control-allow-headers': 'content-type',
  }
  return { status: 204, headers, body: '' }
}

function redirect({ url }: Signed): ResponseData {
  const { headers } = privateJson(null)
  const { 'content-type': _, ...kept } = headers
  return { status: 302, headers: { ...kept, location: url }, body: '' }
}
