import { seggwat } from '@countersign/core/schemes'
import {
  signEndpointCases,
  type Session,
  type SignEndpointCaseOptions,
  type WireHeader,
  type WireRequest,
} from '@countersign/testing'
import express, { type Request, type RequestHandler } from 'express'
import request from 'supertest'
import { app5, COOKIE, served, signing } from '../support/apps'
import { expectPass, findingsOf } from '../support/findings'
import { NAMES, now, sample, secret } from '../support/samples'
import { ada as user, asUser, endpoint, portal } from '../zoo/endpoints'

const base: SignEndpointCaseOptions = { asUser, user, now, secret }
const cases = (options: Partial<SignEndpointCaseOptions> = {}) =>
  signEndpointCases(portal, '/sign', { ...base, ...options })

describe.each(['Express 5', 'Koa 3'] as const)('a sign endpoint of %s passes', (framework) => {
  it.each(framework === 'Express 5' ? NAMES : (['FeatKit', 'fdback'] as const))(
    'for %s',
    async (name) => {
      const { portal: own } = sample(name)
      await expectPass(signEndpointCases(own, '/sign', base), signing(framework, own, { user }))
    },
  )

  it.each([{ respond: 'redirect' }, { allowedOrigins: ['https://app.example.com'] }] as const)(
    'with %j',
    (options) => expectPass(cases(options), signing(framework, portal, { user, ...options })),
  )
})

describe('a sign endpoint passes', () => {
  it('mounted for one method, behind parsers, by a base URL and by supertest', async () => {
    await expectPass(cases({ method: 'GET' }), app5().get('/sign', endpoint()))
    const parsers = [express.json(), express.urlencoded({ extended: true }), express.text()]
    const app = app5().use(parsers).post('/sign', endpoint())
    await expectPass(cases(), request(app))
    await served(app5().use('/api', app), (port) =>
      expectPass(cases(), `http://127.0.0.1:${port}/api`),
    )
  })

  it('with `signedOut`, which redirects visitors to a login', async () => {
    const options = { respond: 'redirect', signedOut: '/login' } as const
    await expectPass(cases({ ...options, method: 'GET' }), app5().get('/sign', endpoint(options)))
  })

  it('behind a CSRF protection that needs a session, by `acceptRefusal`', async () => {
    const protect: RequestHandler = (req, res, next) =>
      req.get('x-csrf') === 't1' && req.headers.cookie ? next() : void res.sendStatus(403)
    const app = app5().post('/sign', protect, endpoint())
    const headers = { 'x-csrf': 't1' }
    await expectPass(cases({ headers, acceptRefusal: ({ status }) => status === 403 }), app)
    expect(Object.keys(await findingsOf(cases({ headers }), app))).toContain('signed-out')
  })

  it('where an error page names a path that begins like a test secret', async () => {
    const app = app5().post('/sign', endpoint())
    const page = 'at /srv/countersign-test-secret-store/app.js'
    await expectPass(
      cases(),
      app.use((_req, res) => void res.status(404).send(page)),
    )
  })

  it('without `user`, and for a tenant', async () => {
    const { user: _, ...unknown } = base
    await expectPass(signEndpointCases(portal, '/sign', unknown), app5().post('/sign', endpoint()))
    const many = seggwat({ secret: ({ tenant }) => (tenant === 't1' ? secret : null) })
    const app = app5().post('/sign', endpoint({}, seggwat({ secret, projectKey: 't1' })))
    await expectPass(signEndpointCases(many, '/sign', { ...base, tenant: 't1' }), app)
  })
})

/** In all the shapes that people write. */
const sessions: Readonly<Record<string, Session>> = {
  'headers with a list': { cookie: ['theme=dark', COOKIE] },
  'pairs of headers': [['Cookie', COOKIE]],
  'the Headers of fetch': new Headers({ cookie: COOKIE }),
  'a function that returns headers': () => ({ cookie: COOKIE }),
  'an async function that returns headers': async () => new Headers({ cookie: COOKIE }),
  'a function that adds a header to the request': (sent) => ({
    ...sent,
    headers: [...sent.headers, ['cookie', COOKIE]],
  }),
  'a function that changes the request it is given': (sent) => {
    const headers = sent.headers as WireHeader[] // it is readonly by its type alone
    headers.push(['cookie', COOKIE])
    return sent
  },
  'a function that replaces the headers of the request': (sent) => ({
    ...sent,
    headers: { cookie: COOKIE },
  }),
  'a function that returns only the headers of a request': () => ({ headers: { cookie: COOKIE } }),
}

describe('`asUser` takes', () => {
  it.each(Object.entries(sessions))('%s', async (_, asUser) => {
    const signing = cases({ asUser }).filter(({ id }) => /^(?:signed-in|named)$/.test(id))
    expect(await findingsOf(signing, app5().post('/sign', endpoint()))).toEqual({})
  })

  it('a function that signs in anew for each request', async () => {
    const known = new Set<string>()
    const asUser = async (sent: WireRequest) => {
      const session = `s${known.size}`
      known.add(session)
      return { ...sent, headers: [...sent.headers, ['X-Session', session] as const] }
    }
    const who = (req: Request) => (known.has(req.get('x-session') ?? '') ? user : null)
    await expectPass(cases({ asUser }), app5().post('/sign', endpoint({ user: who })))
    expect(known.size).toBeGreaterThan(20)
  })

  it('no function that returns nothing', async () => {
    const [first] = cases({ asUser: (() => undefined) as never })
    await expect(first?.run(app5())).rejects.toThrow(
      /"asUser" fails: TypeError: it gives neither headers nor a request/,
    )
  })
})
