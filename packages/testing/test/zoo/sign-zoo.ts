import express from 'express'
import { signEndpoint } from '@countersign/express'
import { signEndpointCases } from '@countersign/testing'
import {
  ada,
  app,
  byHand,
  cases,
  changing,
  COOKIE,
  cors,
  secret,
  session,
  sign,
  SIGN,
} from './sign-apps'
import { links, messages, type Species } from './species'

/** Sign endpoints that sign too much, for too many, or for too long. */
export const signFaults: readonly Species[] = [
  {
    name: 'signs whom the body names',
    open: () =>
      app()
        .use(express.json())
        .post(
          SIGN,
          signEndpoint(links, { user: (req) => session(req) && { ...ada, ...req.body } }),
        ),
    cases,
    caughtBy: 'claims-in-body',
    means: /body/,
    also: [],
  },
  {
    name: 'signs whom the query names, and nobody’s request too',
    open: () =>
      app().post(
        SIGN,
        signEndpoint(links, {
          user: ({ query: { id } }) => (typeof id === 'string' ? { id } : ada),
        }),
      ),
    cases,
    caughtBy: 'claims-in-query',
    means: /query/,
    also: 'any',
  },
  {
    name: 'trusts a header that a proxy should have set',
    open: () =>
      app().post(
        SIGN,
        signEndpoint(links, {
          user: (req) => (req.get('x-user-id') ? { id: req.get('x-user-id')! } : session(req)),
        }),
      ),
    cases,
    caughtBy: 'claims-in-headers',
    means: /header/,
    also: ['nobody-with-headers'],
  },
  {
    name: 'signs a guest where nobody is signed in',
    open: () =>
      app().post(SIGN, signEndpoint(links, { user: (req) => session(req) ?? { id: 'guest' } })),
    cases,
    caughtBy: 'nobody',
    means: /signed in/,
    also: 'any',
  },
  {
    name: 'signs for pages of any other site',
    open: () =>
      app().post(
        SIGN,
        byHand(() => ada),
      ),
    cases,
    caughtBy: 'cross-site',
    means: /site/,
    also: 'any',
  },
  {
    name: 'lets pages of any origin read what it signed',
    open: () => app().use(cors).post(SIGN, sign),
    cases,
    caughtBy: 'no-reflected-origin',
    means: /origin/i,
    also: [],
  },
  {
    name: 'lets caches keep what it signed',
    open: () =>
      app().use(
        SIGN,
        (_req, res, next) => {
          const { writeHead } = res
          res.writeHead = function cacheable(...head: unknown[]) {
            res.setHeader('cache-control', 'max-age=60')
            return Reflect.apply(writeHead, res, head)
          } as typeof writeHead // it has several forms
          next()
        },
        sign,
      ),
    cases,
    caughtBy: 'not-cached',
    means: /cache/,
    also: ['refusal-not-cached'],
  },
  {
    name: 'sends its secret along, for debugging',
    open: () =>
      app().use(
        SIGN,
        (_req, res, next) => {
          res.set('x-debug', secret)
          next()
        },
        sign,
      ),
    cases,
    caughtBy: 'keeps-secret',
    means: /secret/,
    also: 'any',
  },
  {
    name: 'keeps the session of the last request',
    open: () => {
      let last: typeof ada | null = null
      return app().post(SIGN, signEndpoint(links, { user: (req) => (last = session(req) ?? last) }))
    },
    cases,
    caughtBy: 'nobody-after-user',
    means: /signed in/,
    also: 'any',
  },
  {
    name: 'answers with a token that is not the link’s',
    open: () =>
      app().use(
        SIGN,
        changing((body) => ({ ...body, token: `${String(body['token'])}x` })),
        sign,
      ),
    cases,
    caughtBy: 'signed-in',
    means: /none in the answer/,
    also: 'any',
  },
  {
    name: 'says that what it signed never ends',
    open: () =>
      app().use(
        SIGN,
        changing((body) => ('token' in body ? { ...body, expiresAt: 4_102_444_800_000 } : body)),
        sign,
      ),
    cases,
    caughtBy: 'ends',
    means: /life|ends|expires/,
    also: 'any',
  },
  {
    name: 'is opened with GET where it should be posted to',
    open: () =>
      app().all(
        SIGN,
        (req, _res, next) => {
          if (req.method === 'GET') req.method = 'POST'
          next()
        },
        signEndpoint(messages, { user: session }),
      ),
    cases: () => signEndpointCases(messages, SIGN, { asUser: { cookie: COOKIE }, user: ada }),
    caughtBy: 'other-methods',
    means: /method/,
    also: [],
  },
]
