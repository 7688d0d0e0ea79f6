import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GuardOptions, Portal, SignEndpointOptions } from '@countersign/core'
import {
  requireSignedUser as guardExpress,
  signEndpoint as signExpress,
} from '@countersign/express'
import type { CaseResponse } from '@countersign/testing'
import { requireSignedUser as guardKoa, signEndpoint as signKoa } from '@countersign/koa'
import express5, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { now } from './samples'

export const FRAMEWORKS = ['Express 4', 'Express 5', 'Koa 2', 'Koa 3'] as const
export type Framework = (typeof FRAMEWORKS)[number]

/** An app of Express that writes nothing to the console. */
export const app4 = (): Express => express4().set('env', 'test')
export const app5 = (): Express => express5().set('env', 'test')

export function koa(Koa: typeof Koa3, ...all: readonly Koa3.Middleware[]): RequestListener {
  const app = new Koa()
  app.silent = true
  for (const each of all) app.use(each)
  const handle = app.callback()
  return (req, res) => void handle(req, res)
}

const koas = { 'Koa 2': Koa2, 'Koa 3': Koa3 }
const expresses = { 'Express 4': app4, 'Express 5': app5 }

const isKoa = (framework: Framework): framework is keyof typeof koas => framework in koas

/** Answers with the id of the user. */
export const answer: RequestHandler = (req, res) =>
  void res.json({ id: req.portalUser?.id ?? null })

/** Reads it. */
export const whoami = ({ body }: CaseResponse): unknown => (body as { readonly id?: unknown }).id // see `answer`

/** An app whose every page is guarded; it answers with the user's id. */
export function guarded(
  framework: Framework,
  portal: Portal,
  options: Omit<GuardOptions, 'onVerified' | 'onRejected' | 'onRotatedKey' | 'tenant'> = {},
): RequestListener {
  const all = { now, ...options }
  if (!isKoa(framework)) return expresses[framework]().use(guardExpress(portal, all), answer)
  return koa(koas[framework], guardKoa(portal, all) as Koa3.Middleware, (ctx) => {
    ctx.body = { id: ctx.state['portalUser']?.id ?? null } // its state is narrower
  })
}

export const COOKIE = 'session=ada'

type SigningOptions = Omit<SignEndpointOptions<never, never>, 'user' | 'onRejected'>

/** An app whose every page signs the user of the session in the cookie. */
export function signing(
  framework: Framework,
  portal: Portal,
  { user, ...options }: SigningOptions & { readonly user: unknown },
): RequestListener {
  const signedIn = (req: IncomingMessage) =>
    (req.headers.cookie?.includes(COOKIE) ? user : null) as never // the portal's own input
  const all = { now, ...options }
  return isKoa(framework)
    ? koa(koas[framework], signKoa(portal, { ...all, user: ({ req }) => signedIn(req) }))
    : expresses[framework]().use(signExpress(portal, { ...all, user: signedIn }))
}

/** Runs `use` against a real server on the loopback interface, and closes it. */
export async function served<Value>(
  app: RequestListener,
  use: (port: number, server: Server) => Promise<Value>,
): Promise<Value> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use((server.address() as AddressInfo).port, server) // it listens on TCP
  } finally {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }
}
