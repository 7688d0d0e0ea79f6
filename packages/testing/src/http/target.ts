import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { once } from 'node:events'
import { Agent as SecureAgent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { mistake } from '../mistake'
import { bytesOf, exchange, type OpenTarget, type Site } from './exchange'

/**
 * What a case is sent to: a request handler such as an Express app or `koa.callback()`; a Koa or
 * Fastify app; a server, listening or not; the base URL of a running server; a `fetch` handler, or an
 * object that has one; any of them in supertest's `request(app)` or an agent.
 */
export type Target = Handler | FetchHandler | AppLike | ServerLike | SupertestLike | string | URL

/** A request handler, whatever it returns. */
type Handler = (...request: Parameters<RequestListener>) => unknown

/** A handler of the Fetch standard, as of Hono, Next.js route handlers, Bun and Deno. */
type FetchHandler = (request: Request) => Response | PromiseLike<Response>

/** A Koa app (`callback`), a Fastify app (`ready` and `server`) or a Hono app (`fetch`). */
type AppLike =
  | { callback(): Handler }
  | { ready(): PromiseLike<unknown>; readonly server: ServerLike }
  | { readonly fetch: FetchHandler }

/** supertest's `request(app)` and `request.agent(app)`. Neither has to be installed. */
interface SupertestLike {
  get(path: string): object
  post(path: string): object
}

/** A server of `node:http` or `node:https`. */
type ServerLike = Pick<Server, 'listening' | 'address' | 'listen' | 'close'>

/** What a target has: all members of one of these. */
const KINDS = ['call', 'listening', 'callback', 'fetch', 'server ready', 'get post']

/** @throws ConfigError for a value that requests cannot be sent to */
export function assertTarget(target: unknown): void {
  const isUrl = typeof target === 'string' || target instanceof URL
  const hasAll = (names: string) => names.split(' ').every((name) => name in Object(target))
  if (isUrl ? isBase(String(target)) : KINDS.some(hasAll)) return
  throw mistake(
    'Requests cannot be sent to this value',
    'Pass an app, a request handler, a server, a base URL or supertest’s request(app)',
  )
}

function isBase(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && !url.search && !url.hash
}

/** @throws ConfigError as `assertTarget` does */
export async function openTarget(target: Target, deadline: number): Promise<OpenTarget> {
  assertTarget(target)
  if (typeof target === 'string' || target instanceof URL) return openUrl(target, deadline)
  if (typeof target === 'object') {
    if ('listening' in target) return openServer(target, deadline)
    if ('server' in target && 'ready' in target) {
      await target.ready()
      return openServer(target.server, deadline)
    }
    if ('get' in target && 'post' in target && !('callback' in target) && !('fetch' in target)) {
      return openTarget(testedBy(target), deadline)
    }
  }
  return openServer(createServer(listenerFor(target)), deadline)
}

/** What supertest sends to. Some versions start it for each request that they make. */
function testedBy(supertest: SupertestLike): Target {
  const { app, _server } = supertest.get('/') as { app: Target; _server?: ServerLike } // as supertest keeps them
  _server?.close()
  return app
}

function listenerFor(target: Exclude<Target, string | URL>): RequestListener {
  if (typeof target === 'function') {
    const isFetch = target.length === 1 // an HTTP handler has at least two parameters
    return isFetch ? listenerOf(target as FetchHandler) : (target as RequestListener) // by its length
  }
  if ('callback' in target) return target.callback() as RequestListener // whatever it returns
  return listenerOf((request) => (target as { fetch: FetchHandler }).fetch(request)) // the only kind left
}

/** Serves a `fetch` handler over HTTP. */
function listenerOf(handle: FetchHandler): RequestListener {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const response = await handle(await requestOf(req))
    res.writeHead(response.status, [...response.headers].flat())
    res.end(Buffer.from(await response.arrayBuffer()))
  }
  return (req, res) => {
    answer(req, res).catch((error: unknown) => res.writeHead(500).end(Object(error).name))
  }
}

async function requestOf(req: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', headersDistinct } = req
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const body = method === 'GET' || method === 'HEAD' ? null : await bytesOf(req)
  const target = url.startsWith('/') ? `http://${req.headers.host ?? 'localhost'}${url}` : url
  return new Request(target, { method, headers, body })
}

function openUrl(base: string | URL, deadline: number): OpenTarget {
  const { protocol, host, hostname, pathname, port: told } = new URL(base)
  const port = Number(told || (protocol === 'https:' ? 443 : 80))
  const site = { protocol, host, prefix: pathname.replace(/\/+$/, '') }
  return overHttp(site, { host: hostname.replace(/^\[|\]$/g, ''), port }, deadline)
}

/** Starts a server that is not listening, and stops it again. */
async function openServer(server: ServerLike, deadline: number): Promise<OpenTarget> {
  const isOurs = !server.listening
  if (isOurs) await once(server.listen(0, '127.0.0.1') as Server, 'listening') // Node's own server
  const protocol = 'setSecureContext' in server ? 'https:' : 'http:'
  const site = { protocol, host: 'localhost', prefix: '' }
  const opened = overHttp(site, addressOf(server), deadline)
  return { ...opened, close: () => opened.close().then(() => (isOurs ? stop(server) : undefined)) }
}

function addressOf(server: ServerLike): object {
  const address = server.address() as AddressInfo | string // it is listening
  if (typeof address === 'string') return { socketPath: address }
  const host = address.address.replace(/^::$|^0\.0\.0\.0$/, '127.0.0.1')
  // a server of the test's own has a certificate of the test's own
  return { host, port: address.port, rejectUnauthorized: false }
}

function stop(server: ServerLike): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) (server as Server).closeAllConnections() // Node's own server
  })
}

function overHttp(site: Omit<Site, 'agent'>, address: object, deadline: number): OpenTarget {
  const options = { ...address, keepAlive: true }
  const agent = site.protocol === 'https:' ? new SecureAgent(options) : new Agent(options)
  return {
    host: site.host,
    send: (request) => exchange({ ...site, agent }, request, deadline),
    close: async () => agent.destroy(),
  }
}
