import type { Portal } from '@countersign/core'
import { dueBy, makeCases, type ConformanceCase, type Suite } from '../cases/case'
import { pathOf } from '../cases/changes'
import { explain } from '../cases/explain'
import { callerOf } from '../cases/finding'
import { assertOptions, headerList } from '../cases/options'
import type { CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import { LET_IN } from '../minting/request'
import { askOf, planOf, SIGNED_IN, SIGNED_OUT, UNAUTHENTICATED, type Request } from './case'
import { whyNotSigned, whySigned } from './explanations'
import { SIGN_OPTIONS, type SignEndpointCaseOptions } from './options'
import { isSigned, signingStatuses, type Endpoint } from './reply'
import { signCases } from './table'

/**
 * What the app's side, its sign endpoint, must do, as data for any test runner:
 *
 *     const cases = signEndpointCases(portal, '/api/portal/sign', { asUser: { cookie } })
 *     for (const each of cases) it(each.name, () => each.run(app))
 *
 * @param portal the app's own, or one with the same secret and ids
 * @param route the endpoint's path, as its frontend calls it
 */
export function signEndpointCases(
  portal: Portal,
  route: string,
  options: SignEndpointCaseOptions,
): readonly ConformanceCase[] {
  return signCasesOf(portal, route, options, callerOf(signEndpointCases))
}

/** @param where a stack whose first line is the user's */
export function signCasesOf(
  portal: Portal,
  route: string,
  options: SignEndpointCaseOptions,
  where: string,
): readonly ConformanceCase[] {
  assertOptions('signEndpointCases()', { ...options, portal, route }, SIGN_OPTIONS)
  const endpoint: Endpoint = { portal, options, method: options.method ?? 'POST' }
  const plans = signCases(endpoint).map((each) => planOf(endpoint, each))
  return makeCases(plans, suiteOf(endpoint, route, where))
}

function suiteOf(endpoint: Endpoint, route: string, where: string): Suite {
  const { headers, codes = true, deadline = 4_000, signedOut, acceptRefusal } = endpoint.options
  const isLogin = ({ status, headers: sent }: CaseResponse): boolean =>
    signedOut !== undefined && status === 302 && sent['location'] === signedOut
  const send = async (stage: Stage, request: Request): Promise<CaseResponse> =>
    stage.send(await askOf(endpoint, request), request.what, request.due ?? LET_IN)
  return {
    route,
    headers: headerList(headers),
    body: undefined,
    also: [],
    deadline,
    codes,
    strict: codes,
    where,
    isDue: dueBy({
      codes,
      accepts: ({ status }) => signingStatuses(endpoint).includes(status),
      acceptRefusal: acceptRefusal ?? isLogin,
      anonymous: UNAUTHENTICATED.code,
    }),
    anonymous: (stage) => send(stage, SIGNED_OUT),
    controls: async (stage, first) => ({
      first,
      anonymous: await send(stage, SIGNED_OUT),
      valid: await send(stage, SIGNED_IN),
    }),
    explain(response, controls) {
      const facts = { response, controls, path: pathOf(route) }
      if (response.due.code === null) return explain(facts, whyNotSigned)
      return explain(facts, (each) => whySigned(each, isSigned(response)))
    },
  }
}
