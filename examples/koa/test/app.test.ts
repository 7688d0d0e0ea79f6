import { createSigner, seggwat } from '@countersign/koa'
import jwt from 'jsonwebtoken'
import Koa from 'koa'
import request from 'supertest'
import { createApp } from '../src/app'

const NOW = Date.UTC(2026, 0, 15, 12)
const HOUR = 3_600_000
const SECRET = 'S1gning-secret-of-the-project-lantern-2026'
const SESSION_SECRET = 'The-secret-of-our-own-session-cookies-2026'

process.env['SEGGWAT_PROJECT_KEY'] = 'lantern'
process.env['SEGGWAT_SIGNING_SECRET'] = SECRET
process.env['SESSION_SECRET'] = SESSION_SECRET

const app = createApp({ now: () => NOW })
const server = app.callback()

const ada = { id: '7', email: 'ada@example.com', name: 'Ada' }
const cookieOfAda = cookie({ sub: '7', email: 'ada@example.com', name: 'Ada' })

function cookie(claims: object, secret = SESSION_SECRET): string {
  return `session=${jwt.sign(claims, secret)}`
}

async function tokenFor(
  user: typeof ada,
  { projectKey = 'lantern', secret = SECRET, at = NOW } = {},
) {
  const signer = createSigner(seggwat({ projectKey, secret }), { now: () => at })
  return (await signer.sign(user)).token
}

describe('the sign endpoint', () => {
  it('signs the user of the session, and the portal lets that user in', async () => {
    const { body, headers } = await request(server)
      .post('/api/portal/sign')
      .set('Cookie', cookieOfAda)
      .expect(200)
    expect(body).toEqual({
      url: `https://seggwat.com/p/lantern?token=${body.token}`,
      token: expect.any(String),
      expiresAt: NOW + HOUR,
    })
    expect(headers['cache-control']).toBe('no-store')
    await request(server)
      .get('/portal')
      .query({ token: body.token })
      .expect(200, { id: '7', name: 'Ada', expiresAt: '2026-01-15T13:00:00.000Z' })
  })

  it('signs nobody whom the request merely names', async () => {
    const { body } = await request(server)
      .post('/api/portal/sign?sub=1&id=1')
      .set('Cookie', cookieOfAda)
      .send({ id: '1', sub: '1', email: 'root@example.com' })
      .expect(200)
    const portal = await request(server).get('/portal').query({ token: body.token }).expect(200)
    expect(portal.body.id).toBe('7')
  })

  it.each([
    ['there is no session', undefined],
    [
      'another secret signed the session',
      cookie({ sub: '7' }, 'Not-the-secret-of-our-own-sessions-2026'),
    ],
    ['the session is over', cookie({ sub: '7', exp: 1 })],
    ['the session names nobody', cookie({ name: 'Ada' })],
  ])('answers 401 where %s', async (_, sent) => {
    const call = request(server).post('/api/portal/sign')
    const { body } = await (sent ? call.set('Cookie', sent) : call).expect(401)
    expect(body.code).toBe('unauthenticated')
  })

  it('answers 403 to a page of another site', async () => {
    const { body } = await request(server)
      .post('/api/portal/sign')
      .set('Cookie', cookieOfAda)
      .set('Sec-Fetch-Site', 'cross-site')
      .expect(403)
    expect(body.code).toBe('csrf_rejected')
  })
})

describe('the portal', () => {
  it('lets a signed user in, and lets no cache keep the answer', async () => {
    const token = await tokenFor(ada)
    const { body, headers } = await request(server).get('/portal').query({ token }).expect(200)
    expect(body).toMatchObject({ id: '7', name: 'Ada' })
    expect(headers['cache-control']).toBe('private, no-store')
    expect(headers['referrer-policy']).toBe('no-referrer')
  })

  it('answers 401 to a stranger', async () => {
    const { body } = await request(server).get('/portal').expect(401)
    expect(body.code).toBe('credential_missing')
  })

  it.each([
    [
      'invalid_token',
      'another secret signed',
      { secret: 'Not-the-secret-of-the-project-lantern-2026' },
    ],
    ['token_expired', 'an hour has passed', { at: NOW - HOUR }],
    ['token_not_yet_valid', 'it comes from the future', { at: NOW + 60_000 }],
    ['audience_mismatch', 'it was signed for another project', { projectKey: 'torch' }],
  ])('answers 401 %s where %s', async (code, _, difference) => {
    const token = await tokenFor(ada, difference)
    const { body } = await request(server).get('/portal').query({ token }).expect(401)
    expect(body.code).toBe(code)
  })

  it('keeps the token out of the access log', async () => {
    const log: string[] = []
    const logged = new Koa().use(async (ctx, next) => {
      await next()
      log.push(ctx.originalUrl)
    })
    for (const middleware of app.middleware) logged.use(middleware)
    const token = await tokenFor(ada)
    await request(logged.callback()).get('/portal').query({ token, page: 2 }).expect(200)
    expect(log).toEqual(['/portal?page=2'])
  })
})

describe('the app', () => {
  afterEach(() => jest.restoreAllMocks())

  it.each([
    ['SESSION_SECRET', 'SESSION_SECRET is not set'],
    ['SEGGWAT_SIGNING_SECRET', 'secret is missing'],
    ['SEGGWAT_PROJECT_KEY', 'needs "projectKey"'],
  ])('does not start without %s', (name, message) => {
    jest.replaceProperty(process, 'env', { ...process.env, [name]: undefined })
    expect(() => createApp()).toThrow(message)
  })
})
