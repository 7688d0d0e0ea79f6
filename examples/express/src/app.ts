import { getPortalUser, requireSignedUser, seggwat, signEndpoint } from '@countersign/express'
import cookieParser from 'cookie-parser'
import express, { type Express } from 'express'
import { createSession } from './session'

export interface AppOptions {
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ now }: AppOptions = {}): Express {
  const session = createSession(process.env['SESSION_SECRET'])
  const portal = seggwat({
    projectKey: process.env['SEGGWAT_PROJECT_KEY'],
    secret: process.env['SEGGWAT_SIGNING_SECRET'],
  })
  const app = express()

  // The app's side: `openPortal('/api/portal/sign')` of @countersign/client calls this.
  app.post('/api/portal/sign', cookieParser(), signEndpoint(portal, { user: session, now }))

  // The portal's side: `stripCredential` hides the token from later middleware, such as loggers.
  const guard = requireSignedUser(portal, { stripCredential: true, now })
  app.get('/portal', guard, (req, res) => {
    const { id, name } = getPortalUser(req)
    res.json({ id, name, expiresAt: req.portalAuth?.expiresAt })
  })

  return app
}

if (require.main === module) createApp().listen(Number(process.env['PORT'] ?? 3000))
