import cookieSession from 'cookie-session'
import express, { type Express } from 'express'
import { exchangeSignedUser } from '@countersign/express'
import { portal, sessionSecret } from './portal'

const cookie = { httpOnly: true, sameSite: 'lax' } as const

export const app: Express = express()
app.use(
  '/p/acme',
  cookieSession({ name: 'session', secret: sessionSecret, ...cookie }),
  exchangeSignedUser(portal, {
    cookie,
    current: (req) => req.session?.['visitor'],
    /** The cookie is the session, so a new object replaces all of it. */
    establish(user, req, { link, previous }) {
      const notice = previous ? `You were ${previous.id} before.` : undefined
      req.session = { visitor: { id: user.id, link, notice } } as never // typed by express-session here
    },
  }),
)
app.get('/p/acme', (req, res) => {
  res.json(req.session?.['visitor'] ?? null)
})
app.post('/p/acme', (req, res) => {
  req.session = { draft: 'an idea' } as never // likewise
  res.json(null)
})
