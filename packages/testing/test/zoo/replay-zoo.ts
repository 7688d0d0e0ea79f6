import type { Express, RequestHandler } from 'express'
import { memoryReplayStore, requireSignedUser } from '@countersign/express'
import { portalCases } from '@countersign/testing'
import { answer, app4, app5 } from './express-apps'
import { ROUTE, surveys, type Species } from './species'

const surveyCases = () => portalCases(surveys, ROUTE)

/** One process of an app, which remembers for itself. */
const oneProcess = (): Express =>
  app5().use(ROUTE, requireSignedUser(surveys, { replayStore: memoryReplayStore() }), answer)

/** Links that can be used twice, or are used up by nobody. */
export const replayFaults: readonly Species[] = [
  {
    name: 'of Express 5 has a replay store for each process',
    open: oneProcess,
    cases: () => portalCases(surveys, ROUTE, { also: [oneProcess()] }),
    caughtBy: 'used-elsewhere',
    means: /each process remembers for itself/,
    also: [],
  },
  {
    name: 'of Express 5 makes a new replay store for each request',
    open: () =>
      app5().post(
        ROUTE,
        (req, res, next) => {
          const guard = requireSignedUser(surveys, { replayStore: memoryReplayStore() })
          ;(guard as RequestHandler)(req, res, next) // its locals are narrower
        },
        answer,
      ),
    cases: surveyCases,
    caughtBy: 'replayed',
    means: /the store forgets/,
    also: ['one-winner', 'pretended-prefetch'],
  },
  {
    name: 'of Express 4 looks first and notes the use later',
    open: () => {
      const used = new Set<string>()
      const replayStore = {
        durable: false,
        has: async (key: string) => used.has(key),
        async claim(key: string) {
          const isFirst = !used.has(key)
          await new Promise((resolve) => setTimeout(resolve, 20)) // its database is not near
          used.add(key)
          return isFirst
        },
      }
      return app4().use(ROUTE, requireSignedUser(surveys, { replayStore }), answer)
    },
    cases: surveyCases,
    caughtBy: 'one-winner',
    means: /two steps/,
    also: [],
  },
  {
    name: 'of Express 5 uses links up when mail scanners open them',
    open: () =>
      app5().use(ROUTE, requireSignedUser(surveys, { consume: ['GET', 'HEAD', 'POST'] }), answer),
    cases: surveyCases,
    caughtBy: 'looked-at-GET',
    means: /a look uses it up/,
    also: ['looked-at-HEAD'],
  },
  {
    name: 'of Express 4 uses links up with PUT, and is posted to',
    open: () => app4().use(ROUTE, requireSignedUser(surveys, { consume: ['PUT'] }), answer),
    cases: surveyCases,
    caughtBy: 'replayed',
    means: /the method does not consume/,
    also: ['one-winner', 'pretended-prefetch'],
  },
  {
    name: 'of Express 5 has a store that answers "OK"',
    open: () => {
      const replayStore = {
        durable: true,
        has: async () => false,
        claim: async () => 'OK' as never,
      }
      return app5().use(ROUTE, requireSignedUser(surveys, { replayStore }), answer)
    },
    cases: surveyCases,
    caughtBy: 'signed-user',
    means: /replay store/,
    also: 'any',
  },
]
