import { createSigner } from '@countersign/core'
import { featkit, seggwat } from '@countersign/core/schemes'
import { mint, signEndpointCases, testSecret } from '@countersign/testing'
import express, { type Request, type RequestHandler } from 'express'
import { app5 } from '../support/apps'
import { now, NOW, secret } from '../support/samples'
import { failing, override, problem, withHeaders } from './apps'
import {
  SIGN,
  ada,
  allowed,
  messages,
  surveys,
  session,
  asUser,
  originCases,
  cases,
  endpoint,
  open,
  who,
  before,
  byHand,
  changing,
  cors,
  ignoring,
  originBy,
  sentTo,
  signs,
} from './endpoints'
import { species, type Species } from './species'

const named = (parser: RequestHandler) => () => {
  const user = (req: Request) => session(req) && { ...session(req), ...req.body }
  return app5().use(parser).post(SIGN, endpoint({ user }))
}

/** Sign endpoints that sign too much, for too many, or for too long. */
export const signing: readonly Species[] = [
  ...species(cases, {
    'signs the user that the body names ¦ named only: from an id in the JSON body': named(
      express.json(),
    ),
    'signs the user that a form names ¦ named only: from an id in a form': named(
      express.urlencoded(),
    ),
    'signs the user that the query names ¦ named: from an id in the query': () =>
      who(({ query: { id } }) => (typeof id === 'string' ? { id } : ada)),
    'trusts a header that a proxy should have set ¦ named only: from an id in headers': () =>
      who((req) => (req.get('x-user-id') ? { id: req.get('x-user-id') } : session(req))),
    'signs the user that a cookie names ¦ named only: from an id in cookies': () =>
      who((req) => {
        const id = /user_id=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]
        return id ? { id } : session(req)
      }),
    'signs a guest where no user is signed in ¦ signed-out: the endpoint signs every visitor': () =>
      who((req) => session(req) ?? { id: 'guest' }),
    'signs every visitor ¦ signed-out: the endpoint signs every visitor': () => who(() => ada),
    'signs another user ¦ signed-in: signs another user than the signed-in one': () =>
      who((req) => session(req) && { ...ada, id: 'u_2' }),
    'keeps the session of the last request ¦ signed-out-after-user: gets the credential of the user before':
      () => {
        let last: object | null = null
        return who((req) => (last = session(req) ?? last))
      },
    'caches what it has signed ¦ other-user: another signed-in user gets the first one’s credential':
      () => {
        let kept: object
        return app5().post(
          SIGN,
          byHand((signed) => (kept ??= signed)),
        )
      },
    'signs for pages of any other site ¦ foreign-pages only +look-alike-origins +refusal: a page of another site':
      () =>
        app5().post(
          SIGN,
          byHand((signed) => signed),
        ),
    'lets pages of any origin read what it signed ¦ foreign-pages only: CORS repeats any origin':
      () => before(cors),
    'refuses its own pages ¦ own-page only: taken for one of another site': () =>
      before((req, res, next) =>
        req.get('sec-fetch-site') === 'same-origin'
          ? problem(403, 'csrf_rejected')(req, res)
          : next(),
      ),
    'sends another type than it has ¦ refusal only: cannot read why': () =>
      before(withHeaders({ 'content-type': 'text/html' })),
    'loses a header that keeps browsers from guessing ¦ private only +refusal: guess another type':
      () => before(withHeaders({ 'x-content-type-options': undefined })),
    'lets other pages learn what it signed ¦ private only: learns the URL': () =>
      before(withHeaders({ 'referrer-policy': 'unsafe-url' })),
    'lets caches keep what it signed ¦ private only +refusal: a cache may keep': () =>
      before(withHeaders({ 'cache-control': 'max-age=60' })),
    'lets shared caches keep what it signed ¦ private only +refusal: a header for shared caches':
      () => before(withHeaders({ 'surrogate-control': 'max-age=60' })),
    'sends its secret along, for debugging ¦ keeps-secret only: the secret is public': () =>
      before(withHeaders({ 'x-debug': Buffer.from(secret).toString('base64') })),
    'answers with a token that is not the link’s ¦ signed-in: finds no signed link or request':
      () => before(changing((body) => ({ ...body, token: `${String(body['token'])}x` }))),
    'says that what it signed never ends ¦ signed-in only: lives longer than it should': () =>
      before(changing((body) => ({ ...body, expiresAt: 4_102_444_800_000 }))),
    'tells another end than the credential has ¦ signed-in only: tells the frontend another end':
      () => before(changing((body) => ({ ...body, expiresAt: NOW + 7_200_000 }))),
    'sends its users to another host ¦ signed-in only: not the portal’s': sentTo(
      () => 'https://featkit.co',
    ),
    'sends its users to the host of the request ¦ moved only: not the portal’s': sentTo(
      (req) => `https://${req.headers.host === 'localhost' ? 'featkit.com' : req.headers.host}`,
    ),
    'sends its users where the query says ¦ moved only: not the portal’s': sentTo(({ query }) =>
      typeof query['redirect'] === 'string' ? query['redirect'] : 'https://featkit.com',
    ),
    'signs for as long as the request asks ¦ moved only: lives longer than it should': () =>
      before(
        express.json(),
        changing((body, req) => (req.body?.ttl ? { ...body, expiresAt: 4_102_444_800_000 } : body)),
      ),
    'signs for neighbouring sites ¦ foreign-pages only: another site': ignoring('same-site'),
    'signs for pages without an origin ¦ foreign-pages only: another site': ignoring('null'),
    'signs for a foreign origin ¦ foreign-pages only: another site':
      ignoring('https://evil.example'),
    'signs for a form of plain text ¦ foreign-pages only: another site': ignoring('text/plain'),
    'keeps who is signed in in a plain cookie ¦ changed-session only +named: the session is not protected':
      () =>
        who((req) => {
          const name = /session=(\w+)/.exec(req.headers.cookie ?? '')?.[1]
          return name === 'ada' ? ada : name && { id: name }
        }),
    'signs nothing, with success ¦ signed-out: a broken promise: the endpoint answers with success and signs nothing':
      () =>
        app5().post(
          SIGN,
          (req, res, next) => (session(req) ? next() : void res.json({ url: null })),
          endpoint(),
        ),
    'swallows refusals ¦ signed-out: a broken promise: refusals do not reach the client: your error handler turned the 401 into a 200':
      () =>
        before((_req, res, next) => {
          const { writeHead } = res
          res.writeHead = (() => Reflect.apply(writeHead, res, [200])) as typeof writeHead // it has several forms
          next()
        }),
    'says nothing but the status ¦ signed-out: code is missing': () =>
      before((req, res, next) => (session(req) ? next() : void res.sendStatus(401))),
    'does not know its session ¦ signed-in: did not recognise the signed-in user': () =>
      who(() => null),
    'takes its own page for another site ¦ signed-in: taken for one of another site': () =>
      before((req, _res, next) => {
        req.rawHeaders.push('Origin', 'https://proxy.example')
        next()
      }),
    'has users who cannot be signed ¦ signed-in: cannot be signed': () =>
      who((req) => session(req) && { id: 'null' }),
    'cannot tell who is signed in ¦ signed-in: `user` failed': () =>
      who((req) => session(req) && failing()),
    'does not answer POST ¦ signed-in: does not answer this method': () =>
      problem(405, 'method_not_allowed'),
    'is not there ¦ signed-in: has no POST /api/sign': () => app5(),
    'is not there for a visitor either ¦ signed-out: has no POST /api/sign': () => app5(),
    'sends visitors to a login ¦ signed-out: answers with a redirect': () =>
      before((req, res, next) => (session(req) ? next() : res.redirect('/login'))),
    'is behind another login ¦ signed-in: another login': () => problem(401),
    'fails ¦ signed-in: fails for a signed-in user': () => app5().use(failing),
    'answers 201 ¦ signed-in: answers 201': () =>
      app5().use((_req, res) => void res.sendStatus(201)),
    'answers something else ¦ signed-in: finds no signed link': () =>
      app5().use((_req, res) => void res.json({ link: 'x' })),
    'limits how often ¦ signed-out: rate limit': () => problem(429),
    'has a clock in seconds ¦ signed-in: clock is not in milliseconds': () =>
      open({ now: () => NOW / 1000 }),
    'signs with another secret ¦ signed-in: do not share a secret': signs(
      featkit({ secret: testSecret('other'), slug: 'acme' }),
    ),
    'signs in another mode ¦ signed-in: differ in scheme or mode': signs(
      seggwat({ secret, projectKey: 'acme' }),
    ),
    'has a clock in another year ¦ signed-in: clocks of the app': () =>
      open({ now: () => NOW - 31_536_000_000 }),
    'has a clock a day ahead ¦ signed-in: clocks of the app': () =>
      open({ now: () => NOW + 86_400_000 }),
  }),
  ...species(signEndpointCases(seggwat({ secret, projectKey: 'acme' }), SIGN, { asUser, now }), {
    'signs for another project ¦ signed-in: another project or workspace': signs(
      seggwat({ secret, projectKey: 'acne' }),
    ),
  }),
  ...species(originCases, {
    'answers all origins alike ¦ allowed-origin only: keeps the answer from the page': () =>
      app5().use(
        SIGN,
        withHeaders({ 'access-control-allow-origin': 'https://app.example' }),
        endpoint({ allowedOrigins: [allowed] }),
      ),
    'answers no preflight ¦ allowed-origin only: allowed origin is not answered': () =>
      open({ allowedOrigins: [allowed] }),
    'accepts origins by their beginning ¦ look-alike-origins only: looks like an own one is accepted: https://app.example.com':
      originBy((each) => each.startsWith('https://app.example.com')),
    'accepts origins by their end ¦ look-alike-origins: an origin that only looks like an own one':
      originBy((each) => each.endsWith('app.example.com')),
    'accepts origins by a pattern ¦ look-alike-origins: app-example.com': originBy((each) =>
      /^https:\/\/app.example\.com$/.test(each),
    ),
    'accepts any scheme of an origin ¦ look-alike-origins: http://app.example.com': originBy(
      (each) => each === 'http://app.example.com',
    ),
    'accepts any port of an origin ¦ look-alike-origins: com:1': originBy(
      (each) => each === 'https://app.example.com:1',
    ),
    'accepts the parent of an origin ¦ look-alike-origins: https://example.com': originBy(
      (each) => each === 'https://example.com',
    ),
  }),
  ...species(signEndpointCases(messages, SIGN, { asUser, now, user: ada }), {
    'is opened with GET where it should be posted to ¦ other-methods only: signs for a method that it was not made for':
      () =>
        app5().all(
          SIGN,
          (req, _res, next) => {
            if (req.method === 'GET') req.method = 'POST'
            next()
          },
          endpoint({}, messages),
        ),
    'overrides methods ¦ other-methods only: not made for': () =>
      app5().use(override).all(SIGN, endpoint({}, messages)),
  }),
  ...species(signEndpointCases(surveys, SIGN, { asUser, now }), {
    'gives the same one-time link twice ¦ signed-in: was cached, or the app chose the nonce':
      () => {
        const once = createSigner(surveys, { now }).sign({})
        return app5().use((_req, res) => void once.then((signed) => res.json(signed)))
      },
    'signs for ever ¦ signed-in: lives longer than it should': () =>
      app5().use(async (_req, res) => {
        const { request } = await mint(surveys, {}, { now, defect: 'undated' })
        const url = `https://survey.harlyy.com/acme/q1?${request.query}`
        const token = new URL(url).searchParams.get('sig')
        res.json({ url, token, expiresAt: NOW + 100 * 31_536_000_000 })
      }),
  }),
]
