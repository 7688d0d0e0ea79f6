import { exchangeSignedUser } from '@countersign/fetch'
import { portal } from './lib/portal'
import { boardCookie } from './lib/session'

const exchange = exchangeSignedUser(portal, {
  establish: (user) => ({ cookies: [boardCookie(user)] }),
})

/** Exchanges a signed link for a session of the board. A request without a link goes on to the page. */
export async function proxy(request: Request): Promise<Response | undefined> {
  const response = await exchange(request)
  const location = response?.headers.get('location')
  if (location) response?.headers.set('location', new URL(location, request.url).href) // no path in a proxy
  return response
}

export const config = { matcher: '/board' }
