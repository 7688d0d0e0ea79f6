import type { Portal } from '@countersign/core'
import { dueBy, makeCases, type ConformanceCase, type Suite } from '../cases/case'
import { pathOf } from '../cases/changes'
import { explain } from '../cases/explain'
import { callerOf } from '../cases/finding'
import { assertOptions, headerList } from '../cases/options'
import type { CaseResponse } from '../cases/response'
import { conductPlans } from './conduct'
import { whyNotSigned, whySigned } from './explanations'
import { identityPlans } from './identity'
import { SIGN_OPTIONS, type SignEndpointCaseOptions } from './options'
import { originPlans } from './origins'
import { replyPlans, signedInPlan, signedOutPlan } from './replies'
import { isSigned, replyForm } from './reply'
import { signWorldOf, UNAUTHENTICATED, type SignWorld } from './world'

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
  const world = signWorldOf(portal, options)
  const plans = [
    signedInPlan(world),
    signedOutPlan(world),
    ...identityPlans(world),
    ...originPlans(world),
    ...replyPlans(world),
    ...conductPlans(world),
  ]
  return makeCases(plans, suiteOf(world, route, where))
}

function suiteOf(world: SignWorld, route: string, where: string): Suite {
  const { options, portal, signedOut, signedIn } = world
  const { headers, codes = true, deadline = 4_000, signedOut: login } = options
  const isLogin = ({ status, headers: sent }: CaseResponse): boolean =>
    login !== undefined && status === 302 && sent['location'] === login
  const { statuses } = replyForm(portal, options.respond)
  const suite: Suite = {
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
      accepts: ({ status }) => statuses.includes(status),
      acceptRefusal: options.acceptRefusal ?? isLogin,
      anonymous: UNAUTHENTICATED.code,
    }),
    anonymous: (stage) => stage.send(signedOut(), 'a signed-out visitor', UNAUTHENTICATED),
    controls: async (stage, first) => ({
      first,
      anonymous: await suite.anonymous(stage),
      valid: await stage.send(await signedIn(), 'a signed-in user'),
    }),
    explain(response, controls) {
      const facts = { response, controls, path: pathOf(route) }
      if (response.due.code === null) return explain(facts, whyNotSigned)
      return explain(facts, (each) => whySigned(each, isSigned(response, portal)))
    },
  }
  return suite
}
