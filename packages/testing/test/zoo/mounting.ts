import { randomUUID } from 'node:crypto'
import { seggwat } from '@countersign/core/schemes'
import { getPortalUser, requireSignedUser as guardKoa } from '@countersign/koa'
import { portalCases, testSecret } from '@countersign/testing'
import express, { type Express } from 'express'
import express4 from 'express4'
import Koa3, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import { answer, app4, app5, koa } from '../support/apps'
import { NOW, now, secret } from '../support/samples'
import {
  behind,
  failing,
  greet,
  guard,
  guardOf,
  inTurn,
  linkCases,
  links,
  messageCases,
  messages,
  override,
  problem,
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

/** The guard answers, and so does the handler. */
const unawaited = (handler: Middleware) =>
  koa(
    Koa3,
    (ctx, next) => {
      void koaGuard(ctx, async () => undefined)
      return next()
    },
    handler,
  )

/** Guards in the wrong place, or with the wrong options. */
export const mounting: readonly Species[] = [
  ...species(linkCases, {
    'mounts the guard after the route ¦ missing: guard does not run on this route': () =>
      app4().get(ROUTE, greet).use(guard),
    'has no guard on the route ¦ wrongSecret: guard does not run on this route': () =>
      app5().use('/other', guard).get(ROUTE, greet),
    'makes the guard optional ¦ missing: optional mode': () =>
      app5().get(ROUTE, guardOf({ mode: 'optional' }), greet),
    'answers before it asks the guard (Koa) ¦ missing: guard does not run on this route': () =>
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
    'does not wait for the guard ¦ missing: the app does not wait for it': () =>
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
    'does not wait for the guard (Koa) ¦ missing: a way in: the handler runs although the guard refuses':
      () => unawaited((ctx) => void (ctx.body = { hello: ctx.state['portalUser'] })),
    'does not wait for the guard, and fails without a user (Koa) ¦ missing: the app does not wait for the guard':
      () => unawaited(koaAnswer),
    'compares the path itself ¦ ways-around only: with a slash at the end of its path': () =>
      app4()
        .use((req, res, next) => (req.path === ROUTE ? guard(req, res, next) : next()))
        .get(ROUTE, greet),
    'compares the path itself, but for a slash ¦ ways-around only: capital letters': () =>
      app5()
        .use((req, res, next) => (/^\/vote\/?$/.test(req.path) ? guard(req, res, next) : next()))
        .get(ROUTE, answer),
    'skips the guard for what looks like a file ¦ ways-around only: suffix of a file': () =>
      app5()
        .use((req, res, next) => (req.path.endsWith('.css') ? next() : guard(req, res, next)))
        .get(['/vote', '/vote.css'], answer),
    'has the data of its page without the guard ¦ ways-around only: suffix ".json"': () =>
      app5().get(ROUTE, guard, answer).get('/vote.json', answer),
    'shows its page under another name, and another page for unknown paths ¦ ways-around only: suffix of a file':
      () =>
        app5()
          .get(ROUTE, guard)
          .get([ROUTE, '/vote.css'], (_req, res) => void res.send(`<h1>Board ${randomUUID()}</h1>`))
          .use((_req, res) => void res.send(`<h1>Home ${randomUUID()}</h1>`)),
    'guards GET and forgets HEAD ¦ ways-around only: the method HEAD': () =>
      app5().head(ROUTE, answer).get(ROUTE, guard, answer),
    'guards GET and forgets PUT ¦ ways-around only: the method PUT': () =>
      app5().get(ROUTE, guard, answer).put(ROUTE, answer),
    'overrides methods after the guard ¦ ways-around only: an overriding method': () =>
      app5().get(ROUTE, guard).use(override).get(ROUTE, answer),
    'redirects to its path in lower case ¦ signed-user: another spelling of this path': () =>
      app5()
        .use((req, res, next) =>
          req.path === ROUTE ? res.redirect(301, req.url.replace(ROUTE, '/Vote')) : next(),
        )
        .get('/Vote', guard, answer),
    'overwrites ctx.state (Koa) ¦ signed-user: ctx.state replaced': () =>
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
    'has another secret ¦ signed-user: do not share a secret': () =>
      otherPortal({ secret: testSecret('another') }),
    'has another secret in another process ¦ twice: do not share a secret': () =>
      inTurn(app5().use(guard, answer), otherPortal({ secret: 'x'.repeat(40) })),
    'has another mode ¦ signed-user: scheme or mode': () => otherPortal({ mode: 'jwt' }),
    'has the portal of another project ¦ signed-user: another project or workspace': () =>
      otherPortal({ projectKey: 'acne' }),
    'cannot look its secret up ¦ signed-user: function that looks the secret up failed': () =>
      otherPortal({ secret: failing }),
    'has a clock in seconds ¦ signed-user: clock is not in milliseconds': () =>
      app5().use(guardOf({ now: () => NOW / 1000 }), answer),
    'has a clock two days ahead ¦ signed-user: clocks of the app and of the cases differ': () =>
      app5().use(guardOf({ now: () => NOW + 172_800_000 }), answer),
    'has a clock a day behind ¦ signed-user: clocks of the app and of the cases differ': () =>
      app5().use(guardOf({ now: () => NOW - 86_400_000 }), answer),
    'has a clock that is behind ¦ expired: expired credentials are accepted': () =>
      app5().use(guardOf({ now: () => NOW - 20_000 }), answer),
    'accepts short lifetimes only ¦ signed-user: `maxLifetime` is shorter': () =>
      app5().use(guardOf({ maxLifetime: 60 }), answer),
    'loses the query ¦ signed-user: does not reach the guard': () =>
      behind(rewriting((url) => url.split('?')[0] ?? '')),
    'sends the query twice ¦ signed-user: reaches the guard twice': () =>
      behind(rewriting((url) => `${url}&${url.split('?')[1]}`)),
    'removes duplicates from the query ¦ duplicateParameter: does not reach the guard': () =>
      behind(rewriting((url) => url.replace(/token=[^&]*&token=[^&]*/, ''))),
    'lets a link be used once ¦ twice: unused credential counts as used': () => {
      const used = new Set<string>()
      return behind((req, res, next) => {
        const isUsed = /^\/vote\?token=[^&]*$/.test(req.url) && used.has(req.url)
        used.add(req.url)
        if (isUsed) problem(401, 'token_replayed')(req, res)
        else next()
      })
    },
    'reads a plus as a space ¦ other-links only: a query with other parameters is refused': () =>
      behind(rewriting((url) => (/[?&]q=a%20b\+c/.test(url) ? '/vote' : url))),
  }),
  ...species(portalCases(links, ROUTE, { now, codes: false }), {
    'does not wait for the guard, whose codes are no matter (Koa) ¦ missing: a way in: the handler runs although':
      () => unawaited((ctx) => void (ctx.body = { hello: ctx.state['portalUser'] })),
    'sends its page with the status of a refusal (Koa) ¦ refusals only: a way in: the handler runs although':
      () =>
        unawaited((ctx) => {
          ctx.type = 'html'
          ctx.body = '<h1>Board</h1>'
        }),
  }),
  ...species(portalCases(links, ROUTE, { now, method: 'POST' }), {
    'guards POST and answers GET with data ¦ ways-around only: the method GET': () =>
      app5().get(ROUTE, greet).post(ROUTE, guard, answer),
    'guards POST and overrides methods after it ¦ ways-around only: an overriding method': () =>
      app5().post(ROUTE, guard).use(override).post(ROUTE, answer),
  }),
  ...species(portalCases(links, ROUTE, { now, bearer: true }), {
    'reads no `Authorization` ¦ bearer: does not read `Authorization`': () =>
      app5().use(guard, answer),
  }),
  ...species(messageCases, {
    'takes no body in pieces ¦ signed-body only: answers 411': () =>
      app5().use(
        (req, res, next) => (req.get('transfer-encoding') ? problem(411)(req, res) : next()),
        guardOf({}, messages),
        answer,
      ),
    'parses JSON before the guard, and keeps no bytes ¦ signed-user: express.json(), ran before the guard and kept no bytes':
      () => app5().use(express.json()).post(ROUTE, guardOf({}, messages), answer),
    'signs again what it has parsed ¦ bodyReserialised: something other than the guard verifies, or changes it':
      () =>
        app4()
          .use(express4.json({ strict: false }), (req, _res, next) => {
            const text = Buffer.from(JSON.stringify(req.body ?? null))
            Object.assign(req, { rawBody: text })
            req.headers['content-length'] = String(text.length)
            next()
          })
          .post(ROUTE, guardOf({}, messages), answer) as Express,
    'reads the body as text and drops it (Koa) ¦ signed-user: kept no bytes': () =>
      koa(
        Koa3,
        async (ctx, next) => {
          for await (const _ of ctx.req) continue
          await next()
        },
        guardKoa(messages, { now: () => NOW }) as unknown as Middleware, // likewise
        koaAnswer,
      ),
  }),
]
