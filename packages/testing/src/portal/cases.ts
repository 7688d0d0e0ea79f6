import type { InputOf, Portal } from '@countersign/core'
import { dueBy, makeCases, type ConformanceCase, type Suite } from '../cases/case'
import { pathOf } from '../cases/changes'
import { explain } from '../cases/explain'
import { callerOf } from '../cases/finding'
import { assertOptions, bodyBytes, headerList } from '../cases/options'
import { succeeded, type CaseResponse } from '../cases/response'
import { admittedPlans, anonymousAfterUser, defectPlans, signedUser } from './admitted'
import { answerPlans } from './answers'
import { exceptionPlans } from './exceptions'
import { whyNotRefused, whyRefused } from './explanations'
import { identityPlans } from './identity'
import { oneTimePlans } from './one-time'
import { PORTAL_OPTIONS, type PortalCaseOptions } from './options'
import { wayPlans } from './ways'
import { MISSING, worldOf, type World } from './world'

/**
 * What the portal's side must do, as data for any test runner:
 *
 *     for (const each of portalCases(portal, '/vote')) it(each.name, () => each.run(app))
 *
 * @param portal the app's own, or one with the same secret and ids
 * @param route the guarded path, as clients call it
 * @param options the options of the guard, and what the cases cannot know
 */
export function portalCases<P extends Portal>(
  portal: P,
  route: string,
  options: PortalCaseOptions<InputOf<P>> = {},
): readonly ConformanceCase[] {
  return casesOf(portal, route, options, callerOf(portalCases))
}

/** @param where a stack whose first line is the user's */
export function casesOf(
  portal: Portal,
  route: string,
  options: PortalCaseOptions,
  where: string,
): readonly ConformanceCase[] {
  assertOptions('portalCases()', { ...options, portal, route }, PORTAL_OPTIONS)
  const world = worldOf(portal, route, options)
  const aroundTheGuard = world.optional
    ? []
    : [anonymousAfterUser(world), ...exceptionPlans(world), ...wayPlans(world)]
  const plans = [
    signedUser(world),
    ...defectPlans(world),
    ...admittedPlans(world),
    ...identityPlans(world),
    ...aroundTheGuard,
    ...answerPlans(world),
    ...oneTimePlans(world),
  ]
  return makeCases(plans, suiteOf(world, where))
}

function suiteOf(world: World, where: string): Suite {
  const { options, route, codes, anonymous, valid, pair } = world
  const path = pathOf(route)
  const { accepts = isLetIn(path), acceptRefusal, deadline = 4_000, also = [] } = options
  const isDue = dueBy({ codes, accepts, acceptRefusal, anonymous: MISSING.code })
  const suite: Suite = {
    route,
    headers: headerList(options.headers),
    body: bodyBytes(options.body),
    also,
    deadline,
    codes,
    strict: options.strict ?? options.codes !== false,
    where,
    isDue,
    anonymous: (stage) => stage.send(anonymous(), 'no credential', MISSING),
    async controls(stage, first) {
      const { forged } = await pair()
      return {
        first,
        anonymous: await suite.anonymous(stage),
        forged: await stage.send(forged, 'a forged credential'),
        valid: await stage.send(await valid(), 'a signed user'),
      }
    },
    explain(response, controls) {
      const facts = { response, controls, path }
      if (response.due.code === null) return explain(facts, whyRefused)
      if (succeeded(response) || response.failure !== null || isDue(controls.valid)) {
        return explain(facts, whyNotRefused)
      }
      return explain({ ...facts, response: controls.valid }, whyRefused) // which is the cause
    },
  }
  return suite
}

/** A redirect to another page is an answer of the handler; one to another spelling of the path is not. */
function isLetIn(route: string): (response: CaseResponse) => boolean {
  const plain = (path: string): string => path.toLowerCase().replace(/\/+$/, '')
  return (response) => {
    if (![302, 303, 307].includes(response.status)) return succeeded(response)
    const { pathname } = new URL(response.headers['location'] ?? route, 'http://localhost')
    return plain(pathname) !== plain(route)
  }
}
