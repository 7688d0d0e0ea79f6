import { createSecretKey } from 'node:crypto'
import type { FdbackInput } from '@countersign/express'
import type { Request } from 'express'
import jwt, { type JwtPayload } from 'jsonwebtoken'

/** Replace this with your own session. Here it is a JWT in a cookie. */
export function createSession(secret: string | undefined): (req: Request) => FdbackInput | null {
  if (!secret) throw new Error('SESSION_SECRET is not set')
  const key = createSecretKey(secret, 'utf8')
  return (req) => {
    try {
      const claims = jwt.verify(req.cookies['session'], key, { algorithms: ['HS256'] })
      const { email, name } = claims as JwtPayload // the app signs objects only
      return email ? { email, name } : null
    } catch {
      return null
    }
  }
}
