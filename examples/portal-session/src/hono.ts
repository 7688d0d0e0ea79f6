import { randomUUID } from 'node:crypto'
import { exchangeSignedUser } from '@countersign/hono'
import { Hono, type Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { portal, type Visitor } from './portal'

/** Replace this with your own store of sessions. */
const sessions = new Map<string, Visitor | null>()
const cookie = { httpOnly: true, sameSite: 'lax', path: '/' } as const

function begin(c: Context, visitor: Visitor | null): void {
  sessions.delete(getCookie(c, 'session') ?? '')
  const id = randomUUID()
  sessions.set(id, visitor)
  setCookie(c, 'session', id, cookie)
}

function visitorOf(c: Context): Visitor | null {
  return sessions.get(getCookie(c, 'session') ?? '') ?? null
}

export const app: Hono = new Hono()
app.use(
  '/p/acme',
  exchangeSignedUser(portal, {
    cookie,
    current: visitorOf,
    establish(user, c, { link, previous }) {
      const notice = previous ? `You were ${previous.id} before.` : undefined
      begin(c, { id: user.id, link, notice })
    },
  }),
)
app.get('/p/acme', (c) => c.json(visitorOf(c)))
app.post('/p/acme', (c) => {
  begin(c, null)
  return c.json(null)
})
