import { describePortal, describeSignEndpoint } from '@countersign/testing'
import Koa3, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import { requireSignedUser, signEndpoint, type GuardOptions } from '../src'
import { links, now, posts } from './signed'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const ROUTE = '/vote'
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('%s', (_name, Koa) => {
  function guarded(guard: unknown): Koa3 {
    const app = new Koa()
    app.use((ctx, next) => {
      const { path } = ctx
      return path === ROUTE ? (guard as Middleware)(ctx, next) : undefined // its state is narrower
    })
    return app.use((ctx) => {
      ctx.body = { id: ctx.state['portalUser']?.id ?? null }
    })
  }

  const settings: readonly Pick<GuardOptions, 'bearer' | 'mode' | 'stripCredential'>[] = [
    {},
    { mode: 'optional' },
    { stripCredential: true },
    { bearer: true },
  ]
  for (const options of settings) {
    const app = guarded(requireSignedUser(links, { now, ...options }))
    describePortal(app, { route: ROUTE, portal: links, now, whoami, ...options })
  }
  const messages = guarded(requireSignedUser(posts, { now }))
  describePortal(messages, { route: ROUTE, portal: posts, now, whoami })

  for (const portal of [links, posts]) {
    const app = new Koa().use(
      signEndpoint(portal as typeof links, {
        now,
        user: ({ headers }) => (headers.cookie === cookie ? ada : null),
      }),
    )
    describeSignEndpoint(app, { route: '/sign', portal, now, asUser: { cookie }, user: ada })
  }
})
