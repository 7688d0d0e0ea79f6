import { fdback, featkit, harlyy, requireSignedUser, seggwat } from '@countersign/express'
import express, { type Express, type Request, type Response } from 'express'

const env = process.env

/** The four portals, as far as they matter here: each answers whom it was sent. */
export function createPortals(): Express {
  const projectKey = env['SEGGWAT_PROJECT_KEY']
  const portals = [
    { path: '/p/lantern', portal: featkit({ secret: env['FEATKIT_SECRET'] }) },
    {
      path: '/p/lantern-key',
      portal: seggwat({ projectKey, secret: env['SEGGWAT_SIGNING_SECRET'] }),
    },
    { path: '/lantern-ltd/after-sale', portal: harlyy({ secret: env['HARLYY_SECRET'] }) },
    {
      path: '/api/auth/sdk-login',
      portal: fdback({ workspaceId: 'ws_lantern', secret: env['FDBACK_WORKSPACE_SECRET'] }),
    },
  ]
  const app = express()
  for (const { path, portal } of portals) app.post(path, requireSignedUser(portal), answer)
  return app
}

function answer({ portalUser, portalAuth }: Request, res: Response): void {
  const { issuedAt, expiresAt } = portalAuth! // a guard ran
  const lifetime = issuedAt && expiresAt && (expiresAt.getTime() - issuedAt.getTime()) / 1000
  res.json({ user: portalUser, lifetime, expiresAt: expiresAt?.getTime() })
}
