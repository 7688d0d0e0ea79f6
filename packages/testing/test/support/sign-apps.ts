import type { IncomingMessage, RequestListener } from 'node:http'
import type { Portal, SignEndpointOptions } from '@countersign/core'
import { signEndpoint as forExpress } from '@countersign/express'
import { signEndpoint as forKoa } from '@countersign/koa'
import express5 from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import type { Framework } from './apps'
import { now } from './mint-portals'

const expresses = { 'Express 4': express4, 'Express 5': express5 }
const koas = { 'Koa 2': Koa2, 'Koa 3': Koa3 }

export const COOKIE = 'session=ada'

/** Who is signed in, by the session's cookie. */
export function whoseSession(req: IncomingMessage, user: unknown): never {
  return (req.headers.cookie?.includes(COOKIE) ? user : null) as never // the portal's own input
}

type Options = Omit<SignEndpointOptions<never, never>, 'user' | 'now' | 'onRejected'>

/** An app whose every page is a sign endpoint for whoever has the cookie. */
export function signing(
  framework: Framework,
  portal: Portal,
  { user, ...options }: Options & { readonly user: unknown },
): RequestListener {
  if (framework === 'Koa 2' || framework === 'Koa 3') {
    const app = new koas[framework]()
    app.silent = true
    app.use(forKoa(portal, { ...options, now, user: ({ req }) => whoseSession(req, user) }))
    const handle = app.callback()
    return (req, res) => void handle(req, res)
  }
  const app = expresses[framework]()
  app.use(forExpress(portal, { ...options, now, user: (req) => whoseSession(req, user) }))
  return app
}
