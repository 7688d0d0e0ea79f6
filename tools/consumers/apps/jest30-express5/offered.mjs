// How many tests there must be: what the kit offers for this app, and those of its own.
import { memoryReplayStore } from '@countersign/express'
import { portalCases, replayStoreCases, signEndpointCases } from '@countersign/testing'
import { portal } from './portal.js'
import { asUser, user } from './session.js'

const replayStore = memoryReplayStore()
const whoami = () => null
const cases = [
  ...portalCases(portal, '/api/auth/sdk-login', { replayStore, whoami }),
  ...signEndpointCases(portal, '/api/portal/sign', { asUser, user }),
  ...replayStoreCases(() => replayStore, { leases: true }),
]
const own = 4

console.log(cases.length + own)
