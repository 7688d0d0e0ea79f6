import {
  fdback,
  getPortalUser,
  requireSignedUser,
  seggwat,
  type PortalAuth,
} from '@countersign/express'
import express, { type Express, type Request } from 'express'
import { openSecrets, type Secrets } from './secrets'

export interface AppOptions {
  readonly secrets: Secrets
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ secrets, now }: AppOptions): Express {
  const onRotatedKey = ({ auth }: { auth: PortalAuth }): void => secrets.noteOldSecret(auth)
  const app = express()

  // Neither portal has a fixed id: the request names the project, `find` returns its secrets, and
  // users who were signed for another project are refused.
  const link = requireSignedUser(seggwat({ secret: secrets.find }), {
    tenant: (req) => String(req.params['project']),
    onRotatedKey,
    now,
  })
  app.get('/p/:project', link, (req, res) => {
    res.json({ project: projectOf(req), user: getPortalUser(req) })
  })

  // fdback names the workspace in a header, which the guard reads by default.
  const login = requireSignedUser(fdback({ secret: secrets.find }), { onRotatedKey, now })
  app.post('/api/auth/sdk-login', login, (req, res) => {
    res.json({ project: projectOf(req), user: getPortalUser(req) })
  })

  return app
}

/** The project whose secret signed the user. Select data by this, not by anything else in the request. */
function projectOf({ portalAuth }: Request): string | null | undefined {
  return portalAuth?.tenant
}

if (require.main === module) {
  createApp({ secrets: openSecrets() }).listen(Number(process.env['PORT'] ?? 3000))
}
