import { exchangeSignedUser } from '@countersign/fetch'
import { getIronSession, type IronSession } from 'iron-session'
import { portal, sessionSecret, type Visitor } from './portal'

interface Content {
  visitor?: Visitor
  draft?: string
}

const cookieOptions = { httpOnly: true, secure: false, sameSite: 'lax' } as const // secure: in production
const options = { cookieName: 'session', password: sessionSecret, cookieOptions }

/** Reads the session of a request. Saving it sets a cookie on `response`. */
function sessionOf(request: Request, response = new Response()): Promise<IronSession<Content>> {
  return getIronSession<Content>(request, response, options)
}

const exchange = exchangeSignedUser(portal, {
  cookie: cookieOptions,
  current: async (request) => (await sessionOf(request)).visitor,
  /** There is no response to set a cookie on, so the cookie is returned. The cookie is the session. */
  async establish(user, request, { link, previous }) {
    const response = new Response()
    const session = await sessionOf(request, response)
    const notice = previous ? `You were ${previous.id} before.` : undefined
    delete session.draft
    session.visitor = { id: user.id, link, notice }
    await session.save()
    return { cookies: response.headers.getSetCookie() }
  },
})

/** A route handler for GET and POST, as of Next.js. */
export async function handler(request: Request): Promise<Response> {
  const response = await exchange(request)
  if (response) return response
  const own = new Response()
  const session = await sessionOf(request, own)
  if (request.method === 'POST') {
    session.draft = 'an idea'
    await session.save()
  }
  return Response.json(session.visitor ?? null, { headers: own.headers })
}
