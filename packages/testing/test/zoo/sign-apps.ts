import express, { type Express, type Request, type RequestHandler } from 'express'
import { createSigner, signEndpoint } from '@countersign/express'
import { signEndpointCases, testSecret } from '@countersign/testing'
import { links } from './species'

export const SIGN = '/api/sign'
export const COOKIE = 'session=ada'
export const ada = { id: 7, email: 'ada@example.com', name: 'Ada' }
export const secret = testSecret('seggwat')

export const session = ({ headers }: Request) => (headers.cookie === COOKIE ? ada : null)
export const sign = signEndpoint(links, { user: session })
export const app = (): Express => express().set('env', 'test')
export const cases = () =>
  signEndpointCases(links, SIGN, { asUser: { cookie: COOKIE }, user: ada, secret })

/** An endpoint of one's own, as it is often written. */
export const byHand =
  (who: (req: Request) => object): RequestHandler =>
  async (req, res) => {
    const { url, token, expiresAt } = await createSigner(links).sign(who(req) as typeof ada)
    res.set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    res.set('x-content-type-options', 'nosniff').json({ url, token, expiresAt })
  }

export const cors: RequestHandler = (req, res, next) => {
  const { origin } = req.headers
  if (origin) {
    res.set({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
    })
  }
  if (req.method === 'OPTIONS') return void res.sendStatus(204)
  next()
}

export const changing =
  (change: (body: Record<string, unknown>) => unknown): RequestHandler =>
  (_req, res, next) => {
    const { end } = res
    res.end = function changed(body: unknown, ...rest: unknown[]) {
      const text = String(body)
      const isJson = text.startsWith('{')
      const sent = isJson ? JSON.stringify(change(JSON.parse(text))) : text
      return Reflect.apply(end, res, [sent, ...rest])
    } as typeof end // it has several forms
    next()
  }
