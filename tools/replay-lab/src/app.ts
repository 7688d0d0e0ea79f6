import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReplayStore, VerifierOptions } from '@countersign/core'
import * as onExpress from '@countersign/express'
import * as onKoa from '@countersign/koa'
import express from 'express'
import Koa from 'koa'
import { newPortal, PATH } from './links'

/** What a handler is given. */
export interface Visit {
  readonly nonce: string
  /** Uses the link up for good, now. */
  consume(): Promise<void>
  /** Settles when the client has hung up. */
  readonly gone: Promise<void>
}

export interface AppOptions {
  /** @default 'express' */
  readonly framework?: 'express' | 'koa' | undefined
  readonly store?: ReplayStore | undefined
  readonly consume?: VerifierOptions['consume']
  /** Seconds. @default DEADLINE */
  readonly storeDeadline?: number | undefined
  readonly nonceRetention?: number | undefined
  readonly now?: (() => number) | undefined
  /** What the handler does before it succeeds. @default nothing */
  readonly work?: ((visit: Visit) => Promise<void> | void) | undefined
}

/** An application behind a real socket. */
export interface App {
  readonly port: number
  /** How often the handler ran to success, by nonce. */
  successes(): Promise<Readonly<Record<string, number>>>
  /** Rejections that nobody handled in its process, if that is one of its own. */
  unhandled(): Promise<number>
  close(): Promise<void>
}

/** How long the store may take, in seconds. */
export const DEADLINE = 0.25
/** The longest that it may be told to take, in seconds: where the store is well, and not the question. */
export const PATIENT = 2

export async function startApp(options: AppOptions = {}): Promise<App> {
  const successes: Record<string, number> = {}
  const run = async (visit: Visit): Promise<void> => {
    await options.work?.(visit)
    successes[visit.nonce] = (successes[visit.nonce] ?? 0) + 1
  }
  const { framework = 'express' } = options
  const server = createServer(framework === 'koa' ? koaApp(run, options) : expressApp(run, options))
  server.keepAliveTimeout = 0 // nobody hangs up between two phases
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    successes: async () => successes,
    unhandled: async () => 0, // in this very process, which watches for itself
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Run = (visit: Visit) => Promise<void>

function expressApp(run: Run, options: AppOptions): RequestListener {
  const app = express()
  app.set('env', 'test') // in any other it prints what a handler throws
  const guard = onExpress.requireSignedUser(newPortal(), guardOptions(options))
  app.post(PATH, guard, async (req, res) => {
    const { nonce } = onExpress.getPortalUser(req)
    const gone = new Promise<void>((resolve) => res.once('close', resolve))
    await run({ nonce, gone, consume: () => req.portalAuth!.consume() })
    res.json({ nonce })
  })
  return app
}

function koaApp(run: Run, options: AppOptions): RequestListener {
  const app = new Koa()
  app.silent = true // it would print what a handler throws
  app.use(onKoa.requireSignedUser(newPortal(), guardOptions(options))).use(async (ctx) => {
    const { nonce } = onKoa.getPortalUser(ctx)
    const gone = new Promise<void>((resolve) => ctx.res.once('close', resolve))
    await run({ nonce, gone, consume: () => ctx.state.portalAuth!.consume() })
    ctx.body = { nonce }
  })
  const handle = app.callback()
  return (req, res) => void handle(req, res)
}

function guardOptions(options: AppOptions): {
  readonly replayStore: ReplayStore | undefined
  readonly storeDeadline: number
  readonly consume: VerifierOptions['consume']
  readonly nonceRetention: number | undefined
  readonly now: (() => number) | undefined
} {
  const { store: replayStore, storeDeadline = DEADLINE, consume, nonceRetention, now } = options
  return { replayStore, storeDeadline, consume, nonceRetention, now }
}
