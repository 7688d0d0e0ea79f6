import { requireSignedUser, signEndpoint } from '@countersign/koa'
import Koa from 'koa'

const people = { ada: { id: 42, email: 'ada@example.com', name: 'Ada' } }

export function createApp(portal) {
  const routes = {
    '/api/portal/sign': signEndpoint(portal, { user: currentUser }),
    '/board': requireSignedUser(portal),
  }
  return new Koa()
    .use((ctx, next) => routes[ctx.path]?.(ctx, next))
    .use((ctx) => {
      ctx.body = { id: ctx.state.portalUser?.id ?? null }
    })
}

/** Stands for a session. */
function currentUser(ctx) {
  return people[ctx.cookies.get('session')] ?? null
}
