import type { ErrorRequestHandler } from 'express'
import { requireSignedUser } from '@countersign/express'
import { portalCases } from '@countersign/testing'
import { answer, app4, app5 } from './express-apps'
import { links, ROUTE, type Species } from './species'

const linkCases = () => portalCases(links, ROUTE)

const rewritten: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(200).json({ error: error.message })
}
const toLogin: ErrorRequestHandler = (_error, _req, res, _next) => res.redirect('/login')
const chatty: ErrorRequestHandler = (error, req, res, _next) => {
  res.status(error.status).set(error.headers).set('cache-control', 'no-store')
  res.send(`${error.message}: ${req.originalUrl}`)
}
const traced: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(error.status).set(error.headers).set('cache-control', 'no-store').send(error.stack)
}

/** Answers that something has changed. */
export const answerFaults: readonly Species[] = [
  {
    name: 'of Express 5 swallows the refusal in its error handler',
    open: () =>
      app5()
        .get(ROUTE, requireSignedUser(links, { rejections: 'forward' }), answer)
        .use(rewritten),
    cases: linkCases,
    caughtBy: 'missing',
    means: /error handler turned the 401 into a 200/,
    also: 'any',
  },
  {
    name: 'of Express 4 sends strangers to a login page',
    open: () =>
      app4()
        .get(ROUTE, requireSignedUser(links, { rejections: 'forward' }), answer)
        .use(toLogin),
    cases: () => portalCases(links, ROUTE, { rejections: 'forward' }),
    caughtBy: 'missing',
    means: /redirect|login/,
    also: 'any',
  },
  {
    name: 'of Express 5 repeats the URL in its errors',
    open: () =>
      app5()
        .get(ROUTE, requireSignedUser(links, { rejections: 'forward' }), answer)
        .use(chatty),
    cases: () => portalCases(links, ROUTE, { rejections: 'forward' }),
    caughtBy: 'refusal-quiet',
    means: /credential/,
    also: [],
  },
  {
    name: 'of Express 4 shows the stack of an error',
    open: () =>
      app4()
        .get(ROUTE, requireSignedUser(links, { rejections: 'forward' }), answer)
        .use(traced),
    cases: () => portalCases(links, ROUTE, { rejections: 'forward' }),
    caughtBy: 'refusal-quiet',
    means: /error page|built/,
    also: [],
  },
  {
    name: 'of Express 5 lets proxies keep its pages',
    open: () =>
      app5().get(
        ROUTE,
        requireSignedUser(links),
        (_req, res, next) => {
          res.set('cache-control', 'public, max-age=600')
          next()
        },
        answer,
      ),
    cases: linkCases,
    caughtBy: 'signed-user-private',
    means: /cached by your proxy/,
    also: [],
  },
  {
    name: 'of Express 4 lets every page know where its visitor came from',
    open: () =>
      app4().get(
        ROUTE,
        requireSignedUser(links),
        (_req, res, next) => {
          res.set('referrer-policy', 'unsafe-url')
          next()
        },
        answer,
      ),
    cases: linkCases,
    caughtBy: 'signed-user-private',
    means: /learns the URL/,
    also: [],
  },
  {
    name: 'of Express 5 makes refusals cacheable on their way out',
    open: () =>
      app5()
        .use((_req, res, next) => {
          const { writeHead } = res
          res.writeHead = function cacheable(...head: unknown[]) {
            res.setHeader('cache-control', 'public, max-age=60')
            return Reflect.apply(writeHead, res, head)
          } as typeof writeHead // it has several forms
          next()
        })
        .get(ROUTE, requireSignedUser(links), answer),
    cases: linkCases,
    caughtBy: 'refusal-not-cached',
    means: /cached by your proxy/,
    also: ['signed-user-private'],
  },
  {
    name: 'of Express 4 takes the user from the query where it has one',
    open: () =>
      app4().get(ROUTE, requireSignedUser(links), (req, res) => {
        res.json({ id: req.query['id'] ?? req.portalUser?.id })
      }),
    cases: () => portalCases(links, ROUTE, { whoami: ({ body }) => (body as { id: unknown }).id }),
    caughtBy: 'who-is-claimed',
    means: /does not see the user whom the guard let in/,
    also: [],
  },
]
