import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import express5, { type Express } from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import fastify5, { type FastifyInstance } from 'fastify'
import fastify4 from 'fastify4'
import { getRequestListener } from '@hono/node-server'
import { Hono, type MiddlewareHandler } from 'hono'
import { fetchListener, statusOf, type FetchLayer } from './fetch-listener'

/** A server on the loopback interface. Whoever starts it closes it. */
export interface RunningServer {
  readonly port: number
  /** Closes all connections and waits until the port is free. */
  close(): Promise<void>
}

export type ExpressMajor = 4 | 5
export type KoaMajor = 2 | 3

export const EXPRESS: Readonly<Record<ExpressMajor, typeof express5>> = { 4: express4, 5: express5 }
export const KOA: Readonly<Record<KoaMajor, typeof Koa3>> = { 2: Koa2, 3: Koa3 }

export type FastifyMajor = 4 | 5
export const FASTIFY: Readonly<Record<FastifyMajor, typeof fastify5>> = { 4: fastify4, 5: fastify5 }

/** Starts an Express app. `mount` gets the app and its module (`json`, `Router` …). */
export function serveExpress(
  major: ExpressMajor,
  mount: (app: Express, express: typeof express5) => void,
): Promise<RunningServer> {
  const express = EXPRESS[major]
  const app = express()
  app.set('env', 'test') // the default error handler writes to the console in any other
  mount(app, express)
  return listen(app)
}

/** Starts a Koa app. Unhandled errors go to `app.on('error')` where `mount` adds a listener. */
export function serveKoa(major: KoaMajor, mount: (app: Koa3) => void): Promise<RunningServer> {
  const app = new KOA[major]()
  mount(app)
  if (app.listenerCount('error') === 0) app.silent = true // else it writes to the console
  const handle = app.callback()
  return listen((req, res) => void handle(req, res))
}

/** Starts layers of the Fetch API: each answers, or calls the next. */
export function serveFetch(layers: readonly FetchLayer[]): Promise<RunningServer> {
  return listen(fetchListener(layers))
}

/** Starts a Hono app on its own server for Node. */
export function serveHono(handlers: readonly MiddlewareHandler[]): Promise<RunningServer> {
  const app = new Hono()
  for (const handler of handlers) app.use(handler)
  app.onError((error) => new Response(null, { status: statusOf(error) }))
  const handle = getRequestListener(app.fetch)
  return listen((req, res) => void handle(req, res))
}

/** Starts a Fastify app that reads no body unless `mount` adds a parser. */
export async function serveFastify(
  major: FastifyMajor,
  mount: (app: FastifyInstance) => void,
): Promise<RunningServer> {
  const app = FASTIFY[major]({ forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  mount(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo // a TCP server that listens
  return { port, close: () => app.close() }
}

/** Starts any `node:http` handler. */
export async function listen(handler: RequestListener): Promise<RunningServer> {
  const server = createServer(handler)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

/** The Node request beneath what a callback in Express or Koa receives. */
export function incoming(native: unknown): IncomingMessage {
  const holder = native as { readonly req?: IncomingMessage } // an Express request has no `req`
  return holder.req ?? (native as IncomingMessage)
}

/** A header of the framework's own request, which may be one of the Fetch API. */
export function headerOf(native: unknown, name: string): string | undefined {
  const { headers, raw } = incoming(native) as Partial<IncomingMessage> & { raw?: Request } // as Hono wraps it
  const all = headers ?? raw?.headers
  return all instanceof Headers ? (all.get(name) ?? undefined) : (all?.[name] as string | undefined) // sent once
}
