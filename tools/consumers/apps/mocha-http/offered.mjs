// How many tests there must be: what the kit offers for this app, and those of its own.
import { portalCases, replayStoreCases } from '@countersign/testing'
import { portal } from './portal.js'

const cases = [
  ...portalCases(portal, '/board', { whoami: () => null }),
  ...replayStoreCases(() => null, { leases: true }),
]
const own = 4

console.log(cases.length + own)
