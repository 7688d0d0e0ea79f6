import { seggwat } from '@countersign/hono'
import { describePortal, describeSignEndpoint, testSecret } from '@countersign/testing'
import { generateSignedCookie } from 'hono/cookie'
import { createApp } from '../src/app'

const NOW = Date.UTC(2026, 0, 15, 12)
const SECRET = testSecret('seggwat')
const SESSION_SECRET = 'The-secret-of-our-own-session-cookies-2026'

process.env['SEGGWAT_PROJECT_KEY'] = 'lantern'
process.env['SEGGWAT_SIGNING_SECRET'] = SECRET
process.env['SESSION_SECRET'] = SESSION_SECRET

const now = () => NOW
const app = createApp({ now })
const portal = seggwat({ projectKey: 'lantern', secret: SECRET })
const user = { id: '7', email: 'ada@example.com', name: 'Ada' }

async function asUser(secret = SESSION_SECRET) {
  const cookie = await generateSignedCookie('session', '7', secret)
  return { cookie: cookie.split(';', 1)[0] ?? '' }
}

const whoami = ({ body }: { readonly body: unknown }) => (body as { id: unknown }).id
describePortal(app, { route: '/portal', portal, now, whoami })

const redirect = { method: 'GET', respond: 'redirect', signedOut: '/login' } as const
const session = { asUser: () => asUser(), user, secret: SECRET }
describeSignEndpoint(app, { route: '/feedback', portal, now, ...redirect, ...session })

it('redirects the user of the session, and the portal lets that user in', async () => {
  const signed = await app.request('/feedback', { headers: await asUser() })
  const { search } = new URL(signed.headers.get('location') ?? '')
  const response = await app.request(`/portal${search}`)
  expect(await response.json()).toEqual({
    id: '7',
    name: 'Ada',
    expiresAt: '2026-01-15T13:00:00.000Z',
  })
})

it('redirects to the login page where another secret signed the session', async () => {
  const forged = await asUser('Not-the-secret-of-our-own-sessions-2026')
  const response = await app.request('/feedback', { headers: forged })
  expect([response.status, response.headers.get('location')]).toEqual([302, '/login'])
})
