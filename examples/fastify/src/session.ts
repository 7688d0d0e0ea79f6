import type { SeggWatInput } from '@countersign/fastify'
import type { FastifyRequest } from 'fastify'

const USERS: Readonly<Record<string, SeggWatInput>> = {
  '7': { id: '7', email: 'ada@example.com', name: 'Ada' },
}

/**
 * Returns the signed-in user, or `null`. Replace it with your own session. Here it is a signed cookie
 * with the user's id.
 */
export function sessionUser(request: FastifyRequest): SeggWatInput | null {
  const { valid, value } = request.unsignCookie(request.cookies['session'] ?? '')
  return (valid && USERS[value]) || null
}
