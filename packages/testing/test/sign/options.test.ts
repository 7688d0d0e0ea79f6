import { featkit, fdback, seggwat } from '@countersign/schemes'
import { signEndpoint } from '@countersign/express'
import { signEndpointCases } from '@countersign/testing'
import express, { type Express, type RequestHandler } from 'express'
import request from 'supertest'
import { FRAMEWORKS, served } from '../support/apps'
import { failingIds } from '../support/failing'
import { now, secret } from '../support/mint-portals'
import { COOKIE, signing, whoseSession } from '../support/sign-apps'

const user = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' }
const portal = featkit({ secret, slug: 'acme' })
const base = { asUser: { cookie: COOKIE }, user, now, secret }
const app = (): Express => express().set('env', 'test')
const endpoint = (options: object = {}): RequestHandler =>
  signEndpoint(portal, { now, user: (req) => whoseSession(req, user), ...options })

describe.each(FRAMEWORKS)('a sign endpoint of %s', (framework) => {
  it('that sends browsers on passes with `respond: "redirect"`', async () => {
    const open = signing(framework, portal, { user, respond: 'redirect' })
    const cases = signEndpointCases(portal, '/sign', { ...base, respond: 'redirect' })
    expect(await failingIds(cases, open)).toEqual([])
  })

  it('for a frontend of another origin passes with `allowedOrigins`', async () => {
    const allowedOrigins = ['https://app.example.com']
    const open = signing(framework, portal, { user, allowedOrigins })
    const cases = signEndpointCases(portal, '/sign', { ...base, allowedOrigins })
    expect(await failingIds(cases, open)).toEqual([])
    expect(cases.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['allowed-origin', 'look-alike-origin']),
    )
  })
})

describe('a sign endpoint', () => {
  it('that is mounted for one method passes with it', async () => {
    const get = app().get('/sign', endpoint())
    expect(
      await failingIds(signEndpointCases(portal, '/sign', { ...base, method: 'GET' }), get),
    ).toEqual([])
    const post = app().post('/sign', endpoint())
    expect(await failingIds(signEndpointCases(portal, '/sign', base), post)).toEqual([])
  })

  it('behind parsers passes', async () => {
    const parsers = [express.json(), express.urlencoded({ extended: true }), express.text()]
    const open = app().use(parsers).post('/sign', endpoint())
    expect(await failingIds(signEndpointCases(portal, '/sign', base), open)).toEqual([])
  })

  it('passes with a session that a function makes, each time anew', async () => {
    const sessions = new Set<string>()
    const open = app().post(
      '/sign',
      endpoint({
        user: (req: express.Request) => (sessions.has(req.get('x-session') ?? '') ? user : null),
      }),
    )
    const cases = signEndpointCases(portal, '/sign', {
      ...base,
      async asUser(asked) {
        const session = `s${sessions.size}`
        sessions.add(session)
        return { ...asked, headers: [...asked.headers, ['X-Session', session]] }
      },
    })
    expect(await failingIds(cases, open)).toEqual([])
    expect(sessions.size).toBeGreaterThan(20)
  })

  it('passes without anybody saying who is signed in', async () => {
    const { user: _, ...unknown } = base
    const cases = signEndpointCases(portal, '/sign', unknown)
    expect(await failingIds(cases, app().post('/sign', endpoint()))).toEqual([])
  })

  it('of a tenant passes with `tenant`', async () => {
    const signer = seggwat({ secret, projectKey: 't1' })
    const many = seggwat({ secret: ({ tenant }) => (tenant === 't1' ? secret : null) })
    const open = app().post(
      '/sign',
      signEndpoint(signer, { now, user: (req) => whoseSession(req, user) }),
    )
    const cases = signEndpointCases(many, '/sign', { ...base, tenant: 't1' })
    expect(await failingIds(cases, open)).toEqual([])
  })

  it('passes through a base URL, and through supertest', async () => {
    const cases = signEndpointCases(portal, '/sign', base)
    const open = app().use('/api', app().post('/sign', endpoint()))
    await served(open, async (port) => {
      expect(await failingIds(cases, `http://127.0.0.1:${port}/api`)).toEqual([])
    })
    expect(await failingIds(cases, request(app().post('/sign', endpoint())))).toEqual([])
  })

  it('for fdback is POST only', async () => {
    const messages = fdback({ secret, workspaceId: 'ws_demo' })
    const open = app().all(
      '/sign',
      (req, _res, next) => {
        if (req.method === 'GET') req.method = 'POST'
        next()
      },
      signEndpoint(messages, { now, user: (req) => whoseSession(req, user) }),
    )
    const cases = signEndpointCases(messages, '/sign', base)
    expect(await failingIds(cases, open)).toEqual(['other-methods'])
  })
})
