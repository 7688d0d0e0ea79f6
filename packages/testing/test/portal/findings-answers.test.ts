import { requireSignedUser } from '@countersign/express'
import { fdback } from '@countersign/schemes'
import { portalCases } from '@countersign/testing'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { expectFinding, type Broken } from '../support/broken-app'
import { now, secret } from '../support/mint-portals'
import {
  answer,
  app,
  forwardCases,
  guard,
  inRows,
  linkCases,
  links,
  onError,
  type Row,
} from './link-apps'

/** Sends each answer with other headers than it was given. */
const withHeaders =
  (change: Readonly<Record<string, string | undefined>>): RequestHandler =>
  (_req, res, next) => {
    const { writeHead } = res
    res.writeHead = function changed(...head: unknown[]) {
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined) res.removeHeader(name)
        else res.setHeader(name, value)
      }
      return Reflect.apply(writeHead, res, head)
    } as typeof writeHead // it has several forms
    next()
  }

const changing = (change: Readonly<Record<string, string | undefined>>) =>
  app().use(withHeaders(change), guard, answer)

const headers: readonly Row[] = [
  [
    'lets caches keep refusals',
    changing({ 'cache-control': undefined }),
    'refusal-not-cached',
    /cached by your proxy/,
  ],
  [
    'lets caches keep pages of users',
    changing({ 'cache-control': 'public, no-store' }),
    'signed-user-private',
    /token is cached by your proxy/,
  ],
  [
    'lets the next page know the link',
    changing({ 'referrer-policy': undefined }),
    'signed-user-private',
    /learns the URL/,
  ],
  [
    'lets browsers guess types',
    changing({ 'x-content-type-options': undefined }),
    'refusal-not-sniffed',
    /something else than it is/,
  ],
  [
    'changes the type of refusals',
    changing({ 'content-type': 'text/html' }),
    'refusal-document',
    /cannot read why/,
  ],
  [
    'says no way to come in',
    changing({ 'www-authenticate': undefined }),
    'refusal-challenge',
    /not told what/,
  ],
  [
    'says to nobody that their token is invalid',
    changing({ 'www-authenticate': 'Bearer error="invalid_token"' }),
    'refusal-challenge',
    /a client that sent nothing is told/,
  ],
]

const answers: readonly Row[] = [
  [
    'shows the stack',
    onError((error, _req, res, _next) => void res.status(error.status).send(error.stack)),
    'refusal-quiet',
    /how the app is built/,
  ],
  [
    'repeats what was sent',
    onError((error, req, res, _next) => void res.status(error.status).send(req.originalUrl)),
    'refusal-quiet',
    /has the credential/,
  ],
  [
    'lets caches keep refusals of its own',
    onError((error, _req, res, _next) => {
      res.status(error.status).set('cache-control', 'public, max-age=60').end()
    }),
    'refusal-not-cached',
    /refusal is cached/,
  ],
]

const PUBLIC: Readonly<Record<string, string>> = {
  token_malformed: 'invalid_token',
  signature_invalid: 'invalid_token',
  credential_ambiguous: 'invalid_request',
}

function telling(): Broken {
  const portal = fdback({ secret, workspaceId: 'ws_demo' })
  const tell: ErrorRequestHandler = (error, _req, res, _next) => {
    const { status, code, headers: own, detail = code } = error
    res.status(status).set(own).type('application/problem+json')
    res.json({ type: 'urn:x', title: detail, status, code: PUBLIC[code] ?? code })
  }
  const open = app().use(requireSignedUser(portal, { now, rejections: 'forward' }), answer, tell)
  return {
    name: 'tells a forger how near he came',
    app: open,
    cases: portalCases(portal, '/vote', { now }),
    fails: 'forgeries-alike',
    means: /how near they came/,
  }
}

/** Compares paths by hand, as the router does not. */
const byHand: RequestHandler = (req, res, next) =>
  req.path === '/vote' ? guard(req, res, next) : next()

const paths: readonly Row[] = [
  [
    'compares paths by hand',
    app().use(byHand).get('/vote', answer),
    'path-capitals',
    /takes this spelling for the route/,
  ],
  [
    'forgets HEAD',
    app().head('/vote', answer).get('/vote', requireSignedUser(links, { now }), answer),
    'stranger-HEAD',
    /the guard/,
  ],
]

describe('an app that', () => {
  it.each([
    ...inRows([...headers, ...paths], linkCases),
    ...inRows(answers, forwardCases),
    telling(),
  ])('$name is told so', async (each) => {
    await expectFinding(each)
  })
})
