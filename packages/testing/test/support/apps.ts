import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Portal } from '@countersign/core'
import { requireSignedUser as guardExpress } from '@countersign/express'
import { requireSignedUser as guardKoa } from '@countersign/koa'
import type { GuardFacts } from '@countersign/testing'
import express5 from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { now } from './mint-portals'

export const FRAMEWORKS = ['Express 4', 'Express 5', 'Koa 2', 'Koa 3'] as const
export type Framework = (typeof FRAMEWORKS)[number]

const expresses = { 'Express 4': express4, 'Express 5': express5 }
const koas = { 'Koa 2': Koa2, 'Koa 3': Koa3 }

/** An app whose every page is for signed users; it answers with the user's id. */
export function guarded(
  framework: Framework,
  portal: Portal,
  facts: GuardFacts = {},
): RequestListener {
  const options = { ...facts, now }
  if (framework === 'Koa 2' || framework === 'Koa 3') {
    const app = new koas[framework]()
    app.silent = true // it would write each refusal to the console
    app.use(guardKoa(portal, options))
    app.use((ctx) => {
      ctx.body = { id: ctx.state['portalUser'].id }
    })
    const handle = app.callback()
    return (req, res) => void handle(req, res)
  }
  const app = expresses[framework]()
  app.use(guardExpress(portal, options), (req, res) => {
    res.json({ id: req.portalUser?.id })
  })
  return app
}

/** Runs `use` against a real server on a free port of the loopback interface, and closes it. */
export async function served<Value>(
  app: RequestListener,
  use: (port: number, server: Server) => Promise<Value>,
): Promise<Value> {
  const server = createServer(app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  try {
    return await use((server.address() as AddressInfo).port, server) // it listens on TCP
  } finally {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }
}
