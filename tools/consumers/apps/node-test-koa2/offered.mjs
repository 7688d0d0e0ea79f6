// How many tests there must be: what the kit offers for this app, and those of its own.
import { memoryReplayStore } from '@countersign/koa'
import { portalCases, replayStoreCases, signEndpointCases } from '@countersign/testing'
import { portal } from './portal.js'
import { asUser, user } from './session.js'

const cases = [
  ...portalCases(portal, '/survey', { replayStore: memoryReplayStore() }),
  ...signEndpointCases(portal, '/api/survey/sign', { asUser, user }),
  ...replayStoreCases(() => null, { leases: true }),
]
const own = 3

console.log(cases.length + own)
