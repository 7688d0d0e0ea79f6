import { seggwat } from '@countersign/express'
import { signedLink, testSecret } from '@countersign/testing'
import jwt from 'jsonwebtoken'
import request, { type Response } from 'supertest'
import { createApp as createExpressApp } from '../src/express'
import { createApp as createKoaApp } from '../src/koa'

const SECRET = testSecret('seggwat')
const SESSION_SECRET = 'The-secret-of-our-own-session-cookies-2026'
const VISITS = 60
const SIGNINGS = 10

process.env['SEGGWAT_PROJECT_KEY'] = 'lantern'
process.env['SEGGWAT_SIGNING_SECRET'] = SECRET
process.env['SESSION_SECRET'] = SESSION_SECRET

function cookieOf(id: string, secret = SESSION_SECRET): string {
  return `session=${jwt.sign({ sub: id }, secret)}`
}

const portal = seggwat({ projectKey: 'lantern', secret: SECRET })
const linkFor = (id: string) => signedLink(portal, { id }, { path: '/portal' })
const FORGED = '/portal?token=forged'

async function times(count: number, call: () => PromiseLike<Response>): Promise<number[]> {
  const statuses = []
  for (let index = 0; index < count; index++) statuses.push((await call()).status)
  return statuses
}

describe.each([
  ['express-rate-limit', () => createExpressApp()],
  ['koa-ratelimit', () => createKoaApp().callback()],
])('with %s', (_, createApp) => {
  let app: ReturnType<typeof createApp>

  function start({ trustedProxies = 0 } = {}): void {
    process.env['TRUSTED_PROXIES'] = String(trustedProxies)
    app = createApp()
  }

  describe('the portal', () => {
    const visit = (link: string, address = '203.0.113.7') =>
      request(app).get(link).set('X-Forwarded-For', address)

    it('is open sixty times a minute to one address', async () => {
      start({ trustedProxies: 1 })
      const link = await linkFor('7')
      expect(new Set(await times(VISITS, () => visit(link)))).toEqual(new Set([200]))
      const { headers } = await visit(link).expect(429)
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
    })

    it('counts what the guard refuses, too', async () => {
      start({ trustedProxies: 1 })
      expect(new Set(await times(VISITS, () => visit(FORGED)))).toEqual(new Set([401]))
      await visit(await linkFor('7')).expect(429)
    })

    it('is open to another address meanwhile', async () => {
      start({ trustedProxies: 1 })
      const link = await linkFor('7')
      await times(VISITS + 1, () => visit(link))
      await visit(link, '203.0.113.8').expect(200)
    })

    it('does not let a client make up its address', async () => {
      start({ trustedProxies: 1 })
      const link = await linkFor('7')
      await times(VISITS, () => visit(link))
      await visit(link, '198.51.100.1, 203.0.113.7').expect(429)
    })

    it('believes no header where there is no proxy', async () => {
      start()
      let last = 0
      const statuses = await times(VISITS + 1, () => visit(FORGED, `203.0.113.${++last}`))
      expect(statuses.at(-1)).toBe(429)
    })
  })

  describe('the sign endpoint', () => {
    beforeEach(() => start())

    const sign = (cookie: string) => request(app).post('/api/portal/sign').set('Cookie', cookie)

    it('signs a user ten times a minute', async () => {
      const statuses = await times(SIGNINGS, () => sign(cookieOf('7')))
      expect(new Set(statuses)).toEqual(new Set([200]))
      const { headers, text } = await sign(cookieOf('7')).expect(429)
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
      expect(text).not.toContain('token=')
    })

    it('signs another user of the same address meanwhile', async () => {
      await times(SIGNINGS + 1, () => sign(cookieOf('7')))
      await sign(cookieOf('8')).expect(200)
    })

    it('counts strangers by their address', async () => {
      expect(new Set(await times(SIGNINGS, () => sign('')))).toEqual(new Set([401]))
      await sign('').expect(429)
    })

    it('does not let a stranger use up what a user has', async () => {
      const forged = cookieOf('7', 'Not-the-secret-of-our-own-sessions-2026')
      await times(SIGNINGS + 1, () => sign(forged))
      await sign(cookieOf('7')).expect(200)
    })
  })
})
