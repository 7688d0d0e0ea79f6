import type { Portal } from '@countersign/core'
import { makeCase, type ConformanceCase } from '../cases/case'
import { conductPlans } from './conduct'
import { identityPlans } from './identity'
import type { SignEndpointCaseOptions } from './options'
import { originPlans } from './origins'
import { replyPlans } from './replies'
import { signWorldOf } from './world'

/**
 * What the app’s side, its sign endpoint, must do, as data for any test runner:
 *
 *     const cases = signEndpointCases(portal, '/api/portal/sign', { asUser: { cookie } })
 *     for (const each of cases) it(each.name, () => each.run(app))
 *
 * @param portal the app’s own, or one with the same secret and ids
 * @param route the endpoint’s path, as its frontend calls it
 */
export function signEndpointCases(
  portal: Portal,
  route: string,
  options: SignEndpointCaseOptions,
): readonly ConformanceCase[] {
  const world = signWorldOf(portal, route, options)
  const plans = [
    ...replyPlans(world),
    ...identityPlans(world),
    ...originPlans(world),
    ...conductPlans(world),
  ]
  return plans.map((plan) => makeCase(plan, world.kind))
}
