import { fdback, featkit, harlyy, requireSignedUser, seggwat } from '@countersign/express'
import express, { type Express, type Request, type Response } from 'express'

const env = process.env
/** For a form of the page, whose tab is redirected. */
export const OPENS = { respond: 'redirect', signedOut: '/login' } as const

/** The four portals, and where our own endpoints sign for them. */
export const portals = [
  {
    sign: '/api/featkit/sign',
    ...OPENS,
    path: '/p/lantern',
    secret: env['FEATKIT_SECRET']!,
    portal: featkit({ slug: 'lantern', secret: env['FEATKIT_SECRET'] }),
  },
  {
    sign: '/api/seggwat/sign',
    path: '/p/lantern-key',
    secret: env['SEGGWAT_SIGNING_SECRET']!,
    portal: seggwat({
      projectKey: env['SEGGWAT_PROJECT_KEY'],
      secret: env['SEGGWAT_SIGNING_SECRET'],
    }),
  },
  {
    sign: '/api/harlyy/sign',
    ...OPENS,
    path: '/lantern-ltd/after-sale',
    secret: env['HARLYY_SECRET']!,
    portal: harlyy({ secret: env['HARLYY_SECRET'] }),
  },
  {
    sign: '/api/fdback/sign',
    path: '/api/auth/sdk-login',
    secret: env['FDBACK_WORKSPACE_SECRET']!,
    portal: fdback({ workspaceId: 'ws_lantern', secret: env['FDBACK_WORKSPACE_SECRET'] }),
  },
]

/** The portals, as far as they matter here: each answers whom it was sent. */
export function servePortals(): Express {
  const app = express()
  for (const { path, portal } of portals) app.post(path, requireSignedUser(portal), answer)
  return app
}

function answer({ portalUser, portalAuth }: Request, res: Response): void {
  const { issuedAt, expiresAt } = portalAuth! // a guard ran
  const lifetime = issuedAt && expiresAt && (expiresAt.getTime() - issuedAt.getTime()) / 1000
  res.json({ user: portalUser, lifetime, expiresAt: expiresAt?.getTime() })
}
