import { isPromise, withDeadline, type Awaitable } from '../awaitable'
import { ConfigError } from '../config-error'
import { callback, clock, flag, choice, readOptions, type Option, type Settings } from '../options'
import type { InputOf, Portal } from '../portal'
import { publish } from '../diagnostics'
import { privateJson, problemResponse } from '../problem'
import { isRejection, Rejection } from '../rejection'
import { reporterFor } from '../report'
import type { Endpoint, RequestView, ResponseData } from '../request'
import type { VerificationError } from '../verify/verification'
import { embedParameter } from './address'
import { crossOriginHeaders, originsOption, refuseCrossSite } from './same-origin'
import { postPage } from './post-page'
import { expiresInOption, signerFor, type SignerOptions } from './signer'

export interface SignEndpointOptions<Input, Native> extends SignerOptions {
  /**
   * The signed-in user, from the application's own session; `null` when signed out. The only source
   * of identity: the request's body and query are never read for it. May take at most 5 seconds.
   */
  readonly user: (request: Native) => Awaitable<Input | null | undefined>
  /**
   * Sign URLs for an iframe. Only for portals that can be embedded.
   * @default false
   */
  readonly embed?: boolean | undefined
  /**
   * Respond with JSON for a script, or redirect the browser to the portal.
   * @default 'json'
   */
  readonly respond?: 'json' | 'redirect' | undefined
  /**
   * With `respond: 'redirect'`: the application's own path to which a signed-out visitor is
   * redirected, such as `/login`.
   * @default none: a signed-out visitor gets 401 as JSON
   */
  readonly signedOut?: string | undefined
  /**
   * Origins whose pages may call, with the user's cookies. With a list, include the application's
   * own origin for browsers that send no `Sec-Fetch-Site`.
   * @default none: only the application's own
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Called for each refusal, with its private code and detail, for logs and metrics. */
  readonly onRejected?: ((error: VerificationError, request: Native) => void) | undefined
}

type EndpointSettings<Native> = Settings<
  SignEndpointOptions<unknown, Native>,
  'signedOut' | 'onRejected'
>

/** How long `user` may take, in milliseconds. */
export const USER_DEADLINE = 5_000

/**
 * The route that an application's own frontend calls: signs the signed-in user.
 * @param owner the function whose options these are, for errors
 * @throws ConfigError `misconfigured` for options that cannot work
 */
export function createSignEndpoint<P extends Portal, Native>(
  portal: P,
  options: SignEndpointOptions<InputOf<P>, Native>,
  owner = 'createSignEndpoint()',
): Endpoint<Native> {
  const settings = endpointSettings<Native>(portal, options, owner)
  const { embed, respond, allowedOrigins } = settings
  const signer = signerFor(portal, settings)
  const arrives = portal.scheme.arrival !== undefined
  const methods = portal.scheme.codec.compact ? ['GET', 'HEAD', 'POST'] : ['POST']
  const refuse = refusals(settings, portal.scheme.name, methods, owner)

  async function answer(request: RequestView<Native>): Promise<ResponseData> {
    if (request.method === 'OPTIONS') return preflight(request, methods)
    if (!methods.includes(request.method)) throw new Rejection('method_not_allowed')
    refuseCrossSite(request, allowedOrigins, respond === 'redirect')
    const user = await signedInUser(settings.user, request.native)
    if (user === null || user === undefined) throw new Rejection('unauthenticated')
    const signed = await signer.sign(user, { embed, ...(arrives && { arrival: request.target }) })
    if (respond === 'json' || !('url' in signed)) return privateJson(signed)
    return 'fields' in signed ? postPage(signed) : redirect(signed.url)
  }

  return async (request) => {
    const response = await answer(request).catch((error: unknown) => refuse(error, request.native))
    return {
      ...response,
      headers: { ...response.headers, ...crossOriginHeaders(request, allowedOrigins) },
    }
  }
}

