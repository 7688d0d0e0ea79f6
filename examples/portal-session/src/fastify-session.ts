import cookies from '@fastify/cookie'
import session from '@fastify/session'
import fastify, { type FastifyInstance } from 'fastify'
import { exchangeSignedUser } from '@countersign/fastify'
import { portal, sessionSecret, type Visitor } from './portal'

declare module 'fastify' {
  interface Session {
    visitor?: Visitor
    draft?: string
  }
}

const cookie = { httpOnly: true, secure: 'auto', sameSite: 'lax' } as const

export const app: FastifyInstance = fastify()
void app.register(cookies)
void app.register(session, { secret: sessionSecret, cookie, saveUninitialized: false })
void app.route({
  method: ['GET', 'POST'],
  url: '/p/acme',
  onRequest: exchangeSignedUser(portal, {
    cookie,
    current: (request) => request.session.visitor,
    /** `regenerate` gives the session a new id and deletes its content. */
    async establish(user, request, { link, previous }) {
      await request.session.regenerate()
      const notice = previous ? `You were ${previous.id} before.` : undefined
      request.session.visitor = { id: user.id, link, notice }
    },
  }),
  async handler(request) {
    if (request.method === 'POST') request.session.draft = 'an idea'
    return JSON.stringify(request.session.visitor ?? null)
  },
})
