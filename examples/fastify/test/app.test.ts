import type { AddressInfo } from 'node:net'
import { sign } from '@fastify/cookie'
import { seggwat } from '@countersign/fastify'
import { describePortal, describeSignEndpoint, testSecret } from '@countersign/testing'
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

const asUser = { cookie: `session=${encodeURIComponent(sign('7', SESSION_SECRET))}` }

const whoami = ({ body }: { readonly body: unknown }) => (body as { id: unknown }).id
describePortal(app, { route: '/portal', portal, now, whoami })

const redirect = { method: 'GET', respond: 'redirect', signedOut: '/login' } as const
const session = { asUser, user, secret: SECRET }
describeSignEndpoint(app, { route: '/feedback', portal, now, ...redirect, ...session })

describe('the app on a socket', () => {
  const get = async (path: string, headers = {}) => {
    const { port } = app.server.address() as AddressInfo // it listens
    return fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: 'manual' })
  }
  beforeAll(() => app.listen({ port: 0, host: '127.0.0.1' }))
  afterAll(() => app.close())

  it('redirects the user of the session, and the portal lets that user in', async () => {
    const signed = await get('/feedback', asUser)
    const { search } = new URL(signed.headers.get('location') ?? '')
    const response = await get(`/portal${search}`)
    const expiresAt = '2026-01-15T13:00:00.000Z'
    expect(await response.json()).toEqual({ id: '7', name: 'Ada', expiresAt })
  })

  it('redirects to the login page where another secret signed the session', async () => {
    const cookie = `session=${encodeURIComponent(sign('7', 'Not-the-secret-of-our-sessions'))}`
    const response = await get('/feedback', { cookie })
    expect([response.status, response.headers.get('location')]).toEqual([302, '/login'])
  })
})
