import { seggwat } from '@countersign/koa'
import { describePortal, describeSignEndpoint, signed, testSecret } from '@countersign/testing'
import jwt from 'jsonwebtoken'
import Koa from 'koa'
import request from 'supertest'
import { createApp } from '../src/app'

const NOW = Date.UTC(2026, 0, 15, 12)
const HOUR = 3_600_000
const SECRET = testSecret('seggwat')
const SESSION_SECRET = 'The-secret-of-our-own-session-cookies-2026'

process.env['SEGGWAT_PROJECT_KEY'] = 'lantern'
process.env['SEGGWAT_SIGNING_SECRET'] = SECRET
process.env['SESSION_SECRET'] = SESSION_SECRET

const now = () => NOW
const app = createApp({ now })
const server = app.callback()
const portal = seggwat({ projectKey: 'lantern', secret: SECRET })
const ada = { id: '7', email: 'ada@example.com', name: 'Ada' }
const cookieOfAda = cookie({ sub: '7', email: 'ada@example.com', name: 'Ada' })

function cookie(claims: object, secret = SESSION_SECRET): string {
  return `session=${jwt.sign(claims, secret)}`
}

const whoami = ({ body }: { readonly body: unknown }) => (body as { id: unknown }).id
describePortal(server, { route: '/portal', portal, now, whoami })

const asUser = { cookie: cookieOfAda }
const endpoint = { route: '/api/portal/sign', portal, now, asUser, user: ada, secret: SECRET }
describeSignEndpoint(server, endpoint)

describe('the sign endpoint', () => {
  it('signs the user of the session for an hour, and the portal lets that user in', async () => {
    const { body } = await request(server).post('/api/portal/sign').set(asUser).expect(200)
    expect(body).toEqual({
      url: `https://seggwat.com/p/lantern?token=${body.token}`,
      token: expect.any(String),
      expiresAt: NOW + HOUR,
    })
    await request(server)
      .get('/portal')
      .query({ token: body.token })
      .expect(200, { id: '7', name: 'Ada', expiresAt: '2026-01-15T13:00:00.000Z' })
  })

  it.each([
    [
      'another secret signed the session',
      cookie({ sub: '7' }, 'Not-the-secret-of-our-own-sessions-2026'),
    ],
    ['the session is over', cookie({ sub: '7', exp: 1 })],
    ['the session names nobody', cookie({ name: 'Ada' })],
  ])('answers 401 where %s', async (_, sent) => {
    const { body } = await request(server).post('/api/portal/sign').set('Cookie', sent).expect(401)
    expect(body.code).toBe('unauthenticated')
  })
})

describe('the portal', () => {
  it('keeps the token out of the access log', async () => {
    const log: string[] = []
    const logged = new Koa().use(async (ctx, next) => {
      await next()
      log.push(ctx.originalUrl)
    })
    for (const middleware of app.middleware) logged.use(middleware)
    const pending = request(logged.callback()).get('/portal').query({ page: 2 })
    await signed(pending, portal, ada, { now }).expect(200)
    expect(log).toEqual(['/portal?page=2'])
  })
})

describe('the app', () => {
  afterEach(() => jest.restoreAllMocks())

  it.each([
    ['SESSION_SECRET', 'SESSION_SECRET is not set'],
    ['SEGGWAT_SIGNING_SECRET', 'secret of seggwat() is missing'],
    ['SEGGWAT_PROJECT_KEY', 'needs "projectKey"'],
  ])('does not start without %s', (name, message) => {
    jest.replaceProperty(process, 'env', { ...process.env, [name]: undefined })
    expect(() => createApp()).toThrow(message)
  })
})
