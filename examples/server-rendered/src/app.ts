import { createSecretKey } from 'node:crypto'
import { createSigner, seggwat, type SeggWatInput } from '@countersign/express'
import cookieParser from 'cookie-parser'
import express, { type Express, type Request } from 'express'
import jwt, { type JwtPayload } from 'jsonwebtoken'
import { feedbackPage } from './feedback-page'

export interface AppOptions {
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ now }: AppOptions = {}): Express {
  const session = createSession(process.env['SESSION_SECRET'])
  const portal = seggwat({
    projectKey: process.env['SEGGWAT_PROJECT_KEY'],
    secret: process.env['SEGGWAT_SIGNING_SECRET'],
  })
  const signer = createSigner(portal, { expiresIn: 3600, now })
  const app = express()

  app.get('/feedback', cookieParser(), async (req, res) => {
    const user = session(req)
    if (!user) return res.redirect('/login')
    const { url } = await signer.sign(user, { embed: true })
    res.set({
      'Cache-Control': 'no-store', // the page holds this user's token
      'Content-Security-Policy': `default-src 'self'; frame-src ${new URL(url).origin}; frame-ancestors 'self'`,
    })
    res.type('html').send(feedbackPage({ name: user.name ?? 'you', url }))
  })

  return app
}

/** Replace this with your own session. Here it is a JWT in a cookie. */
function createSession(secret: string | undefined): (req: Request) => SeggWatInput | null {
  if (!secret) throw new Error('SESSION_SECRET is not set')
  const key = createSecretKey(secret, 'utf8')
  return (req) => {
    try {
      const claims = jwt.verify(req.cookies['session'], key, { algorithms: ['HS256'] })
      const { sub, email, name } = claims as JwtPayload // the app signs objects only
      return sub ? { id: sub, email, name } : null
    } catch {
      return null
    }
  }
}

if (require.main === module) createApp().listen(Number(process.env['PORT'] ?? 3000))
