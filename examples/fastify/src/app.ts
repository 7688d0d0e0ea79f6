import cookies from '@fastify/cookie'
import { getPortalUser, seggwat, signedUsers, signEndpoint } from '@countersign/fastify'
import { fastify, type FastifyInstance } from 'fastify'
import { sessionUser } from './session'

export interface AppOptions {
  /** The clock, for tests: milliseconds since the epoch. */
  readonly now?: () => number
}

export function createApp({ now }: AppOptions = {}): FastifyInstance {
  const secret = process.env['SESSION_SECRET']
  if (!secret) throw new Error('SESSION_SECRET is not set')
  const portal = seggwat({
    projectKey: process.env['SEGGWAT_PROJECT_KEY'],
    secret: process.env['SEGGWAT_SIGNING_SECRET'],
  })
  const app = fastify().register(cookies, { secret })

  // The app's side: its own page links here.
  const redirect = { respond: 'redirect', signedOut: '/login' } as const
  const endpoint = signEndpoint(portal, { user: sessionUser, ...redirect, now })
  app.register(endpoint, { prefix: '/feedback' })

  // The portal's side: the guard protects the routes of this plugin.
  app.register(async (board) => {
    board.register(signedUsers, { portal, now })
    board.get('/portal', async (request) => {
      const { id, name } = getPortalUser(request)
      return { id, name, expiresAt: request.portalAuth?.expiresAt }
    })
  })
  return app
}

if (require.main === module) void createApp().listen({ port: Number(process.env['PORT'] ?? 3000) })
