import { getPortalUser, requireSignedUser } from '@countersign/express'
import express, { type Express } from 'express'
import { acme, type Plan } from './acme'

const ROOMS: Readonly<Record<Plan, readonly string[]>> = {
  free: ['lobby'],
  team: ['lobby', 'support'],
  business: ['lobby', 'support', 'roadmap'],
}

export interface AppOptions {
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ now }: AppOptions = {}): Express {
  const portal = acme({ secret: process.env['ACME_SECRET'] })
  const app = express()

  const guard = requireSignedUser(portal, {
    tenant: (req) => String(req.params['community']), // what was signed for another is refused
    stripCredential: true, // no logger knows that `u` is a credential
    now,
  })
  app.get('/c/:community', guard, (req, res) => {
    const { name, plan } = getPortalUser(req) // an AcmeUser: `plan` is a Plan here
    res.json({ name, plan, rooms: ROOMS[plan] })
  })

  return app
}

if (require.main === module) createApp().listen(Number(process.env['PORT'] ?? 3000))
