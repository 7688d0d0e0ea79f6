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
  // how many proxies of your own stand before the app: one too many, and a client makes up its address
  app.set('trust proxy', Number(process.env['TRUSTED_PROXIES'] ?? 0))

  // Before the guard nobody is known: count addresses.
  const perAddress = rateLimit({
    windowMs: 60_000,
    limit: 60,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
  })
  app.get('/portal', perAddress, requireSignedUser(portal), (req, res) => {
    res.json(req.portalUser)
  })

  // Before the sign endpoint count users, for an office has one address. A stranger has no other name.
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
