import { createSigner } from '@countersign/core'
import { signEndpoint } from '@countersign/express'
import { featkit } from '@countersign/schemes'
import { signEndpointCases, testSecret } from '@countersign/testing'
import express, { type Express, type RequestHandler } from 'express'
import { expectFinding, problem } from '../support/broken-app'
import { now, secret } from '../support/mint-portals'
import { COOKIE, whoseSession } from '../support/sign-apps'

const user = { id: 'u_1', email: 'ada@example.com', name: 'Ada Lovelace' }
const portal = featkit({ secret, slug: 'acme' })
const cases = signEndpointCases(portal, '/sign', { asUser: { cookie: COOKIE }, user, now, secret })
const app = (): Express => express().set('env', 'test')
const endpoint = (options: object = {}): RequestHandler =>
  signEndpoint(portal, { now, user: (req) => whoseSession(req, user), ...options })
const open = (options: object = {}): Express => app().post('/sign', endpoint(options))
const elsewhere = (other: typeof portal): Express =>
  app().post('/sign', signEndpoint(other, { now, user: (req) => whoseSession(req, user) }))
const byHand =
  (answer: (signed: object) => object): RequestHandler =>
  async (_req, res) => {
    res.json(answer(await createSigner(portal, { now }).sign(user)))
  }

/** An app, the case that it fails, and what that means. */
const broken: readonly (readonly [
  name: string,
  app: Express | ReturnType<typeof problem>,
  fails: string,
  means: RegExp,
])[] = [
  [
    'does not know its session',
    open({ user: () => null }),
    'signed-in',
    /takes somebody who is signed in for nobody/,
  ],
  [
    'takes its own page for another site',
    app().use((req, _res, next) => {
      req.rawHeaders.push('Origin', 'https://proxy.example')
      next()
    }, endpoint()),
    'signed-in',
    /taken for another site/,
  ],
  [
    'has users whom nobody can sign',
    open({ user: (req: express.Request) => whoseSession(req, { id: 'null' }) }),
    'signed-in',
    /cannot be signed/,
  ],
  [
    'cannot say who is signed in',
    open({
      user: (req: express.Request) => whoseSession(req, user) && Promise.reject(new Error('down')),
    }),
    'signed-in',
    /`user` failed/,
  ],
  [
    'does not answer POST',
    problem(405, 'method_not_allowed'),
    'signed-in',
    /does not answer this method/,
  ],
  ['is not there', app(), 'signed-in', /has no POST \/sign/],
  ['is not there for nobody either', app(), 'nobody', /has no POST \/sign/],
  [
    'is behind another login',
    app().use((_req, res) => void res.sendStatus(401)),
    'signed-in',
    /login that `asUser` does not bring/,
  ],
  [
    'fails',
    app().use(() => {
      throw new Error('down')
    }),
    'signed-in',
    /fails for somebody who is signed in/,
  ],
  ['answers 201', app().use((_req, res) => void res.sendStatus(201)), 'signed-in', /answers 201/],
  [
    'answers something else',
    app().use((_req, res) => void res.json({ link: 'x' })),
    'signed-in',
    /finds none in the answer/,
  ],
  [
    'signs with another secret',
    elsewhere(featkit({ secret: testSecret('other'), slug: 'acme' })),
    'signed-in',
    /signs with another secret/,
  ],
  [
    'has a clock in another year',
    open({ now: () => now() - 31_536_000_000 }),
    'signed-in',
    /by another clock/,
  ],
  [
    'signs somebody else',
    open({ user: (req: express.Request) => whoseSession(req, { ...user, id: 'u_2' }) }),
    'names-them',
    /become anybody/,
  ],
  ['signs whoever calls', open({ user: () => user }), 'nobody', /signs whoever calls/],
  [
    'signs for all sites',
    app().post(
      '/sign',
      byHand((signed) => signed),
    ),
    'cross-site',
    /page of another site/,
  ],
  [
    'swallows refusals',
    app().use((_req, res, next) => {
      const { writeHead } = res
      res.writeHead = function forgiving() {
        return Reflect.apply(writeHead, res, [200])
      } as typeof writeHead // it has several forms
      next()
    }, endpoint()),
    'nobody',
    /turned the 401 into a 200/,
  ],
  [
    'says nothing but the status',
    app().use((req, res, next) => {
      if (req.get('cookie')) return next()
      res.sendStatus(401)
    }, endpoint()),
    'nobody',
    /code is gone/,
  ],
  ['limits how often', problem(429), 'nobody', /rate limit/],
  [
    'has a clock in seconds',
    open({ now: () => now() / 1000 }),
    'signed-in',
    /milliseconds since 1970/,
  ],
]

describe('a sign endpoint that', () => {
  let warned: jest.SpyInstance
  beforeAll(() => void (warned = jest.spyOn(process, 'emitWarning').mockImplementation())) // a ConfigError is told there
  afterAll(() => warned.mockRestore())

  it.each([...broken])('%s is told so', async (name, each, fails, means) => {
    await expectFinding({ name, app: each, cases, fails, means })
  })
})
