import {
  getPortalUser,
  keepRawBody,
  fdback,
  requireSignedUser,
  signEndpoint,
} from '@countersign/express'
import express, { type Express, type Request } from 'express'

export interface AppOptions {
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

/** The user that an authorizer of API Gateway has put into the event, or `null`. */
export type Authorized = (req: Request) => { readonly email: string } | null

export function createApp(user: Authorized, { now }: AppOptions = {}): Express {
  const portal = fdback({
    workspaceId: process.env['FDBACK_WORKSPACE_ID'],
    secret: process.env['FDBACK_SECRET'],
  })
  const app = express()

  // The app's side.
  app.post('/api/portal/sign', signEndpoint(portal, { user, now }))

  // The portal's side: the wrapper passes on the bytes of the body, and the parser keeps them.
  app.use(express.json({ verify: keepRawBody }))
  app.post('/api/auth/sdk-login', requireSignedUser(portal, { now }), (req, res) => {
    res.json({ id: getPortalUser(req).id })
  })
  return app
}
