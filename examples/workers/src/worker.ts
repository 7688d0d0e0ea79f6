import { env } from 'cloudflare:workers'
import { featkit, requireSignedUser, signEndpoint } from '@countersign/fetch'
import { sessionUser } from './session'

// Made once, when the Worker is loaded. The secret is read during the first request.
const portal = featkit({ slug: 'lantern', secret: () => env.FEATKIT_SECRET })

/** The app's side: its own page links here. */
const feedback = signEndpoint(portal, {
  user: sessionUser,
  respond: 'redirect',
  signedOut: '/login',
})

/** The portal's side. */
const board = requireSignedUser(portal)((_request, { portalUser, portalAuth }) =>
  Response.json({ id: portalUser.id, name: portalUser.name, expiresAt: portalAuth.expiresAt }),
)

const ROUTES: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  '/feedback': feedback,
  '/portal': board,
}

// oxlint-disable-next-line import/no-default-export -- a Worker is a default export
export default {
  async fetch(request: Request): Promise<Response> {
    const route = ROUTES[new URL(request.url).pathname]
    return route ? route(request) : new Response('Not found', { status: 404 })
  },
}
