import { featkit } from '@countersign/fetch'
import { describePortal, describeSignEndpoint, testSecret } from '@countersign/testing'
import { macOf } from '../src/session'
import worker from '../src/worker'

jest.mock('cloudflare:workers', () => ({ env: process.env }), { virtual: true })

const SECRET = testSecret('featkit')
process.env['FEATKIT_SECRET'] = SECRET
process.env['SESSION_SECRET'] = 'The-secret-of-our-own-session-cookies'

const portal = featkit({ slug: 'lantern', secret: SECRET })
const cookieOf = (id: string) => `session=${id}.${macOf(id)}`

const whoami = ({ body }: { readonly body: unknown }) => (body as { id: unknown }).id
describePortal(worker, { route: '/portal', portal, whoami })

describeSignEndpoint(worker, {
  route: '/feedback',
  portal,
  method: 'GET',
  respond: 'redirect',
  signedOut: '/login',
  asUser: { cookie: cookieOf('7') },
  user: { id: '7', email: 'ada@example.com', name: 'Ada' },
  secret: SECRET,
})

it.each([
  ['a MAC of another length', 'session=7.00'],
  ['the MAC of another user', cookieOf('8').replace('8.', '7.')],
])('redirects to the login page for a session with %s', async (_, cookie) => {
  const request = new Request('https://lantern.example/feedback', { headers: { cookie } })
  const { status, headers } = await worker.fetch(request)
  expect([status, headers.get('location')]).toEqual([302, '/login'])
})

it('has no other route', async () => {
  expect((await worker.fetch(new Request('https://lantern.example/'))).status).toBe(404)
})
