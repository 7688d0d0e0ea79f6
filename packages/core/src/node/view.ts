import type { IncomingMessage } from 'node:http'
import type { Awaitable, RequestView } from '../index'
import { takeBody, type BodyHolder } from './body'

/** What a framework's request tells about its proxy. */
interface ProxyAware {
  /** Express: its `host` has no port in version 4, so its setting is asked. */
  readonly app?: { get?(setting: string): unknown } | undefined
  /** Koa and Fastify 5: taken from `X-Forwarded-Host` where the application trusts its proxy. */
  readonly host?: unknown
  /** Fastify 4: likewise, with its port. */
  readonly hostname?: unknown
}

/** The core's view of a Node request, HTTP/1 or HTTP/2. */
export class NodeView<Native> implements RequestView<Native> {
  readonly method: string
  /** Path and query as the client sent them. */
  readonly target: string
  /** The framework's own request. */
  readonly native: Native
  private readonly req: IncomingMessage
  /** Where the framework keeps a body that was read. */
  private readonly holder: BodyHolder

  constructor(req: IncomingMessage, holder: BodyHolder, target: string, native: Native) {
    this.req = req
    this.method = req.method ?? 'GET'
    this.holder = holder
    this.target = target
    this.native = native
  }

  /** The host as the framework names it; `undefined` where it trusts no proxy to name one. */
  get host(): string | undefined {
    const native = this.native as ProxyAware
    const trusts = native.app?.get?.('trust proxy fn')
    if (typeof trusts !== 'function') {
      const { host = native.hostname } = native
      return typeof host === 'string' && host !== '' ? host : undefined
    }
    const forwarded = this.headers('x-forwarded-host')[0]?.split(',')[0]?.trim()
    return forwarded && trusts(this.req.socket.remoteAddress, 0) ? forwarded : undefined
  }

  get parsedBody(): unknown {
    return this.holder.body
  }

  /** From the raw list: Node's own object joins repeated headers, or keeps only the first. */
  headers(name: string): string[] {
    const { rawHeaders, headers } = this.req
    if (!rawHeaders?.length) return valuesIn(headers, name) // Node's parser did not make this request
    const values: string[] = []
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const sent = rawHeaders[index] as string // within bounds
      if (sent.length === name.length && sent.toLowerCase() === name) {
        values.push(String(rawHeaders[index + 1]))
      }
    }
    return values
  }

  body(limit: number): Awaitable<Uint8Array> {
    return takeBody(this.req, this.holder, limit)
  }
}

/**
 * The values of a header on a request that Node's parser did not make, as of a serverless wrapper or
 * a mock: a joined value is one, an array is several.
 * @throws TypeError where there are no headers: a check that found none would let the request pass
 */
function valuesIn(headers: object | undefined, name: string): string[] {
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError('The request has neither `rawHeaders` nor `headers`')
  }
  const all = Symbol.iterator in headers ? [...(headers as Headers)] : Object.entries(headers) // those of Fetch are a list
  return all
    .filter(([sent, value]) => sent.toLowerCase() === name && value !== undefined)
    .flatMap(([, value]) => value)
    .map(String)
}
