import { harlyy, seggwat } from '@countersign/core/schemes'
import { requireSignedUser as guardKoa } from '@countersign/koa'
import { portalCases } from '@countersign/testing'
import type { Request, RequestHandler } from 'express'
import type { Middleware } from 'koa'
import Koa2 from 'koa2'
import { answer, app4, app5, koa, whoami } from '../support/apps'
import { now, secret } from '../support/samples'
import {
  guard,
  guardOf,
  lenient,
  linkCases,
  links,
  onError,
  override,
  payloadOf,
  problem,
  ROUTE,
  surveyCases,
  surveys,
} from './apps'
import { species, type Species } from './species'

const whoCases = portalCases(links, ROUTE, { now, whoami })
const cookieOf = (req: Request, name: string) =>
  new RegExp(`(?:^|; )${name}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1]

/** The project is whatever the request says. */
const projectFrom =
  (named: (req: Request) => string | undefined): RequestHandler =>
  (req, res, next) => {
    const projectKey = named(req) ?? 'abc123'
    guardOf({}, seggwat({ secret, projectKey }))(req, res, next)
  }

/** One-time links by hand: the nonce is recorded before anything else. */
const eager = (): RequestHandler => {
  const used = new Set<string>()
  const inner = guardOf({}, harlyy({ secret }))
  return (req, res, next) => {
    const text = /sig=([^&.]*)/.exec(req.originalUrl)?.[1] ?? ''
    const nonce = /"nonce":"([^"]*)"/.exec(
      Buffer.from(decodeURIComponent(text), 'base64').toString(),
    )?.[1]
    if (req.method === 'POST' && nonce !== undefined) {
      if (used.has(nonce)) return problem(401, 'token_replayed')(req, res)
      used.add(nonce)
    }
    inner(req, res, next)
  }
}

/** Guards that let in what they should not. */
export const letIn: readonly Species[] = [
  ...species(linkCases, {
    'lets requests with a cookie past the guard (Koa) ¦ ways-around only: an id in cookies: anyone can send that':
      () => {
        const inner = guardKoa(links, { now }) as unknown as Middleware // its state is narrower
        return koa(
          Koa2,
          (ctx, next) => (ctx.cookies.get('user_id') ? next() : inner(ctx, next)),
          (ctx) => {
            ctx.body = 'hello'
          },
        )
      },
    'believes a header of a proxy ¦ ways-around only: an id in headers': () =>
      lenient((req) => req.get('remote-user') !== undefined),
    'trusts its own machine ¦ ways-around only: does not run for a request with the server’s own address':
      () => lenient((req) => req.get('x-forwarded-for') === '127.0.0.1'),
    'trusts its own network ¦ ways-around only: with an address of a private network': () =>
      lenient((req) => req.get('x-forwarded-for')?.startsWith('10.') === true),
    'trusts what its own pages link to ¦ ways-around only: a page of the portal as its referrer':
      () => lenient((req) => req.get('referer')?.startsWith('https://seggwat.com/') === true),
    'lets search engines in ¦ ways-around only: name of a search engine': () =>
      lenient((req) => /Googlebot/.test(req.get('user-agent') ?? '')),
    'lets files in, by the end of the URL ¦ ways-around only: a query that ends like a file': () =>
      lenient((req) => /\.(?:css|js|png)$/.test(req.originalUrl)),
    'lets users in by a cookie that it does not sign ¦ changed-cookie only: cookie that was changed':
      () =>
        app5().use(
          (req, res, next) => {
            const id = cookieOf(req, 'portal')
            if (id) return void res.json({ id })
            guard(req, res, next)
          },
          (req, res) => {
            res.cookie('portal', req.portalUser?.id)
            res.json({ id: req.portalUser?.id })
          },
        ),
    'remembers who was let in by the connection ¦ connection: the user of a connection': () => {
      const known = new WeakSet<object>()
      return app5().use(
        (req, res, next) => (known.has(req.socket) ? next('route') : guard(req, res, next)),
        (req, _res, next) => {
          known.add(req.socket)
          next()
        },
        answer,
      )
    },
    'takes the project from the query ¦ audience-beside only: accepted with its name in the query':
      () =>
        app5().use(
          projectFrom(({ originalUrl }) => /[?&]project=([^&]*)/.exec(originalUrl)?.[1]),
          answer,
        ),
    'takes the project from a header ¦ audience-beside only: accepted with its name in a header':
      () =>
        app5().use(
          projectFrom((req) => req.get('x-tenant')),
          answer,
        ),
    'accepts what is for others ¦ wrongAudience: credentials for another project are accepted':
      () => lenient(({ originalUrl }) => /project_key":"(?!abc123")/.test(payloadOf(originalUrl))),
    'accepts what is not JSON ¦ notJson: wrong form or signature is accepted': () =>
      lenient(({ originalUrl }) => /^[^{]/.test(payloadOf(originalUrl))),
    'accepts one of two tokens ¦ duplicateParameter: of two credentials in one request': () =>
      lenient(({ originalUrl }) => /token=.*&token=/.test(originalUrl)),
    'accepts any e-mail address ¦ emailInvalid: a claim that is missing, or of a wrong type': () =>
      lenient(({ originalUrl }) => /"email":(?!"[^@]+@[^@]+")/.test(payloadOf(originalUrl))),
    'gives each visitor the answer of the last ¦ missing: an answer for a signed user is given to others':
      () => {
        let kept: unknown
        return app5().use(
          (req, res, next) => (kept ? void res.json(kept) : next()),
          guard,
          (req, res) => {
            res.json((kept = { id: req.portalUser?.id }))
          },
        )
      },
    'gives each user the answer of the first ¦ own-answer only: an answer for one user is given to the next':
      () => {
        let kept: unknown
        return app5().use(guard, (req, res) => {
          res.json((kept ??= { id: req.portalUser?.id }))
        })
      },
    'lets invalid requests pass as anonymous ¦ wrongSecret: or the verifier lets invalid requests pass as anonymous':
      () =>
        onError((_error, _req, res, _next) => {
          res.json({ id: null })
        }),
  }),
  ...species(whoCases, {
    'takes the user from the query where it has one ¦ who-is-it only: does not see the user that the guard let in':
      () =>
        app4().get(ROUTE, guard, (req, res) => {
          res.json({ id: req.query['id'] ?? req.portalUser?.id })
        }),
    'knows another user ¦ who-is-it: does not see the user': () =>
      app5().use(guard, (_req, res) => void res.json({ id: 'someone' })),
    'keeps the user where requests at the same time write ¦ who-is-it only: kept where another request writes it':
      () => {
        let current: unknown
        return app5().use(guard, (req, res) => {
          current = req.portalUser?.id
          setTimeout(() => res.json({ id: current }), 5)
        })
      },
    'keeps the user between requests ¦ who-is-it: kept where another request writes it': () => {
      let last: unknown
      return app5().use(guard, (req, res) => {
        const id = last
        last = req.portalUser?.id
        res.json({ id: id ?? last })
      })
    },
  }),
  ...species(portalCases(links, ROUTE, { now, whoami, mode: 'optional' }), {
    'takes a visitor for a guest ¦ who-is-it only: does not see the user': () =>
      app5().use(guardOf({ mode: 'optional' }), (req, res) => {
        res.json({ id: req.portalUser?.id ?? 'guest' })
      }),
  }),
  ...species(surveyCases, {
    'records a nonce before it verifies ¦ forged-first only: recorded before the signature is verified':
      () => app5().use(eager(), answer),
    'overrides methods before the guard, which uses links up with POST ¦ pretended-method only: overrides its method does the work':
      () => app5().use(override, guardOf({}, surveys), answer),
  }),
]
