import { exchangeSignedUser } from '@countersign/fetch'
import { portal } from './lib/portal'
import { boardCookie } from './lib/session'

const exchange = exchangeSignedUser(portal, {
  establish: (user) => ({ cookies: [boardCookie(user)] }),
})

/** A signed link becomes a session of the board's own; a request without one goes on to the page. */
export async function proxy(request: Request): Promise<Response | undefined> {
  const response = await exchange(request)
  const location = response?.headers.get('location')
  if (location) response?.headers.set('location', new URL(location, request.url).href) // no path in a proxy
  return response
}

export const config = { matcher: '/board' }
