import request from 'supertest'
import { createApp } from '../src/app/site'
import { createPortals } from '../src/portals'
import { SECRETS } from './running-demo'

const APP = 'http://app.example'
const PORTAL = 'http://portal.example'
const DOORS = ['featkit', 'seggwat-hmac', 'seggwat-jwt', 'harlyy', 'fdback']

const app = createApp({
  portals: createPortals(SECRETS, PORTAL),
  appOrigin: APP,
  portalOrigin: PORTAL,
  sessionSecret: SECRETS.appSession,
})

async function cookieOf(user: string): Promise<string> {
  const { headers } = await request(app).post('/session').type('form').send({ user })
  return headers['set-cookie']![0]!.split(';')[0]!
}

function payload(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.').at(-2)!, 'base64url').toString())
}

describe('the app', () => {
  it.each(DOORS)('signs nobody for %s while nobody is signed in', async (door) => {
    const { body } = await request(app).post(`/sign/${door}`).expect(401)
    expect(body).toMatchObject({ code: 'unauthenticated' })
  })

  it('signs the user of its own session, whoever the request names', async () => {
    const { body } = await request(app)
      .post('/sign/featkit?user=mallory')
      .set('Cookie', await cookieOf('ada'))
      .send({ user: 'mallory', id: 'mallory', user_id: 'mallory' })
      .expect(200)
    expect(payload(body.token)).toMatchObject({ user_id: 'ada', name: 'Ada Okafor' })
  })

  it('sends FeatKit users to the board with a token', async () => {
    const { body } = await request(app)
      .post('/sign/featkit')
      .set('Cookie', await cookieOf('ada'))
      .expect(200)
    expect(body.url).toBe(`${PORTAL}/featkit/p/lantern?token=${body.token}`)
  })

  it.each(['hmac', 'jwt'])('asks SeggWat for the embedded board with a %s token', async (mode) => {
    const { body } = await request(app)
      .post(`/sign/seggwat-${mode}`)
      .set('Cookie', await cookieOf('zoe'))
      .expect(200)
    expect(body.url).toBe(`${PORTAL}/seggwat/p/lantern-${mode}?token=${body.token}&embed=true`)
    expect(payload(body.token)).toMatchObject({ sub: 'zoe', subscription_id: 'sub_zoe' })
  })

  it('makes another survey link each time, and puts no name into it', async () => {
    const cookie = await cookieOf('ada')
    const links = [1, 2].map(() => request(app).post('/sign/harlyy').set('Cookie', cookie))
    const [first, second] = (await Promise.all(links)).map(({ body }) => payload(body.token))
    expect(Object.keys(first as object)).toEqual(['nonce', 'exp'])
    expect(first).not.toEqual(second)
  })

  it('signs a body and its headers for fdback', async () => {
    const { body } = await request(app)
      .post('/sign/fdback')
      .set('Cookie', await cookieOf('ada'))
      .expect(200)
    expect(Object.keys(body)).toEqual(['url', 'headers', 'body', 'expiresAt'])
    expect(JSON.parse(body.body)).toEqual({
      email: 'ada@lantern.example',
      name: 'Ada Okafor',
      avatar: `${APP}/assets/avatars/ada.svg`,
    })
  })

  it('refuses to sign for the page of another site', async () => {
    const { body } = await request(app)
      .post('/sign/featkit')
      .set('Cookie', await cookieOf('ada'))
      .set('Sec-Fetch-Site', 'cross-site')
      .expect(403)
    expect(body).toMatchObject({ code: 'csrf_rejected' })
  })

  it.each([
    ['another origin', { Origin: PORTAL }],
    ['a sibling on the same site', { Origin: APP, 'Sec-Fetch-Site': 'same-site' }],
  ])('lets no page of %s switch the user', async (_whose, headers) => {
    const answer = await request(app)
      .post('/session')
      .set(headers)
      .type('form')
      .send({ user: 'mallory' })
      .expect(403)
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })

  it('lets its own page switch the user, and keeps the cookie from scripts', async () => {
    const answer = await request(app)
      .post('/session')
      .set({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
      .type('form')
      .send({ user: 'ada' })
      .expect(303)
    expect(answer.headers['set-cookie']![0]).toMatch(
      /^lantern_app=[\w.-]+; Max-Age=28800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    )
  })

  it('signs out whoever chooses nobody', async () => {
    const answer = await request(app).post('/session').type('form').send({ user: '' }).expect(303)
    expect(answer.headers['set-cookie']![0]).toMatch(/^lantern_app=; Path=\/; Expires=Thu, 01 Jan/)
  })

  it('takes a session cookie that it did not sign for none', async () => {
    const cookie = await cookieOf('ada')
    const forged = cookie.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
    await request(app).post('/sign/featkit').set('Cookie', forged).expect(401)
  })

  it('greets the user by a name that would break a careless page', async () => {
    const { text } = await request(app)
      .get('/')
      .set('Host', 'app.example')
      .set('Cookie', await cookieOf('mallory'))
      .expect(200)
    expect(text).toContain('<bdi>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</bdi>')
    expect(text).not.toContain('<img src=x')
  })

  it('lets its page load and frame what it needs, and nothing else', async () => {
    const { headers } = await request(app).get('/').set('Host', 'app.example').expect(200)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
        `connect-src 'self' ${PORTAL}; frame-src ${PORTAL}; frame-ancestors 'none'; ` +
        "form-action 'self'; base-uri 'none'",
    )
  })

  it('sends whoever typed localhost to its one address', async () => {
    const { headers } = await request(app).get('/?a=b').set('Host', 'localhost:4100').expect(307)
    expect(headers['location']).toBe(`${APP}/?a=b`)
  })
})
