import type { Portal } from '@countersign/core'
import { makeCases, type ConformanceCase } from '../cases/case'
import { callerOf, type Entry, type Facts } from '../cases/finding'
import { REQUIRED } from '../cases/options'
import { succeeded, type CaseResponse } from '../cases/response'
import type { Stage, Suite } from '../cases/stage'
import { LET_IN } from '../minting/request'
import { assertOptions } from '../mistake'
import { isSigned, type Endpoint } from './faults'
import { SESSION, SIGN_OPTIONS, type SignEndpointCaseOptions } from './options'
import { signingStatuses } from './reply'
import { askOf, SIGNED_IN, SIGNED_OUT, UNAUTHENTICATED, type Request } from './requests'
import { signCases } from './table'

/**
 * What the app's side, its sign endpoint, must do, as data for any test runner.
 * @param portal the app's own, or one with the same secret and ids
 * @param route the endpoint's path, as its frontend calls it
 * @param entry the function that the test has called
 */
export function signEndpointCases(
  portal: Portal,
  route: string,
  options: SignEndpointCaseOptions,
  entry: Entry = signEndpointCases,
): readonly ConformanceCase[] {
  const required = { ...REQUIRED, asUser: SESSION }
  assertOptions(`${entry.name}()`, { ...options, portal, route }, SIGN_OPTIONS, required)
  const endpoint: Endpoint = { portal, options, method: options.method ?? 'POST' }
  return makeCases(signCases, endpoint, suiteOf(endpoint, route, callerOf(entry)))
}

function suiteOf(endpoint: Endpoint, route: string, where: string): Suite {
  const { codes = true, signedOut, acceptRefusal } = endpoint.options
  const isLogin = ({ status, headers }: CaseResponse): boolean =>
    signedOut !== undefined && status === 302 && headers['location'] === signedOut
  const send = async (stage: Stage, request: Request, due = LET_IN): Promise<CaseResponse> =>
    stage.send(await askOf(endpoint, request), request.what, due)
  const visit = (stage: Stage) => send(stage, SIGNED_OUT, UNAUTHENTICATED)
  return {
    ...endpoint.options,
    route,
    where,
    codes,
    strict: codes,
    anonymous: UNAUTHENTICATED,
    accepts: ({ status }) => signingStatuses(endpoint).includes(status),
    isWayIn: isSigned,
    acceptRefusal: acceptRefusal ?? isLogin,
    visit,
    compare: async (stage) => ({
      anonymous: await visit(stage),
      valid: await send(stage, SIGNED_IN),
    }),
    whyRefused: whyNotSigned,
    whyNotRefused: whySigned,
  }
}

const isOk = ({ status }: CaseResponse): boolean => status >= 200 && status < 400

/** Why a signed-in user is not signed. */
function whyNotSigned({ response }: Facts): string | undefined {
  const { status, code } = response
  if (status >= 500 && code === null)
    return 'the endpoint, or what runs before it, fails for a signed-in user → see the app’s log for the error'
  return isOk(response)
    ? `the endpoint answers ${status}, which is not the answer of signEndpoint → mount signEndpoint(portal, …) as it is; with \`respond: "redirect"\`, pass that to the cases`
    : undefined
}

/** Why the endpoint signs where it must not. */
function whySigned({ response, first }: Facts): string | undefined {
  const { status, due } = response
  if (succeeded(response) && !isSigned(response))
    return `the endpoint answers with success and signs nothing: a client takes the ${status} for a signature → answer a signed-out visitor with 401, as signEndpoint(portal, …) does`
  if (!isSigned(response)) return undefined
  if (due.code === 'csrf_rejected')
    return 'a page of another site can have its visitors signed, with their cookies: nothing checks `Sec-Fetch-Site` and `Origin` → mount signEndpoint(portal, …) as it is, behind proxies that keep both headers; name trusted origins in `allowedOrigins`'
  return isOk(first)
    ? 'the endpoint signs every visitor: `user` returns a user where none is signed in, or reads who it is from the request → let `user` read the app’s own session and nothing else, and return null where no user is signed in'
    : 'a signed-out visitor gets the credential of the user before: an answer is cached, or the user is kept between requests → cache nothing that this endpoint answers, and read the user from the session of each request'
}
