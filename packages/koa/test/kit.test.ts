import { describePortal, describeSignEndpoint } from '@countersign/testing'
import Koa3, { type Context, type Middleware } from 'koa'
import Koa2 from 'koa2'
import { requireSignedUser, signEndpoint, type GuardOptions } from '../src'
import { links, now, requests } from './signed'

const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const cookie = 'session=ada'
const route = '/vote'
const whoami = ({ body }: { readonly body: unknown }) => (body as { readonly id: unknown }).id // see `guarded`

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('%s', (_name, Koa) => {
  function guarded(guard: unknown): Koa3 {
    const guarding = guard as Middleware // its state is narrower
    const app = new Koa().use((ctx, next) => ctx.path === route && guarding(ctx, next))
    return app.use((ctx) => {
      ctx.body = { id: ctx.state['portalUser']?.id ?? null }
    })
  }

  /** Options that change which requests a guard accepts, or what it does to them. */
  const settings: readonly Pick<GuardOptions, 'bearer' | 'mode' | 'stripCredential'>[] = [
    {},
    { mode: 'optional', stripCredential: true, bearer: true },
  ]
  for (const options of settings) {
    const app = guarded(requireSignedUser(links, { now, ...options }))
    describePortal(app, { route, portal: links, now, whoami, ...options })
  }
  const posted = guarded(requireSignedUser(requests, { now }))
  describePortal(posted, { route, portal: requests, now, whoami })

  for (const portal of [links, requests]) {
    const user = ({ headers }: Context) => (headers.cookie === cookie ? ada : null)
    const app = new Koa().use(signEndpoint(portal as typeof links, { now, user })) // both take this user
    describeSignEndpoint(app, { route: '/sign', portal, now, asUser: { cookie }, user: ada })
  }
})
