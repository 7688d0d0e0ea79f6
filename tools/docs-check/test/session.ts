import type { Request } from 'express'

/** Stands in for the session of the reader's own app: the examples import it as `./session`. */
export function currentUser(req: Request): { id: string; email: string; name: string } | null {
  const isSignedIn = req.headers.cookie === 'session=ada'
  return isSignedIn ? { id: '42', email: 'ada@example.com', name: 'Ada' } : null
}
