import type { Portal } from '@countersign/core'
import { requireSignedUser, signEndpoint } from '@countersign/express'
import express, { type Express } from 'express'
import { ada, COOKIE, portals } from './portals'

/** A sound app, whatever was done to the middleware below it. */
export const app: Express = express()
app.set('env', 'test') // the default error handler writes to the console in any other
for (const [format, portal] of Object.entries<Portal>(portals)) {
  app.all(
    `/sign/${format}`,
    signEndpoint(portal, { user: ({ headers }) => userOf(headers.cookie) }),
  )
  app.all(`/optional/${format}`, requireSignedUser(portal, { mode: 'optional' }), answer)
  app.all(`/required/${format}`, requireSignedUser(portal), answer)
}

function userOf(cookie: string | undefined): never {
  return (cookie?.includes(COOKIE) ? ada : null) as never // each format takes of it what it knows
}

function answer({ portalUser }: express.Request, res: express.Response): void {
  res.json({ id: portalUser?.id ?? null })
}
