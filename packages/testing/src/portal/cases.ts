import type { InputOf, Portal } from '@countersign/core'
import { makeCases, type ConformanceCase, type Suite } from '../cases/case'
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
import { pathOf, wayPlans } from './ways'
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
export function casesOf<P extends Portal>(
  portal: P,
  route: string,
  options: PortalCaseOptions<InputOf<P>>,
  where: string,
): readonly ConformanceCase[] {
  assertOptions('portalCases()', { ...options, portal, route }, PORTAL_OPTIONS)
  const world = worldOf(portal, route, options)
  const suite = suiteOf(world, where)
  const { codes } = suite
  const openly = world.optional
    ? []
    : [anonymousAfterUser(world), ...exceptionPlans(world), ...wayPlans(world)]
  const plans = [
    signedUser(world),
    ...defectPlans(world),
    ...admittedPlans(world),
    ...identityPlans(world),
    ...openly,
    ...answerPlans(world, codes),
    ...oneTimePlans(world, codes),
  ]
  return makeCases(plans, suite)
}

function suiteOf(world: World, where: string): Suite {
  const { options, route, anonymous, valid, pair } = world
  const { headers, body, also = [], deadline = 4_000, rejections } = options
  const { codes = rejections !== 'forward', strict = options.codes !== false } = options
  const isDue = dueChecker(world, codes)
  const suite: Suite = {
    route,
    headers: headerList(headers),
    body: bodyBytes(body),
    also,
    deadline,
    codes,
    strict,
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
      const facts = { response, controls, path: pathOf(route) }
      if (response.due.code === null) return explain(facts, whyRefused)
      if (succeeded(response) || response.failure !== null || isDue(controls.valid)) {
        return explain(facts, whyNotRefused)
      }
      return explain({ ...facts, response: controls.valid }, whyRefused) // which is the cause
    },
  }
  return suite
}

/** A bad credential may be refused with these by an app with answers of its own. */
const REFUSALS = [400, 401, 403]

function dueChecker({ options, route }: World, codes: boolean): Suite['isDue'] {
  const { accepts = isLetIn(pathOf(route)), acceptRefusal = () => false } = options
  return (response) => {
    const { due, status, code, method, failure } = response
    if (failure !== null) return false
    if (due.code === null) return accepts(response)
    if (due.code === MISSING.code && acceptRefusal(response)) return true
    if (!codes) return status === due.status || (due.status < 500 && REFUSALS.includes(status))
    return status === due.status && (method === 'HEAD' || code === due.code)
  }
}

/** A redirect to another page is an answer of the handler; one to another spelling of the path is not. */
function isLetIn(route: string): (response: CaseResponse) => boolean {
  const plain = (path: string): string => path.toLowerCase().replace(/\/+$/, '')
  return (response) => {
    const { status, headers } = response
    if (succeeded(response)) return true
    if (![302, 303, 307].includes(status)) return false
    const { pathname } = new URL(headers['location'] ?? route, 'http://localhost')
    return plain(pathname) !== plain(route)
  }
}
