import './environment'
import { describeSignEndpoint } from '@countersign/testing'
import jwt from 'jsonwebtoken'
import request, { type Response } from 'supertest'
import { app as expressApp } from '../src/express/app'
import { app as koaApp } from '../src/koa/app'
import { OPENS, portals, servePortals } from './portals'

const ada = {
  id: '7',
  email: 'ada@example.com',
  name: 'Ada Okafor',
  avatar: 'https://example.com/ada.png',
  subscriptionId: 'sub_ada',
}
const portalSites = servePortals()

function cookieOf(user: object, secret = process.env['SESSION_SECRET']!): string {
  return `theme=dark; session=${jwt.sign({ user }, secret, { expiresIn: '1h' })}`
}

/** Opens a signed link at our own stand-in for the portal. */
async function open(url: string): Promise<Response> {
  const { pathname, search } = new URL(url)
  return request(portalSites).post(pathname + search)
}

describe.each([
  ['Express', expressApp],
  ['Koa', koaApp.callback()],
])('with %s', (_, app) => {
  const sign = (path: string, user: object = ada) =>
    request(app).post(path).set('Cookie', cookieOf(user))

  it('sends a FeatKit user to the project, for four hours', async () => {
    const { headers } = await sign('/api/featkit/sign').expect(302)
    expect(headers['location']).toMatch(/^https:\/\/featkit\.com\/p\/lantern\?token=/)
    expect((await open(headers['location'] ?? '')).body).toMatchObject({
      user: { scheme: 'featkit', id: '7', email: 'ada@example.com', name: 'Ada Okafor' },
      lifetime: 4 * 3600,
    })
  })

  it('sends a SeggWat user to the iframe, with the subscription', async () => {
    const { body } = await sign('/api/seggwat/sign').expect(200)
    expect(body.url).toBe(`https://seggwat.com/p/lantern-key?token=${body.token}&embed=true`)
    expect((await open(body.url)).body).toMatchObject({
      user: { scheme: 'seggwat', id: '7', name: 'Ada Okafor', subscriptionId: 'sub_ada' },
      lifetime: 3600,
      expiresAt: body.expiresAt,
    })
  })

  it('makes a Harlyy link for one day that counts once and names nobody', async () => {
    const { headers } = await sign('/api/harlyy/sign').expect(302)
    const { location } = headers as { readonly location: string }
    expect(location).toMatch(/^https:\/\/survey\.harlyy\.com\/lantern-ltd\/after-sale\?sig=/)
    const first = await open(location)
    expect(first.body).toMatchObject({ user: { id: null, email: null } })
    expect(Math.round((first.body.expiresAt - Date.now()) / 3_600_000)).toBe(24)
    const second = await open(location)
    expect([second.status, second.body.code]).toEqual([401, 'token_replayed'])
  })

  it('makes another Harlyy link at each call', async () => {
    const links = [await sign('/api/harlyy/sign'), await sign('/api/harlyy/sign')]
    const answers = [
      await open(links[0]!.headers['location']!),
      await open(links[1]!.headers['location']!),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
  })

  it("answers what fdback's client posts", async () => {
    const { body } = await sign('/api/fdback/sign').expect(200)
    expect(body).toEqual({
      url: 'https://app.fdback.io/api/auth/sdk-login',
      headers: {
        'x-workspace-id': 'ws_lantern',
        'x-timestamp': expect.stringMatching(/^\d{13}$/),
        'x-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      body: '{"email":"ada@example.com","name":"Ada Okafor","avatar":"https://example.com/ada.png"}',
      expiresAt: Number(body.headers['x-timestamp']) + 300_000,
    })
    const login = await request(portalSites)
      .post('/api/auth/sdk-login')
      .set({ ...body.headers, 'content-type': 'application/json' })
      .send(body.body)
      .expect(200)
    expect(login.body.user).toMatchObject({ id: 'ada@example.com', avatar: ada.avatar })
  })

  it('posts a form to fdback from a tab of its own', async () => {
    const { text } = await sign('/api/fdback/open').expect(200)
    const inputs = [...text.matchAll(/name="([^"]*)" value="([^"]*)"/g)]
    const fields = inputs.map(([, name = '', value = '']) => [name, value] as [string, string])
    const form = new URLSearchParams(fields).toString()
    const login = request(portalSites).post('/api/auth/sdk-login').type('form')
    expect((await login.send(form).expect(200)).body.user).toMatchObject({ id: 'ada@example.com' })
  })

  it('has a page whose buttons open these portals in a new tab', async () => {
    const { text } = await request(app).get('/').expect(200)
    const forms = [
      ...text.matchAll(/<form method="post" action="([^"]*)" target="_blank" rel="noopener">/g),
    ]
    for (const [, action = ''] of forms) expect((await sign(action)).status).toBeLessThan(400)
    expect(forms).toHaveLength(3)
  })

  it('signs nobody for fdback who has no e-mail address', async () => {
    const { body } = await sign('/api/fdback/sign', { id: '7', name: 'Ada' }).expect(401)
    expect(body.code).toBe('unauthenticated')
  })

  const asUser = { cookie: cookieOf(ada) }
  describe.each(portals)('$sign', ({ sign: route, portal, secret, ...opens }) => {
    const { respond, signedOut } = opens as Partial<typeof OPENS>
    describeSignEndpoint(app, { route, portal, secret, asUser, user: ada, respond, signedOut })

    it('does not take a session that the app has not signed', async () => {
      const forged = cookieOf(ada, 'Not-the-secret-of-our-own-sessions-2026')
      const { status, headers, body } = await request(app).post(route).set('Cookie', forged)
      expect([status, headers['location'] ?? body.code]).toEqual(
        signedOut ? [302, signedOut] : [401, 'unauthenticated'],
      )
    })
  })
})
