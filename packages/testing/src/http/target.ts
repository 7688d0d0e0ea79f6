import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mistake } from '../mistake'
import { exchange, keepingAgent, type OpenTarget, type Site } from './exchange'
import { listenerOf, type FetchHandler } from './fetch-handler'
import { supertestTarget, type SupertestLike } from './supertest'

/**
 * What a case is sent to: a request handler such as an Express app or `koa.callback()`; a Koa or
 * Fastify app; a server, listening or not; the base URL of a running server; supertest's
 * `request(app)` or an agent; a `fetch` handler, or an object that has one.
 */
export type Target = Handler | FetchHandler | AppLike | ServerLike | SupertestLike | string | URL

/** A request handler, whatever it returns. */
type Handler = (...request: Parameters<RequestListener>) => unknown

/** A Koa app (`callback`), a Fastify app (`ready` and `server`) or a Hono app (`fetch`). */
type AppLike =
  | { callback(): Handler }
  | { ready(): PromiseLike<unknown>; readonly server: ServerLike }
  | { readonly fetch: FetchHandler }

/** A server of `node:http` or `node:https`. */
type ServerLike = Pick<Server, 'listening' | 'address' | 'listen' | 'close' | 'once' | 'off'>

/**
 * @param deadline for each answer, in milliseconds
 * @throws ConfigError for a value that requests cannot be sent to
 */
export async function openTarget(target: Target, deadline: number): Promise<OpenTarget> {
  if (typeof target === 'string' || target instanceof URL) return openUrl(target, deadline)
  if (typeof target === 'object' && target !== null) {
    if ('listening' in target) return openServer(target, deadline)
    if ('server' in target && 'ready' in target) {
      await target.ready()
      return openServer(target.server, deadline)
    }
    if ('get' in target && 'post' in target && !('callback' in target) && !('fetch' in target)) {
      return supertestTarget(target, deadline)
    }
  }
  return openServer(createServer(listenerFor(target)), deadline)
}

function listenerFor(target: Exclude<Target, string | URL>): RequestListener {
  if (typeof target === 'function') {
    const isFetch = target.length === 1 // an HTTP handler has at least two parameters
    return isFetch ? listenerOf(target as FetchHandler) : (target as RequestListener) // by its length
  }
  if (typeof target !== 'object' || target === null) throw notATarget()
  if ('callback' in target) return target.callback() as RequestListener // whatever it returns
  if (!('fetch' in target) || typeof target.fetch !== 'function') throw notATarget()
  return listenerOf((request) => target.fetch(request))
}

const notATarget = () =>
  mistake(
    'Requests cannot be sent to this value',
    'Pass an app, a request handler, a server, a base URL or supertest’s request(app)',
  )

function openUrl(base: string | URL, deadline: number): OpenTarget {
  const url = URL.canParse(String(base)) ? new URL(base) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) throw notATarget()
  const isSecure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (isSecure ? 443 : 80))
  const prefix = url.pathname.replace(/\/+$/, '')
  const site = { connection: { host, port }, isSecure, host: url.host, prefix }
  return overHttp(site, deadline, () => Promise.resolve())
}

/** Starts a server that is not listening, and stops it again. */
async function openServer(server: ServerLike, deadline: number): Promise<OpenTarget> {
  const isOurs = !server.listening
  if (isOurs) await listen(server)
  const site = { ...addressOf(server), host: 'localhost', prefix: '' }
  return overHttp(site, deadline, () => (isOurs ? stop(server) : Promise.resolve()))
}

function listen(server: ServerLike): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject) // each case starts the same server again
      resolve()
    })
    server.listen(0, '127.0.0.1')
  })
}

function addressOf(server: ServerLike): Pick<Site, 'connection' | 'isSecure'> {
  const address = server.address() as AddressInfo | string // it is listening
  const isSecure = 'setSecureContext' in server
  if (typeof address === 'string') return { connection: { socketPath: address }, isSecure: false }
  const host = address.address.replace(/^::$|^0\.0\.0\.0$/, '127.0.0.1')
  // a server of the test's own has a certificate of the test's own
  return { connection: { host, port: address.port, rejectUnauthorized: false }, isSecure }
}

function stop(server: ServerLike): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) (server as Server).closeAllConnections() // Node's own server
  })
}

function overHttp(site: Site, deadline: number, close: () => Promise<void>): OpenTarget {
  const agent = keepingAgent(site)
  return {
    host: site.host,
    send: (request) => exchange(site, request, deadline, agent),
    close() {
      agent.destroy()
      return close()
    },
  }
}
