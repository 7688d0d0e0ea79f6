import { createSecretKey } from 'node:crypto'
import type { SeggWatInput } from '@countersign/express'
import type { Request } from 'express'
import jwt, { type JwtPayload } from 'jsonwebtoken'

/** Returns the signed-in user, or `null`. */
export type Session = (req: Request) => SeggWatInput | null

/** Replace this with your own session. Here it is a JWT in a cookie. */
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
