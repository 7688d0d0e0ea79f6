import { createSecretKey } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { parse } from 'cookie'
import jwt, { type JwtPayload } from 'jsonwebtoken'

export interface SessionUser {
  readonly id: string
}

/** Returns the signed-in user of an Express request or a Koa context, or `null`. */
export type Session = (request: { readonly headers: IncomingHttpHeaders }) => SessionUser | null

/** Replace this with your own session. Here it is a JWT in a cookie. */
export function createSession(secret: string | undefined): Session {
  if (!secret) throw new Error('SESSION_SECRET is not set')
  const key = createSecretKey(secret, 'utf8')
  return ({ headers }) => {
    try {
      const { session = '' } = parse(headers.cookie ?? '')
      const { sub } = jwt.verify(session, key, { algorithms: ['HS256'] }) as JwtPayload // we sign objects only
      return sub ? { id: sub } : null
    } catch {
      return null
    }
  }
}
