import { describeSignEndpoint } from '@countersign/testing'
import request from 'supertest'
import { FORMATS } from '../src/formats'
import { APP, cookieOf, demoApp, PORTAL } from './demo-app'
import { SECRETS } from './running-demo'

const { app, portals, printed } = demoApp()

async function as(user: string): Promise<{ readonly Cookie: string }> {
  return { Cookie: await cookieOf(app, user) }
}

function payload(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.').at(-2)!, 'base64url').toString())
}

describe.each(FORMATS)('the sign endpoint of $id', ({ id }) => {
  describeSignEndpoint(app, {
    route: `/sign/${id}`,
    portal: portals[id],
    asUser: async () => ({ cookie: await cookieOf(app, 'ada') }),
    secret: SECRETS[id],
  })
})

describe('the app', () => {
  it.each([
    ['seggwat-hmac', `${PORTAL}/seggwat/p/lantern-hmac?token=TOKEN&embed=true`, 'sub_zoe'],
    ['seggwat-jwt', `${PORTAL}/seggwat/p/lantern-jwt?token=TOKEN&embed=true`, 'sub_zoe'],
    ['featkit', `${PORTAL}/featkit/p/lantern?token=TOKEN`, undefined],
  ])('signs a link to the board of %s', async (id, url, subscription) => {
    const { body } = await request(app)
      .post(`/sign/${id}`)
      .set(await as('zoe'))
      .expect(200)
    expect(body.url).toBe(url.replace('TOKEN', body.token))
    expect(payload(body.token)).toHaveProperty('name', 'Zoë Lindström')
    expect(payload(body.token)).toHaveProperty('email', 'zoe@lantern.example')
    expect((payload(body.token) as Record<string, unknown>)['subscription_id']).toBe(subscription)
  })

  it('signs a different survey link each time, without a name', async () => {
    const links = [1, 2].map(async () =>
      request(app)
        .post('/sign/harlyy')
        .set(await as('ada')),
    )
    const [first, second] = (await Promise.all(links)).map(({ body }) => payload(body.token))
    expect(Object.keys(first as object)).toEqual(['nonce', 'exp'])
    expect(first).not.toEqual(second)
  })

  it('refuses to sign for a page that was shown to another user', async () => {
    const shownTo = (id: string) => request(app).post('/sign/featkit').set('x-shown-to', id)
    const { body } = await shownTo('ada')
      .set(await as('zoe'))
      .expect(409)
    expect(body.title).toBe('You are now signed in as Zoë Lindström')
    await shownTo('ada')
      .set(await as(''))
      .expect(409, /You are now signed out/)
    await shownTo('zoe')
      .set(await as('zoe'))
      .expect(200)
    await shownTo('')
      .set(await as(''))
      .expect(401)
  })

  it('prints a line for each refusal', async () => {
    printed.splice(0)
    await request(app).post('/sign/featkit?token=secret').expect(401)
    expect(printed).toEqual([
      '  Refused  POST /sign/featkit?token=REDACTED\n' +
        '           answer 401 unauthenticated, for your log: unauthenticated: No user is signed in',
    ])
  })

  it.each([
    ['another origin', { Origin: PORTAL }],
    ['a sibling on the same site', { Origin: APP, 'Sec-Fetch-Site': 'same-site' }],
  ])('does not let a page of %s switch the user', async (_whose, headers) => {
    const sent = request(app).post('/session').set(headers).type('form').send({ user: 'mallory' })
    expect((await sent.expect(403)).headers).not.toHaveProperty('set-cookie')
  })

  it('lets its own page switch the user, and keeps the cookie from scripts', async () => {
    const { headers } = await request(app)
      .post('/session')
      .set({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
      .type('form')
      .send({ user: 'ada', format: 'harlyy' })
      .expect(303)
    expect(headers['location']).toBe('/harlyy')
    expect(headers['set-cookie']![0]).toMatch(
      /^lantern_app=[\w.-]+; Max-Age=28800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    )
  })

  it('signs in Ada on the first visit, and does not after signing out', async () => {
    const page = (cookie: string) => request(app).get('/').set('Cookie', cookie).expect(200)
    const first = await page('')
    expect(first.text).toMatch(/value="ada" aria-pressed="true"/)
    expect(first.text).toContain('<link rel="icon" href="/assets/lantern.svg"')
    const cookie = first.headers['set-cookie']![0]!.split(';')[0]!
    await request(app).post('/sign/featkit').set('Cookie', cookie).expect(200)
    const signedOut = await page(await cookieOf(app, ''))
    expect(signedOut.text).toMatch(/value="" aria-pressed="true"/)
    expect(signedOut.headers).not.toHaveProperty('set-cookie')
  })

  it('signs for POST alone', async () => {
    const { Cookie } = await as('ada')
    const get = request(app).get('/sign/featkit').set({ Cookie })
    await get.expect(404)
  })

  it('refuses to sign with a session cookie that it did not sign', async () => {
    const cookie = await cookieOf(app, 'ada')
    const forged = cookie.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
    await request(app).post('/sign/featkit').set('Cookie', forged).expect(401)
  })

  it('escapes a name that would break a careless page', async () => {
    const { text } = await request(app).get('/').expect(200)
    expect(text).toContain('>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</span')
    expect(text).not.toContain('<img src=x')
  })

  it('lets its page load, frame and post what it needs, and nothing else', async () => {
    const { headers } = await request(app).get('/').expect(200)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
        `connect-src 'self'; frame-src ${PORTAL}; frame-ancestors 'none'; ` +
        `form-action 'self' ${PORTAL}; base-uri 'none'`,
    )
  })

  it('answers an unknown address with a page of its own', async () => {
    const { text } = await request(app).get('/nothing').expect(404)
    expect(text).toContain('<h1>Page not found</h1>')
  })

  it('serves the documents as text', async () => {
    const { headers } = await request(app).get('/docs/errors.md').expect(200)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  })
})
