import { createSigner, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy } from '@countersign/core/schemes'
import { signEndpoint } from '@countersign/express'
import { signEndpointCases } from '@countersign/testing'
import type { Request, RequestHandler } from 'express'
import { app5, COOKIE } from '../support/apps'
import { now, secret } from '../support/samples'
import { problem } from './apps'

export const SIGN = '/api/sign'
export const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
const grace = { id: 8, email: 'grace@example.com', name: 'Grace' }
export const portal = featkit({ secret, slug: 'acme' })
export const messages = fdback({ secret, workspaceId: 'ws_demo' })
export const surveys = harlyy({ secret, businessId: 'acme', surveyId: 'q1' })

export const session = ({ headers }: Request) =>
  headers.cookie?.includes(COOKIE) ? ada : headers.cookie?.includes('session=grace') ? grace : null
export const asUser = { cookie: COOKIE }
export const options = { asUser, asOther: { cookie: 'session=grace' }, user: ada, now, secret }
export const cases = signEndpointCases(portal, SIGN, options)
export const allowed = 'https://app.example.com'
export const originCases = signEndpointCases(portal, SIGN, {
  ...options,
  allowedOrigins: [allowed],
})

export const endpoint = (given: object = {}, to: Portal = portal): RequestHandler =>
  signEndpoint(to as typeof portal, { now, user: session, ...given })
export const open = (given: object = {}, to?: Portal) => app5().post(SIGN, endpoint(given, to))
export const who = (user: (req: Request) => unknown) => open({ user })
export const before = (...all: readonly RequestHandler[]) => app5().use(SIGN, ...all, endpoint())

/** An endpoint as people write it, which protects its answer. */
export const byHand =
  (answer: (signed: object, req: Request) => object, to: Portal = portal): RequestHandler =>
  async (req, res) => {
    if (!session(req)) return problem(401, 'unauthenticated')(req, res)
    const signed = await createSigner(to, { now }).sign(session(req) as never) // the portal's own input
    res.set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    res.set('x-content-type-options', 'nosniff').json(answer(signed, req))
  }

export const changing =
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

export const cors: RequestHandler = (req, res, next) => {
  const { origin = '' } = req.headers
  res.set({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' })
  if (req.method === 'OPTIONS') return void res.sendStatus(204)
  next()
}

/** Does not see headers with this value. */
export const ignoring = (value: string) => () =>
  before(({ rawHeaders }, _res, next) => {
    const at = rawHeaders.indexOf(value)
    if (at > 0) rawHeaders.splice(at - 1, 2)
    next()
  })

/** Compares origins by a rule of its own. */
export const originBy = (isOwn: (origin: string) => boolean) => () =>
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
export const sentTo = (address: (req: Request) => string) => () =>
  before(
    changing((body, req) => ({
      ...body,
      url: String(body['url']).replace('https://featkit.com', address(req)),
    })),
  )

export const signs = (to: Portal) => () => app5().post(SIGN, endpoint({}, to))
