import type { AddressInfo } from 'node:net'
import type { Portal } from '@countersign/core'
import { requireSignedUser, signEndpoint } from '@countersign/express'
import express from 'express'
import { ada, COOKIE, portals } from './portals'

/** A sound app, whatever has been done to the middleware under it. */
const app = express()
app.set('env', 'test') // the default error handler writes to the console in any other
for (const [format, portal] of Object.entries<Portal>(portals)) {
  app.all(`/sign/${format}`, signEndpoint(portal, { user: ({ headers }) => whose(headers.cookie) }))
  app.all(`/optional/${format}`, requireSignedUser(portal, { mode: 'optional' }), answer)
  app.all(`/required/${format}`, requireSignedUser(portal), answer)
}

function whose(cookie: string | undefined): never {
  return (cookie === COOKIE ? ada : null) as never // each format takes of it what it knows
}

function answer({ portalUser }: express.Request, res: express.Response): void {
  res.json({ id: portalUser?.id ?? null })
}

const server = app.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port) // it listens on a port
})
process.on('disconnect', () => process.exit())
