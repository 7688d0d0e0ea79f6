import { createSecretKey } from 'node:crypto'
import type { SeggWatInput } from '@countersign/express'
import type { Request } from 'express'
import jwt, { type JwtPayload } from 'jsonwebtoken'

/** Reads who is signed in; `null` for nobody. */
export type Session = (req: Request) => SeggWatInput | null

/** Stands for the session that your app has already: here a JWT in a cookie. */
export function createSession(secret: string | undefined): Session {
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
