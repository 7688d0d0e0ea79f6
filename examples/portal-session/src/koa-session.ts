import Koa from 'koa'
import { createSession } from 'koa-session'
import { exchangeSignedUser } from '@countersign/koa'
import { portal, sessionSecret } from './portal'

/** Replace this with Redis or another store. Without a store, the cookie is the session. */
const sessions = new Map<string, object>()
const store = {
  get: async (key: string) => sessions.get(key),
  set: async (key: string, value: object) => void sessions.set(key, value),
  destroy: async (key: string) => void sessions.delete(key),
}
const cookie = { httpOnly: true, sameSite: 'lax' } as const

export const app: Koa = new Koa()
app.keys = [sessionSecret]
app.use(createSession({ key: 'session', store, ...cookie }, app))
app.use(
  exchangeSignedUser(portal, {
    cookie,
    current: (ctx) => ctx['session']?.visitor,
    /** `regenerate` makes a new id but keeps the content of the session, so replace that as well. */
    async establish(user, ctx, { link, previous }) {
      await ctx['session'].regenerate()
      const notice = previous ? `You were ${previous.id} before.` : undefined
      ctx['session'] = { visitor: { id: user.id, link, notice } }
    },
  }),
)
app.use((ctx) => {
  if (ctx.method === 'POST') ctx['session'].draft = 'an idea'
  ctx.body = JSON.stringify(ctx['session']?.visitor ?? null)
})
