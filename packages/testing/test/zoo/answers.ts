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
  forwardCases,
  guard,
  guardOf,
  linkCases,
  links,
  messageCases,
  onError,
  payloadOf,
  rewriting,
  ROUTE,
  withHeaders,
} from './apps'
import { species, type Species } from './species'

/** Answers everything for one reason, as a guard would. */
export function problem(status: number, code?: string): RequestListener {
  return (_req, res) => {
    res.statusCode = status
    res.setHeader('content-type', 'application/problem+json')
    res.end(JSON.stringify({ type: 'urn:x', title: 'No', status, ...(code && { code }) }))
  }
}

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
  'cache-control:: refusal-not-cached only +signed-user-private: a cache may keep this answer',
  'cache-control: public, no-store: signed-user-private: a cache may keep this answer',
  'referrer-policy:: signed-user-private only: learns the URL',
  'referrer-policy: unsafe-url: signed-user-private only: learns the URL',
  'x-content-type-options:: refusal-not-sniffed only: guess another type',
  'content-type: text/html: refusal-document: cannot read why',
  'www-authenticate:: refusal-challenge: challenge is missing',
  'www-authenticate: Bearer error="invalid_token": refusal-challenge: not told correctly',
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

const failing = (): never => {
  throw new Error('down')
}

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
    'swallows refusals, and says so': [
      () => onError((error, _req, res, _next) => void res.json({ error: error.message })),
      'missing: error handler turned the 401 into a 200',
    ],
    'swallows refusals, and says something else': [
      () => onError((_error, _req, res, _next) => void res.json({ ok: false })),
      'wrongSecret: error handler turned the 401 into a 200',
    ],
    'swallows refusals (Koa)': [
      () =>
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
      'missing: error handler turned the 401 into a 200',
    ],
    'hides behind a 404': [
      () => onError((_error, _req, res, _next) => void res.sendStatus(404)),
      'missing: turned the 401 into a 404',
    ],
    'fails where it refuses': [
      () => onError((_error, _req, res, _next) => void res.sendStatus(500)),
      'missing: turned the 401 into a 500',
    ],
    'says nothing but the status': [
      () => onError((error, _req, res, _next) => void res.sendStatus(error.status)),
      'expired: code is missing',
    ],
    'sends visitors to a login': [
      () => onError((_error, _req, res, _next) => res.redirect('/login?next=/vote')),
      'missing: answers with a redirect',
    ],
    'checks tokens itself before the guard': [
      () =>
        behind((req, res, next) =>
          req.originalUrl.endsWith('=') ? void res.sendStatus(400) : next(),
        ),
      'paddedSignature: answered before the guard',
    ],
    'cuts tokens off': [
      () =>
        behind(
          rewriting((url) =>
            payloadOf(url).includes(`"exp":${now() / 1000}`) ? url.slice(0, -2) : url,
          ),
        ),
      'expired: refused for another reason',
    ],
    'lets shared caches keep pages of users': [
      () => app5().use(guard, withHeaders({ 'cdn-cache-control': 'max-age=600' }), answer),
      'signed-user-private only: a header for shared caches overrides it',
    ],
    'wants a vote': [
      () => app5().use(guard, (_req, res) => void res.sendStatus(422)),
      'signed-user: the handler expects another body or query',
    ],
    'fails in its handler': [
      () => app5().use(guard, failing),
      'signed-user: fails for a signed user',
    ],
    'fails, and shows the URL': [
      () => app5().use(guard, (req, res) => void res.status(500).send(req.originalUrl)),
      'signed-user: fails for a signed user',
    ],
    'hangs up': [
      () => (req, res) => void (res.destroyed || req.socket.destroy()),
      'signed-user: closed without an answer',
    ],
  }),
  ...species(forwardCases, {
    'shows the stack': [
      () => onError((error, _req, res, _next) => void res.status(error.status).send(error.stack)),
      'refusal-quiet only: how the app is built',
    ],
    'repeats what was sent': [
      () =>
        onError((error, req, res, _next) => void res.status(error.status).send(req.originalUrl)),
      'refusal-quiet only: gets the credential',
    ],
    'shows what a refused token says': [
      () =>
        onError(
          (error, req, res, _next) =>
            void res.status(error.status).send(payloadOf(req.originalUrl)),
        ),
      'refusal-quiet only: shows what a credential says although it was not verified',
    ],
    ...Object.fromEntries(
      ['cache-control', 'surrogate-control'].map((header) => [
        `lets caches keep refusals of its own by ${header}`,
        [
          () =>
            onError((error, _req, res, _next) => {
              res.status(error.status).set(header, 'public, max-age=60').end()
            }),
          'refusal-not-cached only: a cache may keep this answer',
        ] as const,
      ]),
    ),
  }),
  ...species(portalCases(fdback({ secret, workspaceId: 'ws_demo' }), ROUTE, { now }), {
    'tells a forger how close a forgery came': [
      () => {
        const portal = fdback({ secret, workspaceId: 'ws_demo' })
        return app5().use(guardOf({ rejections: 'forward' }, portal), answer, telling)
      },
      'forgeries-alike: how close a forgery came',
    ],
  }),
  ...species(messageCases, {
    'is configured wrongly': [
      () => problem(500, 'server_error'),
      'signed-user: ran before the guard',
    ],
  }),
]
