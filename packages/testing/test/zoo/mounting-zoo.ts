import express5, { type RequestHandler } from 'express'
import express4 from 'express4'
import { requireSignedUser, seggwat } from '@countersign/express'
import { portalCases, testSecret } from '@countersign/testing'
import { answer, app4, app5, greet } from './express-apps'
import { links, messages, ROUTE, type Species } from './species'

const linkCases = () => portalCases(links, ROUTE)
const messageCases = () => portalCases(messages, ROUTE)

/** Guards in the wrong place, or with the wrong options. */
export const mountingFaults: readonly Species[] = [
  {
    name: 'of Express 5 parses JSON before the guard, and keeps no bytes',
    open: () => app5().use(express5.json()).post(ROUTE, requireSignedUser(messages), answer),
    cases: messageCases,
    caughtBy: 'signed-user',
    means: /express\.json\(\), ran before the guard and kept no bytes/,
    also: 'any',
  },
  {
    name: 'of Express 4 signs again what it has parsed',
    open: () =>
      app4()
        .use(express4.json({ strict: false }), (req, _res, next) => {
          if (req.body !== undefined) Object.assign(req, { rawBody: JSON.stringify(req.body) })
          next()
        })
        .post(ROUTE, requireSignedUser(messages), answer),
    cases: messageCases,
    caughtBy: 'bodyReserialised',
    means: /changes it on the way/,
    also: 'any',
  },
  {
    name: 'of Express 4 mounts the guard after the route',
    open: () => app4().get(ROUTE, greet).use(requireSignedUser(links)),
    cases: linkCases,
    caughtBy: 'missing',
    means: /guard/,
    also: 'any',
  },
  {
    name: 'of Express 5 has no guard on the route',
    open: () => app5().use('/other', requireSignedUser(links)).get(ROUTE, greet),
    cases: linkCases,
    caughtBy: 'missing',
    means: /guard/,
    also: 'any',
  },
  {
    name: 'of Express 5 makes the guard optional',
    open: () => app5().get(ROUTE, requireSignedUser(links, { mode: 'optional' }), greet),
    cases: linkCases,
    caughtBy: 'missing',
    means: /optional/,
    also: 'any',
  },
  {
    name: 'of Express 4 compares the path itself',
    open: () => {
      const guard = requireSignedUser(links) as RequestHandler // its locals are narrower
      return app4()
        .use((req, res, next) => (req.path === ROUTE ? guard(req, res, next) : next()))
        .get(ROUTE, greet)
    },
    cases: linkCases,
    caughtBy: 'path-slash',
    means: /spelling/,
    also: ['path-capitals'],
  },
  {
    name: 'of Express 5 guards GET and forgets HEAD',
    open: () =>
      app5()
        .head(ROUTE, (_req, res) => void res.end())
        .get(ROUTE, requireSignedUser(links), answer),
    cases: linkCases,
    caughtBy: 'stranger-HEAD',
    means: /guard/,
    also: [],
  },
  {
    name: 'of Express 5 has the portal of another project',
    open: () => {
      const other = seggwat({ projectKey: 'acne', secret: testSecret('seggwat') })
      return app5().get(ROUTE, requireSignedUser(other), answer)
    },
    cases: linkCases,
    caughtBy: 'signed-user',
    means: /project/,
    also: 'any',
  },
  {
    name: 'of Express 4 has another secret',
    open: () => {
      const other = seggwat({ projectKey: 'acme', secret: testSecret('another') })
      return app4().get(ROUTE, requireSignedUser(other), answer)
    },
    cases: linkCases,
    caughtBy: 'signed-user',
    means: /secret/,
    also: 'any',
  },
  {
    name: 'of Express 5 has a clock in seconds',
    open: () =>
      app5().get(ROUTE, requireSignedUser(links, { now: () => Date.now() / 1000 }), answer),
    cases: linkCases,
    caughtBy: 'signed-user',
    means: /clock|milliseconds/,
    also: 'any',
  },
]
