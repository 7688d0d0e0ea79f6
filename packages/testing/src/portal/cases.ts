import type { InputOf, Portal } from '@countersign/core'
import { makeCases, type ConformanceCase } from '../cases/case'
import { callerOf, type Entry } from '../cases/finding'
import { REQUIRED } from '../cases/options'
import { succeeded, type CaseResponse } from '../cases/response'
import { pathOf, type Suite } from '../cases/stage'
import { DEFECTS, type Defect } from '../defects/defects'
import { LET_IN } from '../minting/request'
import { assertOptions } from '../mistake'
import { admittedCases, signedUser } from './admitted'
import { answerCases } from './answers'
import { whyNotRefused, whyRefused } from './explanations'
import { identityCases } from './identity'
import { oneTimeCases } from './one-time'
import { PORTAL_OPTIONS, type PortalCaseOptions } from './options'
import { wayCases } from './ways'
import { MISSING, sentDefects, worldOf, type PortalCase, type World } from './world'

/**
 * What the portal's side must do, as data for any test runner:
 *
 *     for (const each of portalCases(portal, '/vote')) it(each.name, () => each.run(app))
 *
 * @param portal the app's own, or one with the same secret and ids
 * @param route the guarded path, as clients call it
 * @param entry the function that the test has called
 */
export function portalCases<P extends Portal>(
  portal: P,
  route: string,
  options: PortalCaseOptions<InputOf<P>> = {},
  entry: Entry = portalCases,
): readonly ConformanceCase[] {
  assertOptions(`${entry.name}()`, { ...options, portal, route }, PORTAL_OPTIONS, REQUIRED)
  const world = worldOf(portal, route, options)
  const defects = sentDefects(world).map((defect) => refusal(world, defect))
  const cases = [signedUser, ...defects, ...admittedCases, ...identityCases, ...wayCases]
  return makeCases(
    [...cases, ...answerCases, ...oneTimeCases],
    world,
    suiteOf(world, callerOf(entry)),
  )
}

/** What the portal's own rules refuse. */
function refusal({ optional, portal }: World, defect: Defect): PortalCase {
  const { says, severity, expect } = DEFECTS[defect]
  const isPublic = optional && /^(?:missing|emptyParameter)$/.test(defect) // no credential at all
  const due = isPublic ? LET_IN : expect
  return {
    id: defect,
    name: `${isPublic ? 'lets in' : 'refuses'} ${says}`,
    severity,
    async play(stage, { wrong, valid }) {
      const { before, request } = await wrong(defect)
      for (const each of before) await stage.pass(each, 'the same credential, the first time')
      const response = await stage.send(request, `${says} (defect "${defect}")`, due)
      // a parser before the guard, with `keepRawBody`, may refuse a body that it cannot read
      const isParsers = response.code === null && [400, 413, 415, 422].includes(response.status)
      if (portal.scheme.codec.compact || !isParsers) stage.expect(response)
      else await stage.pass(await valid(), 'a signed user, after a parser refused another')
    },
  }
}

function suiteOf({ options, route, codes, anonymous, valid, pair }: World, where: string): Suite {
  const { accepts = isLetIn(pathOf(route)), strict = options.codes !== false } = options
  const visit: Suite['visit'] = (stage) => stage.send(anonymous(), 'no credential', MISSING)
  return {
    ...options,
    accepts,
    isWayIn: succeeded,
    strict,
    route,
    codes,
    where,
    anonymous: MISSING,
    visit,
    compare: async (stage) => ({
      anonymous: await visit(stage),
      forged: await stage.send((await pair()).forged, 'a forged credential'),
      valid: await stage.send(await valid(), 'a signed user'),
    }),
    whyRefused,
    whyNotRefused,
  }
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
