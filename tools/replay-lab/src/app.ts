import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { VerifierOptions } from '@countersign/core'
import * as onExpress from '@countersign/express'
import * as onKoa from '@countersign/koa'
import express from 'express'
import Koa from 'koa'
import { newPortal, PATH } from './links'

/** What a handler receives. */
export interface Visit {
  /** How many handlers of this app have begun with this link, this one included. */
  readonly attempt: number
  /** Uses the link up for good, now. */
  consume(): Promise<void>
}

export interface AppOptions extends VerifierOptions {
  /** @default 'express' */
  readonly framework?: 'express' | 'koa' | undefined
  /** What the handler does before it succeeds. @default nothing */
  readonly work?: ((visit: Visit) => Promise<void> | void) | undefined
}

/** An application behind a real socket. */
export interface App {
  readonly port: number
  report(): Promise<AppReport>
  close(): Promise<void>
}

export interface AppReport {
  /** How many handlers have begun. */
  readonly begun: number
  /** How often the handler ran to success, by nonce. */
  readonly successes: Readonly<Record<string, number>>
  /** Unhandled rejections and exceptions in its process, if it has one of its own. */
  readonly unhandled: number
}

/** The time that the store has to answer, in seconds, while it is disturbed. */
export const DEADLINE = 0.25
/** The same where the store works. It is the longest that is allowed. */
export const PATIENT = 2

export async function startApp({ framework, work, ...options }: AppOptions): Promise<App> {
  const attempts: Record<string, number> = {}
  const successes: Record<string, number> = {}
  const run: Run = async (nonce, consume) => {
    const attempt = (attempts[nonce] = (attempts[nonce] ?? 0) + 1)
    await work?.({ attempt, consume })
    successes[nonce] = (successes[nonce] ?? 0) + 1
  }
  const guarded = framework === 'koa' ? koaApp : expressApp
  const server = createServer(guarded(run, { storeDeadline: DEADLINE, ...options }))
  server.keepAliveTimeout = 0 // connections stay open between two phases
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    report: async () => ({ begun: total(attempts), successes, unhandled: 0 }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Run = (nonce: string, consume: () => Promise<void>) => Promise<void>

function expressApp(run: Run, options: VerifierOptions): RequestListener {
  const app = express()
  app.set('env', 'test') // in any other it prints what a handler throws
  app.post(PATH, onExpress.requireSignedUser(newPortal(), options), async (req, res) => {
    const { nonce } = onExpress.getPortalUser(req)
    await run(nonce, () => req.portalAuth!.consume())
    res.json({ nonce })
  })
  return app
}

function koaApp(run: Run, options: VerifierOptions): RequestListener {
  const app = new Koa()
  app.silent = true // it would print what a handler throws
  app.use(onKoa.requireSignedUser(newPortal(), options)).use(async (ctx) => {
    const { nonce } = onKoa.getPortalUser(ctx)
    await run(nonce, () => ctx.state.portalAuth!.consume())
    ctx.body = { nonce }
  })
  const handle = app.callback()
  return (req, res) => void handle(req, res)
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0)
}

/** Counts the unhandled rejections and exceptions of this process. */
export function watchUnhandled(): { count(): number; stop(): void } {
  let count = 0
  const add = (): void => void count++
  process.on('unhandledRejection', add).on('uncaughtException', add)
  return {
    count: () => count,
    stop: () => void process.off('unhandledRejection', add).off('uncaughtException', add),
  }
}
