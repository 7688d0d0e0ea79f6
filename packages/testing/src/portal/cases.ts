import type { InputOf, Portal } from '@countersign/core'
import { makeCase, type ConformanceCase } from '../cases/case'
import { answerPlans } from './answers'
import { identityPlans } from './identity'
import { oneTimePlans } from './one-time'
import type { PortalCaseOptions } from './options'
import { passingPlans } from './passing'
import { pathPlans } from './paths'
import { refusingPlans } from './refusing'
import { worldOf } from './world'

/**
 * What the portal’s side must do, as data for any test runner:
 *
 *     for (const each of portalCases(portal, '/vote')) it(each.name, () => each.run(app))
 *
 * @param portal the app’s own, or one with the same secret and ids
 * @param route the guarded path, as clients call it
 * @param options what the guard was given, and what the cases cannot know
 */
export function portalCases<P extends Portal>(
  portal: P,
  route: string,
  options: PortalCaseOptions<InputOf<P>> = {},
): readonly ConformanceCase[] {
  const world = worldOf(portal, route, options)
  const plans = [
    ...passingPlans(world),
    ...identityPlans(world),
    ...refusingPlans(world),
    ...pathPlans(world),
    ...answerPlans(world),
    ...oneTimePlans(world),
  ]
  return plans.map((plan) => makeCase(plan, world.kind))
}
