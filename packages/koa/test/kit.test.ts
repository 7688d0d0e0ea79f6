import { describePortal, describeSignEndpoint } from '@countersign/testing'
import Koa, { type Context, type Middleware } from 'koa'
import { requireSignedUser, signEndpoint } from '../src'
import { links, requests } from './portals'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const route = '/vote'
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see the handler

/** Options that change which requests a guard accepts, or what it does to them. */
const optional = { mode: 'optional', stripCredential: true, bearer: true } as const
for (const [portal, options] of [
  [links, optional],
  [requests, {}],
] as const) {
  const guard = requireSignedUser(portal as typeof links, options) as Middleware // its state is narrower
  const app = new Koa().use((ctx, next) => ctx.path === route && guard(ctx, next))
  app.use((ctx) => {
    ctx.body = { id: ctx.state['portalUser']?.id ?? null }
  })
  describePortal(app, { route, portal, whoami, ...options })
}

const user = ({ headers }: Context) => (headers.cookie === cookie ? ada : null)
const app = new Koa().use(signEndpoint(links, { user }))
describeSignEndpoint(app, { route: '/sign', portal: links, asUser: { cookie }, user: ada })
