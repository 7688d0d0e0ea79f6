import { getPortalUser, requireSignedUser, seggwat, signEndpoint } from '@countersign/koa'
import { Router } from '@koa/router'
import Koa from 'koa'
import { createSession } from './session'

export interface AppOptions {
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ now }: AppOptions = {}): Koa {
  const session = createSession(process.env['SESSION_SECRET'])
  const portal = seggwat({
    projectKey: process.env['SEGGWAT_PROJECT_KEY'],
    secret: process.env['SEGGWAT_SIGNING_SECRET'],
  })
  const app = new Koa()
  const router = new Router()

  // The app's side: `openPortal('/api/portal/sign')` of @countersign/client calls this.
  router.post('/api/portal/sign', signEndpoint(portal, { user: session, now }))

  // The portal's side: `stripCredential` hides the token from later middleware, such as loggers.
  const guard = requireSignedUser(portal, { stripCredential: true, now })
  router.get('/portal', guard, (ctx) => {
    const { id, name } = getPortalUser(ctx)
    ctx.body = { id, name, expiresAt: ctx.state.portalAuth?.expiresAt }
  })

  app.use(router.routes()).use(router.allowedMethods())
  return app
}

if (require.main === module) createApp().listen(Number(process.env['PORT'] ?? 3000))
