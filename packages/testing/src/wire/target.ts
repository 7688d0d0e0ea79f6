import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError } from '@countersign/core'
import type { RawAnswer } from './raw-answer'
import { openRaw, requestBytes, sendRaw, type Address, type RawRequest } from './raw-http'
import { supertestTarget, type SupertestLike } from './through-supertest'

/**
 * What a case is sent to: a request handler such as an Express app or `koa.callback()`, a Koa app, a
 * server, listening or not, the base URL of something that runs, or supertest's `request(app)`.
 */
export type Target = Handler | KoaLike | ServerLike | SupertestLike | string | URL

/** A request handler, whatever it gives back. */
type Handler = (...request: Parameters<RequestListener>) => unknown

/** A Koa app. */
export interface KoaLike {
  callback(): Handler
}

/** A server of `node:http` or `node:https`. */
export interface ServerLike {
  readonly listening: boolean
  address(): AddressInfo | string | null
  listen(port: number, host: string): unknown
  close(done?: () => void): unknown
  once(event: string, listener: (error?: Error) => void): unknown
  off(event: string, listener: (error?: Error) => void): unknown
}

/** One after the other on one connection. */
export interface Line {
  send(request: RawRequest): Promise<RawAnswer>
  close(): void
}

/** A target that answers. */
export interface OpenTarget {
  /** On a connection of its own. */
  send(request: RawRequest): Promise<RawAnswer>
  /** For requests that are to share a connection, where the target lets us choose. */
  connect(): Promise<Line>
  /** Closes what was opened for the target, and nothing else. */
  close(): Promise<void>
}

/**
 * @param deadline how long it may take for each answer, in milliseconds
 * @throws ConfigError `misconfigured` for what is none of the possible targets
 */
export async function openTarget(target: Target, deadline: number): Promise<OpenTarget> {
  if (typeof target === 'string' || target instanceof URL) return openUrl(target, deadline)
  if (typeof target === 'function') return openServer(createServer(target), deadline)
  if (typeof target !== 'object' || target === null) throw notATarget()
  if (isServer(target)) return openServer(target, deadline)
  if (isKoa(target)) return openServer(serverOf(target), deadline)
  if (isSupertest(target)) return supertestTarget(target, deadline)
  throw notATarget()
}

function isServer(target: object): target is ServerLike {
  return 'listening' in target && 'address' in target
}

function isKoa(target: object): target is KoaLike {
  return 'callback' in target && typeof target.callback === 'function'
}

function isSupertest(target: object): target is SupertestLike {
  return 'get' in target && typeof target.get === 'function' && 'post' in target
}

function serverOf(app: KoaLike): ServerLike {
  const handle = app.callback()
  return createServer((req, res) => void handle(req, res))
}

function notATarget(): ConfigError {
  return new ConfigError('option_invalid', {
    problem: 'This is nothing that a request can be sent to',
    fix: 'Pass an Express or Koa app, a server, a base URL or supertest’s request(app)',
  })
}

function openUrl(base: string | URL, deadline: number): OpenTarget {
  const url = URL.canParse(String(base)) ? new URL(base) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) throw notATarget()
  const secure = url.protocol === 'https:'
  const address = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 443 : 80)),
    secure: secure ? { trusted: true } : undefined,
  }
  const prefix = url.pathname.replace(/\/+$/, '')
  const site = { address, host: url.host, prefix, deadline }
  return { ...rawTarget(site), close: () => Promise.resolve() }
}

/** Starts a server that does not listen yet, and stops it again. */
async function openServer(server: ServerLike, deadline: number): Promise<OpenTarget> {
  const own = !server.listening
  if (own) await listening(server)
  const site = { address: addressOf(server), host: 'localhost', prefix: '', deadline }
  return { ...rawTarget(site), close: () => (own ? closed(server) : Promise.resolve()) }
}

function listening(server: ServerLike): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error?: Error): void => reject(error ?? new Error('It does not listen'))
    server.once('error', failed)
    server.once('listening', () => {
      server.off('error', failed) // a case opens the same server again
      resolve()
    })
    server.listen(0, '127.0.0.1')
  })
}

function addressOf(server: ServerLike): Address {
  const address = server.address()
  if (address === null) throw notATarget()
  if (typeof address === 'string') return { path: address }
  const host = address.address.replace(/^::$|^0\.0\.0\.0$/, '127.0.0.1')
  // its certificate is the test's own
  const secure = 'setSecureContext' in server ? { trusted: false } : undefined
  return { host, port: address.port, secure }
}

function closed(server: ServerLike): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    const { closeAllConnections: hangUp } = server as { closeAllConnections?: () => void } // Node's has it
    hangUp?.call(server)
  })
}

interface Site {
  readonly address: Address
  readonly host: string
  /** What stands before every path. */
  readonly prefix: string
  readonly deadline: number
}

function rawTarget({ address, host, prefix, deadline }: Site): Omit<OpenTarget, 'close'> {
  const placed = ({ target, headers = [], ...rest }: RawRequest): RawRequest => {
    const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
    return {
      ...rest,
      target: target.startsWith('/') ? prefix + target : target,
      headers: hasHost ? headers : [['Host', host], ...headers],
    }
  }
  return {
    send: (request) => sendRaw(address, placed(request), deadline),
    async connect() {
      const connection = await openRaw(address, deadline)
      return {
        send(request) {
          connection.write(requestBytes(placed(request)))
          return connection.answer(request.method)
        },
        close: () => connection.abort(),
      }
    },
  }
}
