import { promisify } from 'node:util'
import express, { type Express, type Request } from 'express'
import session from 'express-session'
import { exchangeSignedUser, type ExchangeContext } from '@countersign/express'
import { portal, sessionSecret, type Visitor } from './portal'

declare module 'express-session' {
  interface SessionData {
    visitor: Visitor
    draft: string
  }
}

const cookie = { httpOnly: true, secure: 'auto', sameSite: 'lax' } as const

/** `regenerate` gives the session a new id and deletes its content. */
async function establish(
  user: { readonly id: string },
  req: Request,
  { link, previous }: ExchangeContext,
): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))()
  const notice = previous ? `You were ${previous.id} before.` : undefined
  req.session.visitor = { id: user.id, link, notice }
}

export const app: Express = express()
app.use(
  '/p/acme',
  session({ secret: sessionSecret, resave: false, saveUninitialized: false, cookie }),
  exchangeSignedUser(portal, { cookie, establish, current: (req) => req.session.visitor }),
)
app.get('/p/acme', (req, res) => {
  res.json(req.session.visitor ?? null)
})
app.post('/p/acme', (req, res) => {
  req.session.draft = 'an idea' // a session without a user
  res.json(null)
})
