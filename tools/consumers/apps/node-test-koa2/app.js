import { memoryReplayStore, requireSignedUser, signEndpoint } from '@countersign/koa'
import Koa from 'koa'

const people = { ada: { id: 42 } }

/** A survey that each link answers once, on however many servers. */
export function createApp(portal, { replayStore = memoryReplayStore() } = {}) {
  const routes = {
    '/api/survey/sign': signEndpoint(portal, { user: currentUser }),
    '/survey': requireSignedUser(portal, { replayStore }),
  }
  return new Koa()
    .use((ctx, next) => routes[ctx.path]?.(ctx, next))
    .use((ctx) => {
      ctx.body = { thanks: true }
    })
}

/** Stands for a session. */
function currentUser(ctx) {
  return people[ctx.cookies.get('session')] ?? null
}
