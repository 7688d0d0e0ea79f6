import { createSecretKey } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { parse } from 'cookie'
import jwt, { type JwtPayload } from 'jsonwebtoken'

export interface CurrentUser {
  readonly id: string
  readonly email?: string
  readonly name?: string
  /** An absolute URL. */
  readonly avatar?: string
  /** A Polar or Stripe subscription. */
  readonly subscriptionId?: string
}

const { SESSION_SECRET } = process.env
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is not set')
const key = createSecretKey(SESSION_SECRET, 'utf8')

/** Replace this with your own session. Here it is a JWT in a cookie. */
export function currentUser({ headers }: { headers: IncomingHttpHeaders }): CurrentUser | null {
  try {
    const { session = '' } = parse(headers.cookie ?? '')
    const { user } = jwt.verify(session, key, { algorithms: ['HS256'] }) as JwtPayload // we sign objects only
    return user ?? null
  } catch {
    return null
  }
}

export type NamedUser = CurrentUser & Required<Pick<CurrentUser, 'email' | 'name'>>

/** For portals that require an e-mail address and a name: a user without them counts as signed out. */
export function namedUser(request: { headers: IncomingHttpHeaders }): NamedUser | null {
  const user = currentUser(request)
  const { email, name } = user ?? {}
  return user && email && name ? { ...user, email, name } : null
}
