import { describeSignEndpoint } from '@countersign/testing'
import request from 'supertest'
import { FORMATS } from '../src/formats'
import { APP, cookieOf, demoApp, PORTAL } from './demo-app'
import { SECRETS } from './running-demo'

const { app, portals, printed } = demoApp()

function payload(token: string): object {
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
  const signed = async (id: string, user: string, shownTo = user): Promise<request.Response> =>
    request(app)
      .post(`/sign/${id}`)
      .set({ Cookie: await cookieOf(app, user), 'x-shown-to': shownTo })

  it.each([
    ['seggwat-hmac', '/seggwat/p/lantern-hmac?token=TOKEN&embed=true', 'sub_zoe'],
    ['seggwat-jwt', '/seggwat/p/lantern-jwt?token=TOKEN&embed=true', 'sub_zoe'],
    ['featkit', '/featkit/p/lantern?token=TOKEN', undefined],
  ])('signs a link to the board of %s', async (id, path, subscription_id) => {
    const { body } = await signed(id, 'zoe')
    expect(body.url).toBe(PORTAL + path.replace('TOKEN', body.token))
    const claims = { name: 'Zoë Lindström', email: 'zoe@lantern.example' }
    expect(payload(body.token)).toMatchObject({
      ...claims,
      ...(subscription_id && { subscription_id }),
    })
  })

  it('signs a different survey link each time, without a name', async () => {
    const [first, second] = [await signed('harlyy', 'ada'), await signed('harlyy', 'ada')].map(
      ({ body }) => payload(body.token),
    )
    expect(Object.keys(first!)).toEqual(['nonce', 'exp'])
    expect(first).not.toEqual(second)
  })

  it.each([
    ['zoe', 'ada', 409, 'You are now signed in as Zoë Lindström'],
    ['', 'ada', 409, 'You are now signed out'],
    ['zoe', 'zoe', 200, undefined],
    ['', '', 401, 'No user is signed in'],
  ] as const)(
    'asked by "%s" to sign for a page shown to "%s", answers %i',
    async (user, shownTo, status, title) => {
      const answer = await signed('featkit', user, shownTo)
      expect([answer.status, answer.body.title]).toEqual([status, title])
    },
  )

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

  it('lets its own page switch the user', async () => {
    const { headers } = await request(app)
      .post('/session')
      .set({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })
      .type('form')
      .send({ user: 'ada', format: 'harlyy' })
      .expect(303)
    expect(headers['location']).toBe('/harlyy')
    expect(headers['set-cookie']![0]).toMatch(/^lantern_app=[\w.-]+; Max-Age=28800; Path=\/;/)
  })

  it('signs in Ada on the first visit, and does not after signing out', async () => {
    const first = await request(app).get('/').expect(200)
    expect(first.text).toMatch(/value="ada"\s+aria-pressed="true"/)
    const cookie = first.headers['set-cookie']![0]!.split(';')[0]!
    await request(app).post('/sign/featkit').set('Cookie', cookie).expect(200)
    const signedOut = await request(app)
      .get('/')
      .set('Cookie', await cookieOf(app, ''))
    expect(signedOut.text).toMatch(/value=""\s+aria-pressed="true"/)
    expect(signedOut.headers).not.toHaveProperty('set-cookie')
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
    expect(text).toContain('<link rel="icon" href="/assets/lantern.svg"')
  })

  it('serves the documents as text', async () => {
    const { headers } = await request(app).get('/docs/errors.md').expect(200)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  })
})
