import { createSigner, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { signEndpoint } from '@countersign/express'
import { mint, signEndpointCases, testSecret } from '@countersign/testing'
import express, { type Request, type RequestHandler } from 'express'
import { app5, COOKIE } from '../support/apps'
import { now, NOW, secret } from '../support/samples'
import { problem } from './answers'
import { override, withHeaders } from './apps'
import { species, type Species } from './species'

const SIGN = '/api/sign'
const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const grace = { id: 8, email: 'grace@example.com', name: 'Grace' }
const portal = featkit({ secret, slug: 'acme' })
const messages = fdback({ secret, workspaceId: 'ws_demo' })
const surveys = harlyy({ secret, businessId: 'acme', surveyId: 'q1' })

const session = ({ headers }: Request) =>
  headers.cookie?.includes(COOKIE) ? ada : headers.cookie?.includes('session=grace') ? grace : null
const asUser = { cookie: COOKIE }
const options = { asUser, asOther: { cookie: 'session=grace' }, user: ada, now, secret }
const cases = signEndpointCases(portal, SIGN, options)
const allowed = 'https://app.example.com'
const originCases = signEndpointCases(portal, SIGN, { ...options, allowedOrigins: [allowed] })

const endpoint = (given: object = {}, to: Portal = portal): RequestHandler =>
  signEndpoint(to as typeof portal, { now, user: session, ...given })
const open = (given: object = {}, to?: Portal) => app5().post(SIGN, endpoint(given, to))
const who = (user: (req: Request) => unknown) => open({ user })
const before = (...all: readonly RequestHandler[]) => app5().use(SIGN, ...all, endpoint())

/** An endpoint as people write it, which protects its answer. */
const byHand =
  (answer: (signed: object, req: Request) => object, to: Portal = portal): RequestHandler =>
  async (req, res) => {
    if (!session(req)) return problem(401, 'unauthenticated')(req, res)
    const signed = await createSigner(to, { now }).sign(session(req) as never) // the portal's own input
    res.set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    res.set('x-content-type-options', 'nosniff').json(answer(signed, req))
  }

const changing =
  (change: (body: Record<string, unknown>, req: Request) => unknown): RequestHandler =>
  (req, res, next) => {
    const { end } = res
    res.end = function changed(body: unknown, ...rest: unknown[]) {
      const text = String(body)
      const parsed = text.startsWith('{') ? JSON.parse(text) : {}
      return Reflect.apply(end, res, [
        'url' in parsed ? JSON.stringify(change(parsed, req)) : text,
        ...rest,
      ])
    } as typeof end // it has several forms
    next()
  }

const cors: RequestHandler = (req, res, next) => {
  const { origin = '' } = req.headers
  res.set({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' })
  if (req.method === 'OPTIONS') return void res.sendStatus(204)
  next()
}

/** Compares origins by a rule of its own. */
const originBy = (isOwn: (origin: string) => boolean) => () =>
  app5().use(
    SIGN,
    (req, _res, next) => {
      const { rawHeaders } = req
      const { origin = allowed } = req.headers
      const at = rawHeaders.indexOf('Origin')
      if (origin !== allowed && isOwn(origin)) rawHeaders.splice(at, 2, 'Origin', allowed)
      next()
    },
    endpoint({ allowedOrigins: [allowed] }),
  )

/** Puts another address in front of the credential. */
const sentTo = (address: (req: Request) => string) => () =>
  before(
    changing((body, req) => ({
      ...body,
      url: String(body['url']).replace('https://featkit.com', address(req)),
    })),
  )

const signs = (to: Portal) => () => app5().post(SIGN, endpoint({}, to))
const failing = (): never => {
  throw new Error('down')
}

/** Sign endpoints that sign too much, for too many, or for too long. */
export const signing: readonly Species[] = [
  ...species(cases, {
    'signs whom the body names': [
      () =>
        app5()
          .use(express.json())
          .post(
            SIGN,
            endpoint({ user: (req: Request) => session(req) && { ...session(req), ...req.body } }),
          ),
      'claims-in-body only: from the JSON body',
    ],
    'signs whom the query names': [
      () => who(({ query: { id } }) => (typeof id === 'string' ? { id } : ada)),
      'claims-in-query: from the query',
    ],
    'trusts a header that a proxy should have set': [
      () => who((req) => (req.get('x-user-id') ? { id: req.get('x-user-id') } : session(req))),
      'claims-in-headers only +nobody-with-headers: from headers',
    ],
    'signs whom a cookie names': [
      () =>
        who((req) => {
          const id = /user_id=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]
          return id ? { id } : session(req)
        }),
      'claims-in-cookies only +nobody-with-cookies: from cookies',
    ],
    'signs a guest where no user is signed in': [
      () => who((req) => session(req) ?? { id: 'guest' }),
      'nobody: the endpoint signs whoever calls',
    ],
    'signs whoever calls': [() => who(() => ada), 'nobody: the endpoint signs whoever calls'],
    'signs another user': [
      () => who((req) => session(req) && { ...ada, id: 'u_2' }),
      'names-them: signs another user than the signed-in one',
    ],
    'keeps the session of the last request': [
      () => {
        let last: object | null = null
        return who((req) => (last = session(req) ?? last))
      },
      'nobody-after-user: gets the credential of the user before',
    ],
    'caches what it has signed': [
      () => {
        let kept: string
        return app5().post(
          SIGN,
          (req, res, next) => {
            if (kept && session(req) && !req.headers.origin && !req.headers['sec-fetch-site']) {
              res.set({
                'cache-control': 'no-store',
                'referrer-policy': 'no-referrer',
                'x-content-type-options': 'nosniff',
              })
              return void res.type('json').send(kept)
            }
            changing((body) => ((kept = JSON.stringify(body)), body))(req, res, next)
          },
          endpoint(),
        )
      },
      'other-user: another signed-in user gets the first one’s credential',
    ],
    'signs for pages of any other site': [
      () =>
        app5().post(
          SIGN,
          byHand((signed) => signed),
        ),
      'cross-site: a page of another site',
    ],
    'lets pages of any origin read what it signed': [
      () => before(cors),
      'no-reflected-origin only: CORS repeats any origin',
    ],
    'lets caches keep what it signed': [
      () => before(withHeaders({ 'cache-control': 'max-age=60' })),
      'not-cached only +refusal-not-cached: a cache may keep',
    ],
    'lets shared caches keep what it signed': [
      () => before(withHeaders({ 'surrogate-control': 'max-age=60' })),
      'not-cached only +refusal-not-cached: a header for shared caches',
    ],
    'sends its secret along, for debugging': [
      () => before(withHeaders({ 'x-debug': Buffer.from(secret).toString('base64') })),
      'keeps-secret only: the secret is public',
    ],
    'answers with a token that is not the link’s': [
      () => before(changing((body) => ({ ...body, token: `${String(body['token'])}x` }))),
      'signed-in: finds no signed link or request',
    ],
    'says that what it signed never ends': [
      () => before(changing((body) => ({ ...body, expiresAt: 4_102_444_800_000 }))),
      'ends only: lives longer than it should',
    ],
    'tells another end than the credential has': [
      () => before(changing((body) => ({ ...body, expiresAt: NOW + 7_200_000 }))),
      'ends only: tells the frontend another end',
    ],
    'sends its users to another host': [
      sentTo(() => 'https://featkit.co'),
      'points-to-portal only: not the portal’s',
    ],
    'sends its users to the host of the request': [
      sentTo(
        (req) => `https://${req.headers.host === 'localhost' ? 'featkit.com' : req.headers.host}`,
      ),
      'points-to-portal only: not the portal’s',
    ],
    'sends its users where the query says': [
      sentTo(({ query }) =>
        typeof query['redirect'] === 'string' ? query['redirect'] : 'https://featkit.com',
      ),
      'points-to-portal only: not the portal’s',
    ],
    'keeps who is signed in in a plain cookie': [
      () =>
        who((req) => {
          const name = /session=(\w+)/.exec(req.headers.cookie ?? '')?.[1]
          return name === 'ada' ? ada : name && { id: name }
        }),
      'changed-session only: the session is not protected',
    ],
    'signs nothing, with success': [
      () =>
        app5().post(
          SIGN,
          (req, res, next) => (session(req) ? next() : void res.json({ url: null })),
          endpoint(),
        ),
      'nobody: answers 200 and signs nothing',
    ],
    'swallows refusals': [
      () =>
        before((_req, res, next) => {
          const { writeHead } = res
          res.writeHead = (() => Reflect.apply(writeHead, res, [200])) as typeof writeHead // it has several forms
          next()
        }),
      'nobody: turned the 401 into a 200',
    ],
    'says nothing but the status': [
      () => before((req, res, next) => (session(req) ? next() : void res.sendStatus(401))),
      'nobody: code is missing',
    ],
    'does not know its session': [
      () => who(() => null),
      'signed-in: did not recognise the signed-in user',
    ],
    'takes its own page for another site': [
      () =>
        before((req, _res, next) => {
          req.rawHeaders.push('Origin', 'https://proxy.example')
          next()
        }),
      'signed-in: taken for one of another site',
    ],
    'has users who cannot be signed': [
      () => who((req) => session(req) && { id: 'null' }),
      'signed-in: cannot be signed',
    ],
    'cannot tell who is signed in': [
      () => who((req) => session(req) && failing()),
      'signed-in: `user` failed',
    ],
    'does not answer POST': [
      () => problem(405, 'method_not_allowed'),
      'signed-in: does not answer this method',
    ],
    'is not there': [() => app5(), 'signed-in: has no POST /api/sign'],
    'is not there for a visitor either': [() => app5(), 'nobody: has no POST /api/sign'],
    'is behind another login': [() => problem(401), 'signed-in: login that `asUser` does not send'],
    fails: [() => app5().use(failing), 'signed-in: fails for a signed-in user'],
    'answers 201': [
      () => app5().use((_req, res) => void res.sendStatus(201)),
      'signed-in: answers 201',
    ],
    'answers something else': [
      () => app5().use((_req, res) => void res.json({ link: 'x' })),
      'signed-in: finds no signed link',
    ],
    'limits how often': [() => problem(429), 'nobody: rate limit'],
    'has a clock in seconds': [
      () => open({ now: () => NOW / 1000 }),
      'signed-in: clock is not in milliseconds',
    ],
    'signs with another secret': [
      signs(featkit({ secret: testSecret('other'), slug: 'acme' })),
      'signed-in: signs with another secret',
    ],
    'signs in another mode': [
      signs(seggwat({ secret, projectKey: 'acme' })),
      'signed-in: another scheme or mode',
    ],
    'has a clock in another year': [
      () => open({ now: () => NOW - 31_536_000_000 }),
      'signed-in: has already expired',
    ],
    'has a clock a day ahead': [
      () => open({ now: () => NOW + 86_400_000 }),
      'signed-in: not valid yet',
    ],
  }),
  ...species(signEndpointCases(seggwat({ secret, projectKey: 'acme' }), SIGN, { asUser, now }), {
    'signs for another project': [
      signs(seggwat({ secret, projectKey: 'acne' })),
      'signed-in: another project or workspace',
    ],
  }),
  ...species(originCases, {
    'accepts origins by their beginning': [
      originBy((each) => each.startsWith('https://app.example.com')),
      'look-alike-origins only: looks like an own one is accepted: https://app.example.com',
    ],
    'accepts origins by their end': [
      originBy((each) => each.endsWith('app.example.com')),
      'look-alike-origins: an origin that only looks like an own one',
    ],
    'accepts origins by a pattern': [
      originBy((each) => /^https:\/\/app.example\.com$/.test(each)),
      'look-alike-origins: app-example.com',
    ],
    'accepts any scheme of an origin': [
      originBy((each) => each === 'http://app.example.com'),
      'look-alike-origins: http://app.example.com',
    ],
    'accepts any port of an origin': [
      originBy((each) => each === 'https://app.example.com:1'),
      'look-alike-origins: com:1',
    ],
    'accepts the parent of an origin': [
      originBy((each) => each === 'https://example.com'),
      'look-alike-origins: https://example.com',
    ],
  }),
  ...species(signEndpointCases(messages, SIGN, { asUser, now, user: ada }), {
    'is opened with GET where it should be posted to': [
      () =>
        app5().all(
          SIGN,
          (req, _res, next) => {
            if (req.method === 'GET') req.method = 'POST'
            next()
          },
          endpoint({}, messages),
        ),
      'other-methods only: signs for a method that it was not made for',
    ],
    'overrides methods': [
      () => app5().use(override).all(SIGN, endpoint({}, messages)),
      'other-methods only: not made for',
    ],
  }),
  ...species(signEndpointCases(surveys, SIGN, { asUser, now }), {
    'gives the same one-time link twice': [
      () => {
        const once = createSigner(surveys, { now }).sign({})
        return app5().use((_req, res) => void once.then((signed) => res.json(signed)))
      },
      'twice: was cached, or the app chose the nonce',
    ],
    'signs for ever': [
      () =>
        app5().use(async (_req, res) => {
          const { request } = await mint(surveys, {}, { now, defect: 'undated' })
          const url = `https://survey.harlyy.com/acme/q1?${request.query}`
          const token = new URL(url).searchParams.get('sig')
          res.json({ url, token, expiresAt: NOW + 100 * 31_536_000_000 })
        }),
      'ends: lives longer than it should',
    ],
  }),
]
