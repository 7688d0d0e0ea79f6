import { memoryReplayStore } from '@countersign/core'
import { harlyy } from '@countersign/core/schemes'
import { portalCases } from '@countersign/testing'
import type { Express, RequestHandler } from 'express'
import { answer, app4, app5 } from '../support/apps'
import { now, secret } from '../support/samples'
import { guardOf, ROUTE, surveyCases, surveys } from './apps'
import { species, type Species } from './species'

const using = (options: object): Express => app5().use(guardOf(options, surveys), answer)
const store = () => memoryReplayStore({ now })
const lease = { now, consume: { lease: 30 } }

const forgetting: RequestHandler = (req, res, next) =>
  guardOf({ replayStore: store() }, surveys)(req, res, next)

/** Looks first and records later. */
function slowStore() {
  const used = new Set<string>()
  return {
    durable: false,
    has: async (key: string) => used.has(key),
    async claim(key: string) {
      const isFirst = !used.has(key)
      await new Promise((resolve) => setTimeout(resolve, 20)) // its database is not near
      used.add(key)
      return isFirst
    },
  }
}

function stuckStore() {
  const { leases, ...rest } = store()
  return { ...rest, leases: { ...leases!, reserve: () => 'leased' } }
}

function failing(): never {
  throw new Error('down')
}

/** Links that can be used twice, or by no one. */
export const replay: readonly Species[] = [
  ...species(portalCases(surveys, ROUTE, { now, also: [using({ replayStore: store() })] }), {
    'has a replay store for each process': [
      () => using({ replayStore: store() }),
      'used-elsewhere only: each process remembers used credentials for itself',
    ],
  }),
  ...species(surveyCases, {
    'makes a new replay store for each request': [
      () => app5().post(ROUTE, forgetting, answer),
      'replayed only +one-winner +overridden-method +pretended-prefetch: a used credential is accepted again',
    ],
    'looks first and records the use later': [
      () => app4().use(ROUTE, guardOf({ replayStore: slowStore() }, surveys), answer),
      'one-winner only: two steps',
    ],
    'uses links up when mail scanners open them': [
      () => using({ consume: ['GET', 'HEAD', 'POST'] }),
      'opened-first only: a link that was opened with GET is used up',
    ],
    'uses links up with PUT, and is posted to': [
      () => using({ consume: ['PUT'] }),
      'replayed only +one-winner +overridden-method +pretended-prefetch: the method does not consume',
    ],
    'has a store that answers "OK"': [
      () =>
        using({ replayStore: { durable: true, has: async () => false, claim: async () => 'OK' } }),
      'signed-user: the replay store failed',
    ],
    'has a store that fails': [
      () => using({ replayStore: { durable: true, has: failing, claim: failing } }),
      'signed-user: the replay store failed',
    ],
    'uses a link up twice on its way': [
      () => {
        const replayStore = store()
        const once = harlyy({ secret })
        const first: RequestHandler = (req, res, next) =>
          guardOf({ replayStore }, once)({ ...req, rawHeaders: req.rawHeaders } as never, res, next)
        return app5().use(first, guardOf({ replayStore }, surveys), answer)
      },
      'signed-user: unused credential counts as used',
    ],
  }),
  ...species(portalCases(surveys, ROUTE, { ...lease, replayStore: store() }), {
    'finds everything leased': [
      () => using({ ...lease, replayStore: stuckStore() }),
      'signed-user: is leased',
    ],
  }),
]