function endpointSettings<Native>(
  portal: Portal,
  options: object,
  owner: string,
): EndpointSettings<Native> {
  const settings = readOptions<EndpointSettings<Native>>(
    owner,
    {
      user: userOption<Native>(),
      expiresIn: expiresInOption(portal),
      embed: flag,
      respond: choice(['json', 'redirect'], 'json'),
      signedOut: pathOption,
      allowedOrigins: originsOption,
      allowShortSecret: flag,
      now: clock,
      onRejected: callback(),
    },
    options,
  )
  if (settings.embed) embedParameter(portal)
  if (settings.respond === 'redirect') assertNavigable(portal)
  if (settings.signedOut !== undefined && settings.respond !== 'redirect') {
    throw new ConfigError('option_invalid', {
      problem: `The option "signedOut" of ${owner} has no effect without a redirect`,
      fix: "Set `respond: 'redirect'`, or leave out `signedOut`",
    })
  }
  return settings
}

/** @throws ConfigError where a browser cannot take the credential to the portal by itself */
function assertNavigable({ scheme: { name, carrier, codec } }: Portal): void {
  const isForPage = carrier.output === 'page'
  if (codec.compact && !isForPage) return
  throw new ConfigError('option_invalid', {
    problem: `A browser cannot be redirected with a credential of ${name}, which ${isForPage ? 'a script of your page hands over' : 'has to be posted'}`,
    fix: `Leave out \`respond\`, and ${isForPage ? 'give your page' : 'post'} what the endpoint responds with`,
  })
}

function userOption<Native>(): Option<EndpointSettings<Native>['user']> {
  return {
    wanted: 'a function that returns the signed-in user, or null',
    read: (given) =>
      typeof given === 'function' ? (given as EndpointSettings<Native>['user']) : undefined, // its caller's type
  }
}

const pathOption: Option<string | undefined> = {
  wanted: 'a path of your own application, such as "/login"',
  fallback: undefined,
  read: (given) =>
    typeof given === 'string' && /^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(given) ? given : undefined,
}

/** An application that cannot tell who is signed in signs no one. */
async function signedInUser<Native>(
  user: (request: Native) => Awaitable<unknown>,
  native: Native,
): Promise<unknown> {
  try {
    const found = user(native)
    return isPromise(found) ? await withDeadline(found, USER_DEADLINE, tooLate) : found
  } catch (cause) {
    throw isRejection(cause)
      ? cause
      : new Rejection('user_unavailable', '`user` threw an error', cause)
  }
}

function tooLate(): Rejection {
  return new Rejection('user_unavailable', `\`user\` took longer than ${USER_DEADLINE / 1000} s`)
}

function refusals<Native>(
  { onRejected, signedOut }: EndpointSettings<Native>,
  scheme: string,
  methods: readonly string[],
  owner: string,
) {
  const reporter = reporterFor(owner)
  return (error: unknown, native: Native): ResponseData => {
    if (!isRejection(error) && !(error instanceof ConfigError)) throw error
    const response = problemResponse(error) // before an observer can change the error
    const { code, status, detail } = error
    publish('rejected', { scheme, code, status, detail })
    reporter.refused(error, scheme)
    if (onRejected) reporter.observe('onRejected', () => onRejected(error, native))
    if (error.code === 'unauthenticated' && signedOut !== undefined) return redirect(signedOut)
    if (response.status !== 405) return response
    return { ...response, headers: { ...response.headers, allow: methods.join(', ') } }
  }
}

/** Repeats the headers that a preflight asks for; the response's origin decides who may use them. */
function preflight(request: RequestView, methods: readonly string[]): ResponseData {
  const asked = request.headers('access-control-request-headers').join(', ')
  const allowed = methods.join(', ')
  const headers = {
    allow: allowed,
    'access-control-allow-methods': allowed,
    'access-control-allow-headers': /^[\w\-, ]+$/.test(asked) ? asked : 'content-type',
  }
  return { status: 204, headers, body: '' }
}

function redirect(location: string): ResponseData {
  const { 'content-type': _, ...headers } = privateJson(null).headers as Record<string, string> // none is sent
  return { status: 302, headers: { ...headers, location }, body: '' }
}
