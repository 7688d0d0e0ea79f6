import type { RequestListener } from 'node:http'
import { fdback } from '@countersign/core/schemes'
import { requireSignedUser as guardKoa } from '@countersign/koa'
import { portalCases } from '@countersign/testing'
import type { ErrorRequestHandler, Express } from 'express'
import Koa3, { type Middleware } from 'koa'
import { answer, app5, koa } from '../support/apps'
import { now, secret } from '../support/samples'
import {
  behind,
  failing,
  forwardCases,
  guard,
  guardOf,
  linkCases,
  links,
  messageCases,
  onError,
  payloadOf,
  problem,
  rewriting,
  ROUTE,
  withHeaders,
} from './apps'
import { species, type Species } from './species'

/** `status code: finding` */
const ALWAYS = [
  '404: signed-user: has no GET /vote',
  '404: missing: has no GET /vote',
  '405: signed-user: has no GET /vote',
  '401: signed-user: another login',
  '401 claims_invalid: signed-user: other rules',
  '401 claims_invalid: expired: other rules',
  '413 body_too_large: signed-user: larger than',
  '415 unsupported_encoding: signed-user: compresses the body',
  '429: signed-user: rate limit',
  '403: signed-user: before the guard or endpoint has answered',
  '418: signed-user: answers 418',
]

/** `header: value: finding` */
const HEADERS = [
  'cache-control:: refusals only +signed-user-private: a cache may keep this answer',
  'cache-control: public, no-store: signed-user-private: a cache may keep this answer',
  'referrer-policy:: signed-user-private only: learns the URL',
  'referrer-policy: unsafe-url: signed-user-private only: learns the URL',
  'x-content-type-options:: refusals only: guess another type',
  'content-type: text/html: refusals: cannot read why',
  'www-authenticate:: refusals: challenge is missing',
  'www-authenticate: Bearer error="invalid_token": refusals: not told correctly',
]

const always = ALWAYS.map((row): Species => {
  const [, status = '', code, finds = ''] = /^(\d+) ?(\w*): (.*)$/.exec(row) ?? []
  const open = (): RequestListener => problem(Number(status), code || undefined)
  return { name: `always answers ${status} ${code}, by ${finds}`, open, cases: linkCases, finds }
})

const headers = HEADERS.map((row): Species => {
  const [, header = '', value, finds = ''] =
    /^([\w-]+): ?(.*?): ([\w-]+(?: only.*?)?: .*)$/.exec(row) ?? []
  const open = (): Express =>
    app5().use(withHeaders({ [header]: value || undefined }), guard, answer)
  return { name: `sends the header "${header}: ${value}"`, open, cases: linkCases, finds }
})

/** Tells a forger how close a forgery came. */
const telling: ErrorRequestHandler = (
  { status, code, headers: own, detail = code },
  _req,
  res,
  _next,
) => {
  const publicCode = /malformed|signature/.test(code) ? 'invalid_token' : code
  res.status(status).set(own).type('application/problem+json')
  res.json({
    type: 'urn:x',
    title: detail,
    status,
    code: publicCode.replace('credential_ambiguous', 'invalid_request'),
  })
}

/** Answers that something has changed, or that something else gave. */
export const answers: readonly Species[] = [
  ...always,
  ...headers,
  ...species(linkCases, {
    'swallows refusals, and says so ¦ missing: a broken promise: refusals do not reach the client: your error handler turned the 401 into a 200':
      () => onError((error, _req, res, _next) => void res.json({ error: error.message })),
    'swallows refusals, and says something else ¦ wrongSecret: error handler turned the 401 into a 200':
      () => onError((_error, _req, res, _next) => void res.json({ ok: false })),
    'swallows refusals (Koa) ¦ missing: error handler turned the 401 into a 200': () =>
      koa(
        Koa3,
        async (ctx, next) => {
          await next().catch((error: Error) => {
            ctx.body = { failed: error.message }
          })
        },
        guardKoa(links, { now, rejections: 'forward' }) as unknown as Middleware, // its state is narrower
        (ctx) => void (ctx.body = 'welcome'),
      ),
    'hides behind a 404 ¦ missing: turned the 401 into a 404': () =>
      onError((_error, _req, res, _next) => void res.sendStatus(404)),
    'fails where it refuses ¦ missing: turned the 401 into a 500': () =>
      onError((_error, _req, res, _next) => void res.sendStatus(500)),
    'says nothing but the status ¦ expired: code is missing': () =>
      onError((error, _req, res, _next) => void res.sendStatus(error.status)),
    'sends visitors to a login ¦ missing: answers with a redirect': () =>
      onError((_error, _req, res, _next) => res.redirect('/login?next=/vote')),
    'checks tokens itself before the guard ¦ paddedSignature: answered before the guard': () =>
      behind((req, res, next) =>
        req.originalUrl.endsWith('=') ? void res.sendStatus(400) : next(),
      ),
    'cuts tokens off ¦ expired: refused for another reason': () =>
      behind(
        rewriting((url) =>
          payloadOf(url).includes(`"exp":${now() / 1000}`) ? url.slice(0, -2) : url,
        ),
      ),
    'lets shared caches keep pages of users ¦ signed-user-private only: a header for shared caches overrides it':
      () => app5().use(guard, withHeaders({ 'cdn-cache-control': 'max-age=600' }), answer),
    'wants a vote ¦ signed-user: the handler expects another body or query': () =>
      app5().use(guard, (_req, res) => void res.sendStatus(422)),
    'has no guard before a handler that needs one ¦ signed-user: no guard runs before a handler':
      () => app5().use(failing),
    'fails in its handler ¦ signed-user: fails for a signed user': () => app5().use(guard, failing),
    'fails, and shows the URL ¦ signed-user: fails for a signed user': () =>
      app5().use(guard, (req, res) => void res.status(500).send(req.originalUrl)),
    'hangs up ¦ signed-user: closed without an answer': () => (req, res) =>
      void (res.destroyed || req.socket.destroy()),
  }),
  ...species(forwardCases, {
    'shows the stack ¦ refusals only: how the app is built': () =>
      onError((error, _req, res, _next) => void res.status(error.status).send(error.stack)),
    'repeats what was sent ¦ refusals only: gets the credential': () =>
      onError((error, req, res, _next) => void res.status(error.status).send(req.originalUrl)),
    'shows what a refused token says ¦ refusals only: shows what a credential says although it was not verified':
      () =>
        onError(
          (error, req, res, _next) =>
            void res.status(error.status).send(payloadOf(req.originalUrl)),
        ),
  }),
  ...['cache-control', 'surrogate-control'].flatMap((header) =>
    species(forwardCases, {
      [`lets caches keep refusals of its own by ${header} ¦ refusals only: a cache may keep this answer`]:
        () =>
          onError((error, _req, res, _next) => {
            res.status(error.status).set(header, 'public, max-age=60').end()
          }),
    }),
  ),
  ...species(portalCases(fdback({ secret, workspaceId: 'ws_demo' }), ROUTE, { now }), {
    'tells a forger how close a forgery came ¦ forgeries-alike: how close a forgery came': () => {
      const portal = fdback({ secret, workspaceId: 'ws_demo' })
      return app5().use(guardOf({ rejections: 'forward' }, portal), answer, telling)
    },
  }),
  ...species(messageCases, {
    'is configured wrongly ¦ signed-user: ran before the guard': () => problem(500, 'server_error'),
  }),
]
