import { serve } from '@hono/node-server'
import { getPortalUser, requireSignedUser, seggwat, signEndpoint } from '@countersign/hono'
import { Hono } from 'hono'
import { createSession } from './session'

export interface AppOptions {
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ now }: AppOptions = {}): Hono {
  const user = createSession(process.env['SESSION_SECRET'])
  const portal = seggwat({
    projectKey: process.env['SEGGWAT_PROJECT_KEY'],
    secret: process.env['SEGGWAT_SIGNING_SECRET'],
  })
  const app = new Hono()

  // The app's side: its own page links here.
  const endpoint = signEndpoint(portal, { user, respond: 'redirect', signedOut: '/login', now })
  app.get('/feedback', endpoint)

  // The portal's side.
  app.get('/portal', requireSignedUser(portal, { now }), (c) => {
    const { id, name } = getPortalUser(c)
    return c.json({ id, name, expiresAt: c.get('portalAuth').expiresAt })
  })

  return app
}

if (require.main === module) {
  serve({ fetch: createApp().fetch, port: Number(process.env['PORT'] ?? 3000) })
}
