import { createHmac } from 'node:crypto'
import { createSigner, getPortalUser, requireSignedUser } from '@countersign/express'
import { describePortal, signed, testSecret } from '@countersign/testing'
import express from 'express'
import request from 'supertest'
import { acme, type AcmeInput, type Plan } from '../src/acme'
import { createApp } from '../src/app'

const NOW = Date.UTC(2026, 0, 15, 12)
const SECONDS = NOW / 1000
const SECRET = testSecret('acme')
process.env['ACME_SECRET'] = SECRET

const now = () => NOW
const app = createApp({ now })
const portal = acme({ community: 'berlin', secret: SECRET })
const signer = createSigner(portal, { now })
const ada: AcmeInput = { id: 7, name: 'Ada', plan: 'team' }

describePortal(app, { route: '/c/berlin', portal, tenant: 'berlin', now, user: ada })

/** What a backend in another language makes. */
function handmade(claims: object): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${payload}.${createHmac('sha256', SECRET).update(payload).digest('hex')}`
}

const claims = { uid: '7', plan: 'free', at: SECONDS, until: SECONDS + 600, for: 'berlin' }
const visit = (u: string) => request(app).get('/c/berlin').query({ u })

describe('an acme link', () => {
  it('carries the user and the plan', async () => {
    const { url, expiresAt } = await signer.sign(ada)
    const { origin, pathname, search } = new URL(url)
    expect(origin + pathname).toBe('https://community.acme.example/c/berlin')
    expect(expiresAt).toBe(NOW + 600_000)
    await request(app)
      .get(pathname + search)
      .expect(200, { name: 'Ada', plan: 'team', rooms: ['lobby', 'support'] })
  })

  it('is what a backend in another language makes', async () => {
    const { token } = await signer.sign(ada)
    const same = {
      uid: '7',
      nick: 'Ada',
      plan: 'team',
      at: SECONDS,
      until: SECONDS + 600,
      for: 'berlin',
    }
    expect(token).toBe(handmade(same))
    await visit(handmade(claims)).expect(200, { name: null, plan: 'free', rooms: ['lobby'] })
  })

  it.each([
    ['claims_invalid', 'there is no such plan', { ...claims, plan: 'root' }],
    ['claims_invalid', 'the plan is missing', { ...claims, plan: undefined }],
    ['claims_invalid', 'the plan is an object', { ...claims, plan: { name: 'free' } }],
    ['claims_invalid', 'the nickname is too long', { ...claims, nick: 'x'.repeat(81) }],
    ['lifetime_exceeded', 'it lives too long', { ...claims, until: SECONDS + 3631 }],
  ])('is refused with %s where %s', async (code, _, wrong) => {
    const { body } = await visit(handmade(wrong)).expect(401)
    expect(body.code).toBe(code)
  })

  it('does not reach the access log', async () => {
    const log: string[] = []
    const logged = express().use((req, res, next) => {
      res.on('finish', () => log.push(req.originalUrl))
      next()
    }, app)
    const pending = request(logged).get('/c/berlin').query({ page: 2 })
    await signed(pending, portal, ada, { now }).expect(200)
    expect(log).toEqual(['/c/berlin?page=2'])
  })

  it('is not signed for a plan that does not exist', async () => {
    const user = { ...ada, plan: 'root' } as unknown as AcmeInput // what JavaScript would let through
    await expect(signer.sign(user)).rejects.toMatchObject({ code: 'user_invalid', status: 422 })
  })

  it('gives the handler the type of the plan', async () => {
    const typed = express().get('/', requireSignedUser(portal, { now }), (req, res) => {
      const plan: Plan = getPortalUser(req).plan
      // @ts-expect-error -- a Plan, not `any`
      const number: number = getPortalUser(req).plan
      res.json({ plan, number })
    })
    const { body } = await signed(request(typed).get('/'), portal, ada, { now }).expect(200)
    expect(body.plan).toBe('team')
  })
})
