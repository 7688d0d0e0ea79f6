import { requireSignedUser, seggwat, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import Koa from 'koa'
import rateLimit from 'koa-ratelimit'
import { createSession } from './session'

export function createApp(): Koa {
  const session = createSession(process.env['SESSION_SECRET'])
  const portal = seggwat({
    projectKey: process.env['SEGGWAT_PROJECT_KEY'],
    secret: process.env['SEGGWAT_SIGNING_SECRET'],
  })
  // the number of your own proxies: if it is too high, a client can make up its address
  const proxies = Number(process.env['TRUSTED_PROXIES'] ?? 0)
  const app = new Koa({ proxy: proxies > 0, maxIpsCount: proxies })
  const router = new Router()

  // Before the guard, no user is known: count addresses.
  const perAddress = rateLimit({
    driver: 'memory', // counts in one process, and forgets no address: take 'redis' in production
    db: new Map(),
    duration: 60_000,
    max: 60,
    id: (ctx) => ctx.ip,
  })
  router.get('/portal', perAddress, requireSignedUser(portal), (ctx) => {
    ctx.body = ctx.state.portalUser
  })

  // Before the sign endpoint, count users, because all users of an office may have one address. Without
  // a user, count addresses.
  const perUser = rateLimit({
    driver: 'memory',
    db: new Map(),
    duration: 60_000,
    max: 10,
    id(ctx) {
      const user = session(ctx)
      return user ? `user ${user.id}` : `address ${ctx.ip}`
    },
  })
  router.post('/api/portal/sign', perUser, signEndpoint(portal, { user: session }))

  app.use(router.routes()).use(router.allowedMethods())
  return app
}

if (require.main === module) createApp().listen(Number(process.env['PORT'] ?? 3000))
