import { isPromise, withDeadline, type Awaitable } from '../awaitable'
import { ConfigError } from '../config-error'
import { inAscii } from '../local-path'
import type { InputOf, Portal } from '../portal'
import { postPage, PRIVATE, privateJson } from '../response'
import { isRejection, Rejection } from '../rejection'
import { reporterFor } from '../report'
import type { Endpoint, RequestView, ResponseData } from '../request'
import type { VerificationError } from '../verify/verification'
import { rawQuery } from '../wire/parameters'
import {
  endpointSettings,
  type EndpointSettings,
  type SignEndpointOptions,
} from './endpoint-options'
import { crossOriginHeaders, refuseCrossSite } from './same-origin'
import { loginPath, returning, type ReturnSettings } from './return-to'
import { signerFor } from './signer'

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
  const settings = endpointSettings(portal, options, owner)
  const { respond, allowedOrigins } = settings
  const { address, arrival, codec, name } = portal.scheme
  const isNavigated = respond === 'redirect'
  const signer = signerFor(portal, settings, isNavigated)
  const methods = codec.compact || isNavigated ? ['GET', 'HEAD', 'POST'] : ['POST']
  const backFrom = settings.returnTo ?? (arrival && FROM_PORTAL)
  const refuse = refusals({ ...settings, returnTo: backFrom }, name, methods, owner)

  async function answer(request: RequestView): Promise<ResponseData> {
    if (request.method === 'OPTIONS') return preflight(request, methods)
    if (!methods.includes(request.method)) throw new Rejection('method_not_allowed')
    refuseCrossSite(request, allowedOrigins, isNavigated)
    const withReturn = returning(settings.returnTo, portal, request)
    const user = await signedInUser(settings.user, request.native)
    if (user === null || user === undefined) throw new Rejection('unauthenticated')
    const embed = settings.embed ?? (address.embed !== undefined && asksToEmbed(request))
    const signed = await signer.sign(user, { embed, ...(arrival && { arrival: request.target }) })
    if (!isNavigated || !('url' in signed)) return privateJson(signed)
    const url = withReturn(signed.url)
    return 'fields' in signed ? postPage({ ...signed, url }) : redirect(url)
  }

  return async (request) => {
    const response = await answer(request).catch((error: unknown) => refuse(error, request))
    return {
      ...response,
      headers: { ...response.headers, ...crossOriginHeaders(request, allowedOrigins) },
    }
  }
}

/** Keeps the parameters of the portal through the application's login. */
const FROM_PORTAL: ReturnSettings = { parameter: 'return_to', allow: [] }

/** `?embed` says where the page will be shown, not for whom. */
function asksToEmbed({ target }: RequestView): boolean {
  return /(?:^|&)embed(?:=|&|$)/.test(rawQuery(target))
}

/** An application that cannot tell who is signed in signs no one. */
async function signedInUser(
  user: (request: unknown) => Awaitable<unknown>,
  native: unknown,
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

function refusals(
  { onRejected, signedOut, returnTo }: EndpointSettings,
  scheme: string,
  methods: readonly string[],
  owner: string,
) {
  const reporter = reporterFor(owner)
  return (error: unknown, request: RequestView): ResponseData => {
    if (!isRejection(error) && !(error instanceof ConfigError)) throw error
    const observer = onRejected && ((told: VerificationError) => onRejected(told, request.native))
    const response = reporter.refused(error, scheme, observer)
    if (error.code === 'unauthenticated' && signedOut !== undefined) {
      return redirect(loginPath(signedOut, returnTo, request))
    }
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
  return { status: 302, headers: { ...PRIVATE, location: inAscii(location) }, body: '' }
}
