import type { SeggWatInput } from '@countersign/hono'
import type { Context } from 'hono'
import { getSignedCookie } from 'hono/cookie'

/** Returns the signed-in user, or `null`. */
export type Session = (c: Context) => Promise<SeggWatInput | null>

const USERS: Readonly<Record<string, SeggWatInput>> = {
  '7': { id: '7', email: 'ada@example.com', name: 'Ada' },
}

/** Replace this with your own session. Here it is a signed cookie with the user's id. */
export function createSession(secret: string | undefined): Session {
  if (!secret) throw new Error('SESSION_SECRET is not set')
  return async (c) => USERS[(await getSignedCookie(c, secret, 'session')) || ''] ?? null
}
