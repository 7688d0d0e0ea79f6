import type { SeggWatInput } from '@countersign/fastify'
import type { FastifyRequest } from 'fastify'

const USERS: Readonly<Record<string, SeggWatInput>> = {
  '7': { id: '7', email: 'ada@example.com', name: 'Ada' },
}

/**
 * Reads the signed-in user; `null` where no user is signed in. Replace it with the session that your
 * app has: here, a signed cookie with the user's id.
 */
export function sessionUser(request: FastifyRequest): SeggWatInput | null {
  const { valid, value } = request.unsignCookie(request.cookies['session'] ?? '')
  return (valid && USERS[value]) || null
}
