import { seggwat } from '@countersign/core/schemes'
import { getPortalUser, requireSignedUser as guardKoa } from '@countersign/koa'
import { testSecret } from '@countersign/testing'
import express, { type Express } from 'express'
import express4 from 'express4'
import Koa3, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import { answer, app4, app5, koa } from '../support/apps'
import { NOW, secret } from '../support/samples'
import {
  behind,
  greet,
  guard,
  guardOf,
  linkCases,
  links,
  messageCases,
  messages,
  override,
  rewriting,
  ROUTE,
} from './apps'
import { species, type Species } from './species'

const koaGuard = guardKoa(links, { now: () => NOW }) as unknown as Middleware // its state is narrower
const koaAnswer: Middleware = (ctx) => {
  ctx.body = { id: getPortalUser(ctx).id }
}
const otherPortal = (options: object) =>
  app5().use(guardOf({}, seggwat({ secret, projectKey: 'abc123', ...options })), answer)
const failing = (): never => {
  throw new Error('down')
}

/** Guards in the wrong place, or with the wrong options. */
export const mounting: readonly Species[] = [
  ...species(linkCases, {
    'mounts the guard after the route': [
      () => app4().get(ROUTE, greet).use(guard),
      'missing: guard does not run on this route',
    ],
    'has no guard on the route': [
      () => app5().use('/other', guard).get(ROUTE, greet),
      'wrongSecret: guard does not run on this route',
    ],
    'makes the guard optional': [
      () => app5().get(ROUTE, guardOf({ mode: 'optional' }), greet),
      'missing: optional mode',
    ],
    'answers before it asks the guard (Koa)': [
      () =>
        koa(
          Koa2,
          async (ctx, next) => {
            await next()
            ctx.status = 200
            ctx.body = { hello: 'world' }
          },
          koaGuard,
          koaAnswer,
        ),
      'missing: guard does not run on this route',
    ],
    'does not wait for the guard': [
      () =>
        app5().get(
          ROUTE,
          (req, res, next) => {
            void Promise.resolve()
              .then(() => guard(req, res, () => undefined))
              .catch(() => undefined) // it has been answered
            next()
          },
          greet,
        ),
      'missing: the app does not wait for it',
    ],
    'compares the path itself': [
      () =>
        app4()
          .use((req, res, next) => (req.path === ROUTE ? guard(req, res, next) : next()))
          .get(ROUTE, greet),
      'paths only: the router takes the path with a slash at its end',
    ],
    'compares the path itself, but for a slash': [
      () =>
        app5()
          .use((req, res, next) => (/^\/vote\/?$/.test(req.path) ? guard(req, res, next) : next()))
          .get(ROUTE, answer),
      'paths only: capital letters',
    ],
    'skips the guard for what looks like a file': [
      () =>
        app5()
          .use((req, res, next) => (req.path.endsWith('.css') ? next() : guard(req, res, next)))
          .get(['/vote', '/vote.css'], answer),
      'paths only: suffix of a file',
    ],
    'guards GET and forgets HEAD': [
      () => app5().head(ROUTE, answer).get(ROUTE, guard, answer),
      'other-methods only: does not run for HEAD',
    ],
    'guards GET and forgets PUT': [
      () => app5().get(ROUTE, guard, answer).put(ROUTE, answer),
      'other-methods only: does not run for PUT',
    ],
    'overrides methods after the guard': [
      () => app5().get(ROUTE, guard).use(override).get(ROUTE, answer),
      'other-methods only: an overriding method',
    ],
    'redirects to its path in lower case': [
      () =>
        app5()
          .use((req, res, next) =>
            req.path === ROUTE ? res.redirect(301, req.url.replace(ROUTE, '/Vote')) : next(),
          )
          .get('/Vote', guard, answer),
      'signed-user: another spelling of this path',
    ],
    'overwrites ctx.state (Koa)': [
      () =>
        koa(
          Koa3,
          koaGuard,
          (ctx, next) => {
            ctx.state = {}
            return next()
          },
          (ctx) => {
            ctx.body = { id: ctx.state['portalUser'].id }
          },
        ),
      'signed-user: ctx.state replaced',
    ],
    'has another secret': [
      () => otherPortal({ secret: testSecret('another') }),
      'signed-user: do not share a secret',
    ],
    'has another mode': [() => otherPortal({ mode: 'jwt' }), 'signed-user: scheme or mode'],
    'has the portal of another project': [
      () => otherPortal({ projectKey: 'acne' }),
      'signed-user: another project key',
    ],
    'cannot look its secret up': [
      () => otherPortal({ secret: failing }),
      'signed-user: function that looks the secret up failed',
    ],
    'has a clock in seconds': [
      () => app5().use(guardOf({ now: () => NOW / 1000 }), answer),
      'signed-user: clock is not in milliseconds',
    ],
    'has a clock two days ahead': [
      () => app5().use(guardOf({ now: () => NOW + 172_800_000 }), answer),
      'signed-user: clock is ahead',
    ],
    'has a clock a day behind': [
      () => app5().use(guardOf({ now: () => NOW - 86_400_000 }), answer),
      'signed-user: clock is behind',
    ],
    'has a clock that stands still': [
      () => app5().use(guardOf({ now: () => NOW - 20_000 }), answer),
      'expired: expired credentials are accepted',
    ],
    'accepts short lifetimes only': [
      () => app5().use(guardOf({ maxLifetime: 60 }), answer),
      'signed-user: `maxLifetime` is shorter',
    ],
    'loses the query': [
      () => behind(rewriting((url) => url.split('?')[0] ?? '')),
      'signed-user: does not reach the guard',
    ],
    'sends the query twice': [
      () => behind(rewriting((url) => `${url}&${url.split('?')[1]}`)),
      'signed-user: reaches the guard twice',
    ],
    'removes duplicates from the query': [
      () => behind(rewriting((url) => url.replace(/token=[^&]*&token=[^&]*/, ''))),
      'duplicateParameter: saw no credential at all',
    ],
    'reads a plus as a space': [
      () => behind(rewriting((url) => (/[?&]q=a%20b\+c/.test(url) ? '/vote' : url))),
      'beside-parameters only: a query with other parameters is refused',
    ],
  }),
  ...species(messageCases, {
    'parses JSON before the guard, and keeps no bytes': [
      () => app5().use(express.json()).post(ROUTE, guardOf({}, messages), answer),
      'signed-user: express.json(), ran before the guard and kept no bytes',
    ],
    'signs again what it has parsed': [
      () =>
        app4()
          .use(express4.json({ strict: false }), (req, _res, next) => {
            const text = Buffer.from(JSON.stringify(req.body ?? null))
            Object.assign(req, { rawBody: text })
            req.headers['content-length'] = String(text.length)
            next()
          })
          .post(ROUTE, guardOf({}, messages), answer) as Express,
      'bodyReserialised: something other than the guard verifies, or changes it',
    ],
    'reads the body as text and drops it (Koa)': [
      () =>
        koa(
          Koa3,
          async (ctx, next) => {
            for await (const _ of ctx.req) continue
            await next()
          },
          guardKoa(messages, { now: () => NOW }) as unknown as Middleware, // likewise
          koaAnswer,
        ),
      'signed-user: kept no bytes',
    ],
  }),
]
