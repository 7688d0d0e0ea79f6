import type { RequestListener } from 'node:http'
import Koa3, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import { getPortalUser, requireSignedUser } from '@countersign/koa'
import { portalCases } from '@countersign/testing'
import { links, messages, ROUTE, type Species } from './species'

const koa = (Koa: typeof Koa3, ...all: Middleware[]): RequestListener => {
  const app = new Koa()
  app.silent = true
  for (const each of all) app.use(each)
  const handle = app.callback()
  return (req, res) => void handle(req, res)
}

const answer: Middleware = (ctx) => {
  ctx.body = { id: getPortalUser(ctx).id }
}
const fromState: Middleware = (ctx) => {
  ctx.body = { id: ctx.state['portalUser'].id }
}
const linkCases = () => portalCases(links, ROUTE)

export const koaFaults: readonly Species[] = [
  {
    name: 'of Koa 3 overwrites ctx.state',
    open: () =>
      koa(
        Koa3,
        requireSignedUser(links),
        (ctx, next) => {
          ctx.state = {}
          return next()
        },
        fromState,
      ),
    cases: linkCases,
    caughtBy: 'signed-user',
    means: /ctx\.state/,
    also: 'any',
  },
  {
    name: 'of Koa 2 answers before it asks the guard',
    open: () =>
      koa(
        Koa2,
        async (ctx, next) => {
          await next()
          ctx.status = 200
          ctx.body = { hello: 'world' }
        },
        requireSignedUser(links),
        answer,
      ),
    cases: linkCases,
    caughtBy: 'missing',
    means: /behind the handler/,
    also: 'any',
  },
  {
    name: 'of Koa 3 catches every error and answers 200',
    open: () =>
      koa(
        Koa3,
        async (ctx, next) => {
          try {
            await next()
          } catch (error) {
            ctx.body = { failed: (error as Error).message }
          }
        },
        requireSignedUser(links, { rejections: 'forward' }),
        answer,
      ),
    cases: linkCases,
    caughtBy: 'missing',
    means: /error handler turned the 401 into a 200/,
    also: 'any',
  },
  {
    name: 'of Koa 2 lets requests with a cookie past the guard',
    open: () => {
      const guard = requireSignedUser(links) as Middleware // its state is narrower
      return koa(
        Koa2,
        (ctx, next) => (ctx.cookies.get('user_id') ? next() : guard(ctx, next)),
        (ctx) => {
          ctx.body = 'hello'
        },
      )
    },
    cases: linkCases,
    caughtBy: 'self-made',
    means: /something else than the guard decides/,
    also: [],
  },
  {
    name: 'of Koa 3 reads the body as text and drops it',
    open: () =>
      koa(
        Koa3,
        async (ctx, next) => {
          for await (const _ of ctx.req) continue
          await next()
        },
        requireSignedUser(messages),
        answer,
      ),
    cases: () => portalCases(messages, ROUTE),
    caughtBy: 'signed-user',
    means: /kept no bytes/,
    also: 'any',
  },
]
