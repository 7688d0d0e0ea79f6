import type { SeggWatInput } from '@countersign/hono'
import type { Context } from 'hono'
import { getSignedCookie } from 'hono/cookie'

/** Reads the signed-in user; `null` where no user is signed in. */
export type Session = (c: Context) => Promise<SeggWatInput | null>

const USERS: Readonly<Record<string, SeggWatInput>> = {
  '7': { id: '7', email: 'ada@example.com', name: 'Ada' },
}

/** Replace this with the session that your app has: here, a signed cookie with the user's id. */
export function createSession(secret: string | undefined): Session {
  if (!secret) throw new Error('SESSION_SECRET is not set')
  return async (c) => USERS[(await getSignedCookie(c, secret, 'session')) || ''] ?? null
}
