import { requireSignedUser, seggwat, signEndpoint } from '@countersign/express'
import express, { type Express } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { createSession } from './session'

export function createApp(): Express {
  const session = createSession(process.env['SESSION_SECRET'])
  const portal = seggwat({
    projectKey: process.env['SEGGWAT_PROJECT_KEY'],
    secret: process.env['SEGGWAT_SIGNING_SECRET'],
  })
  const app = express()
  // the number of your own proxies: if it is too high, a client can make up its address
  app.set('trust proxy', Number(process.env['TRUSTED_PROXIES'] ?? 0))

  // Before the guard, no user is known: count addresses.
  const perAddress = rateLimit({
    windowMs: 60_000,
    limit: 60,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
  })
  app.get('/portal', perAddress, requireSignedUser(portal), (req, res) => {
    res.json(req.portalUser)
  })

  // Before the sign endpoint, count users, because all users of an office may have one address. Without
  // a user, count addresses.
  const perUser = rateLimit({
    windowMs: 60_000,
    limit: 10,
    keyGenerator(req) {
      const user = session(req)
      return user ? `user ${user.id}` : `address ${ipKeyGenerator(req.ip ?? '')}`
    },
    standardHeaders: 'draft-8',
    legacyHeaders: false,
  })
  app.post('/api/portal/sign', perUser, signEndpoint(portal, { user: session }))

  return app
}

if (require.main === module) createApp().listen(Number(process.env['PORT'] ?? 3000))
