import type { InputOf, Portal } from '@countersign/core'
import { dueBy, makeCases, type ConformanceCase, type Plan, type Suite } from '../cases/case'
import { pathOf } from '../cases/changes'
import { explain } from '../cases/explain'
import { callerOf } from '../cases/finding'
import { assertOptions, bodyBytes, headerList } from '../cases/options'
import { succeeded, type CaseResponse } from '../cases/response'
import type { Stage } from '../cases/stage'
import { DEFECTS, type Defect } from '../defects/defects'
import { LET_IN } from '../minting/request'
import { admittedCases, signedUser } from './admitted'
import { answerCases } from './answers'
import { whyNotRefused, whyRefused } from './explanations'
import { identityCases } from './identity'
import { oneTimeCases } from './one-time'
import { PORTAL_OPTIONS, type PortalCaseOptions } from './options'
import { wayCases } from './ways'
import { dueTo, MISSING, worldOf, type Case, type World } from './world'

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
  const plans = [signedUser, ...world.defects.map((defect) => refusal(world, defect)), ...CASES]
    .filter(({ when }) => when?.(world) !== false)
    .map(({ due = LET_IN, play, ...each }) => ({
      ...each,
      expect: due,
      play: (stage: Stage) => play(stage, world),
    }))
  return makeCases(plans, suiteOf(world, where))
}

const CASES: readonly Case[] = [
  ...admittedCases,
  ...identityCases,
  ...wayCases,
  ...answerCases,
  ...oneTimeCases,
]

/** What the portal's own rules refuse. */
function refusal({ optional, wrong, valid, portal }: World, defect: Defect) {
  const { says, severity } = DEFECTS[defect]
  const due = dueTo(optional, defect)
  const plan: Case & Pick<Plan, 'severity'> = {
    id: defect,
    name: `${due.code === null ? 'lets in' : 'refuses'} ${says}`,
    due,
    severity,
    async play(stage) {
      const { before, request } = await wrong(defect)
      for (const each of before) await stage.pass(each, 'the same credential, the first time')
      const response = await stage.send(request, `${says} (defect "${defect}")`, due)
      // a parser before the guard, with `keepRawBody`, may refuse a body that it cannot read
      const isParsers = response.code === null && [400, 413, 415, 422].includes(response.status)
      if (portal.scheme.codec.compact || !isParsers) return stage.expect(response)
      return stage.pass(await valid(), 'a signed user, after a parser refused another')
    },
  }
  return plan
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
