// How many tests there must be: what the kit offers for this app, and those of its own.
import { portalCases, replayStoreCases, signEndpointCases } from '@countersign/testing'
import { portal } from './portal.js'
import { asUser, user } from './session.js'

const cases = [
  ...portalCases(portal, '/board', { whoami: () => null }),
  ...signEndpointCases(portal, '/api/portal/sign', { asUser, user }),
  ...replayStoreCases(() => null, { leases: true }),
]
const own = 7

console.log(cases.length + own)
