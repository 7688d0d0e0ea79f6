import cluster from 'node:cluster'
import { createGuard } from '@countersign/core'
import type * as Core from '@countersign/core'
import { featkit, harlyy } from '@countersign/core/schemes'
import { catchWarnings, inProduction } from '../support/process'
import { now, outcome, verify, view } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'
import { LEASE, linkOf } from './guarding'

/** A portal and a guard of their own for one request. */
async function ask(nonce: string, secret: string = CURRENT): Promise<string> {
  const request = { method: 'POST', query: linkOf(nonce, secret) }
  return outcome(await verify(harlyy({ secret }), request))
}

afterEach(() => void jest.restoreAllMocks())

describe('the store of guards that are given none', () => {
  it('is shared by all portals of one secret, also by one made for each request', async () => {
    expect([await ask('shared'), await ask('shared')]).toEqual(['200', '401 token_replayed'])
  })

  it('keeps portals of different secrets apart', async () => {
    expect([await ask('apart'), await ask('apart', FOREIGN)]).toEqual(['200', '200'])
  })

  it('has leases', async () => {
    const portal = harlyy({ secret: CURRENT })
    const guard = createGuard(portal, { now, consume: { lease: LEASE } })
    const decide = () => guard.decide(view({ method: 'POST', query: linkOf('leased') }))
    expect(await decide()).toMatchObject({ pass: true, reservation: expect.anything() })
    const response = { status: 409, headers: { 'retry-after': '1' } }
    expect(await decide()).toMatchObject({ pass: false, response })
  })
})

describe('the warning that one process alone knows what was used', () => {
  /** A copy of the package that has made no default store yet. */
  function freshCore(): typeof Core {
    let core!: typeof Core
    jest.isolateModules(() => (core = jest.requireActual('@countersign/core')))
    return core
  }

  it('is given once in production, however many guards need the store', () => {
    const warnings = catchWarnings()
    const core = freshCore()
    inProduction(() => {
      core.createGuard(featkit({ secret: CURRENT }))
      expect(warnings.codes()).toEqual([])
      for (const consume of [{ lease: LEASE }, 'manual'] as const) {
        core.createGuard(harlyy({ secret: CURRENT }), { consume })
      }
    })
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MEMORY_STORE'])
    expect(warnings.texts().join()).toMatch(/in this process\..* pass a shared `replayStore`/)
  })

  it('is not given outside production', () => {
    const warnings = catchWarnings()
    freshCore().createGuard(harlyy({ secret: CURRENT }))
    expect(warnings.codes()).toEqual([])
  })

  it('is given in a worker of a cluster, also outside production', () => {
    const warnings = catchWarnings()
    jest.replaceProperty(cluster, 'isWorker', true) // as Node sets it there
    freshCore().memoryReplayStore()
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MEMORY_STORE'])
    expect(warnings.texts().join()).toContain('in this worker of a cluster')
  })
})
