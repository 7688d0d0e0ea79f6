import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { harlyy } from '@countersign/core/schemes'
import { portalCases } from '@countersign/testing'
import type { Express, RequestHandler } from 'express'
import { answer, app4, app5 } from '../support/apps'
import { now, secret } from '../support/samples'
import { failing, guardOf, inTurn, problem, ROUTE, surveyCases, surveys } from './apps'
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

/** As a database with a unique column. */
function uniqueStore(): ReplayStore {
  const { leases: _, claim, ...others } = store()
  return { ...others, claim: async (...use) => (await claim(...use)) || failing() }
}

/** Links that can be used twice, or by no one. */
export const replay: readonly Species[] = [
  ...species(surveyCases, {
    'has a replay store for each process ¦ replayed only +one-winner +pretended-method: every process has a store of its own':
      () => inTurn(using({ replayStore: store() }), using({ replayStore: store() })),
    'makes a new replay store for each request ¦ replayed only +one-winner +pretended-method: a used credential is accepted again':
      () => app5().post(ROUTE, forgetting, answer),
    'looks first and records the use later ¦ one-winner only: two steps': () =>
      app4().use(ROUTE, guardOf({ replayStore: slowStore() }, surveys), answer),
    'uses links up when mail scanners open them ¦ opened-first only: a link that was opened with GET is used up':
      () => using({ consume: ['GET', 'HEAD', 'POST'] }),
    'uses links up with PUT, and is posted to ¦ replayed only +one-winner +pretended-method: the method does not consume':
      () => using({ consume: ['PUT'] }),
    'has a store that answers "OK" ¦ signed-user: the replay store failed': () =>
      using({ replayStore: { durable: true, has: async () => false, claim: async () => 'OK' } }),
    'has a store that fails ¦ signed-user: the replay store failed': () =>
      using({ replayStore: { durable: true, has: failing, claim: failing } }),
    'has a store that fails where a key is used ¦ replayed: the replay store failed': () =>
      using({ replayStore: uniqueStore() }),
    'uses a link up twice on its way ¦ signed-user: unused credential counts as used': () => {
      const replayStore = store()
      const once = harlyy({ secret })
      const first: RequestHandler = (req, res, next) =>
        guardOf({ replayStore }, once)({ ...req, rawHeaders: req.rawHeaders } as never, res, next)
      return app5().use(first, guardOf({ replayStore }, surveys), answer)
    },
  }),
  ...species(portalCases(surveys, ROUTE, { now, method: 'GET' }), {
    'uses a link up that is shown, in a store that fails then ¦ twice: the replay store failed':
      () => using({ consume: ['GET'], replayStore: uniqueStore() }),
    'uses a link up that is shown ¦ twice: may be used again is refused the second time': () =>
      using({ consume: ['GET'] }),
  }),
  ...species(surveyCases, {
    'takes a form for another login ¦ own-body only: another login': () =>
      app5().use(
        (req, res, next) => (req.is('urlencoded') ? problem(401)(req, res) : next()),
        guardOf({}, surveys),
        answer,
      ),
  }),
  ...species(portalCases(surveys, ROUTE, { ...lease, replayStore: store() }), {
    'finds everything leased ¦ signed-user: is leased': () =>
      using({ ...lease, replayStore: stuckStore() }),
  }),
]
