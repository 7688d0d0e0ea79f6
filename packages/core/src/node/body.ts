import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConfigError, Rejection, type Awaitable } from '../index'

/** Where a framework keeps the body: an Express request, a Koa `ctx.request`. */
export interface BodyHolder {
  rawBody?: unknown
  body?: unknown
}

/**
 * A `verify` hook for `express.json()` and the other parsers of Express: keeps the bytes that were
 * signed, so that a guard behind the parser can check them. `express.json({ verify: keepRawBody })`.
 */
export function keepRawBody(req: IncomingMessage, _res: ServerResponse, bytes: Buffer): void {
  ;(req as IncomingMessage & BodyHolder).rawBody = bytes
}

/**
 * The exact bytes of the body, whether a parser has read them or nothing has. A parsed body is never
 * written as text again: that would be another text, with another signature.
 * @param limit bytes
 * @throws ConfigError `raw_body_unavailable` where a parser has read them and did not keep them all
 */
export function takeBody(
  req: Incoming & BodyHolder,
  holder: BodyHolder,
  limit: number,
): Awaitable<Uint8Array> {
  const kept = keptBytes(req, holder)
  if (kept && isWhole(kept, req)) return withinLimit(kept.bytes, limit)
  const length = announcedLength(req)
  if (length === 0 && !isParsed(holder.body)) return Buffer.alloc(0)
  if (isTouched(req)) throw unavailable(req, holder, kept)
  if (length !== undefined && length > limit) throw new Rejection('body_too_large')
  return readOnce(req, limit).then((bytes) => {
    req.rawBody = bytes // not on Koa's request, whose parsers keep text there
    return bytes
  })
}

interface Kept {
  readonly bytes: Buffer
  readonly isText: boolean
}

function keptBytes(req: BodyHolder, holder: BodyHolder): Kept | undefined {
  for (const kept of [holder.rawBody, req.rawBody, holder.body]) {
    if (typeof kept === 'string') return { bytes: Buffer.from(kept, 'utf8'), isText: true }
    if (kept instanceof Uint8Array) {
      const bytes = Buffer.from(kept.buffer, kept.byteOffset, kept.length)
      return { bytes, isText: false }
    }
  }
  return undefined
}

/** What a decoder of text drops at the start of a body, in bytes. */
const BYTE_ORDER_MARK = 3

/** False for the beginning of a body, or for a placeholder that middleware is still filling. */
function isWhole({ bytes, isText }: Kept, req: Incoming): boolean {
  const isGrowing = req.readableFlowing === true && !req.readableEnded
  if (isGrowing) return false
  const length = announcedLength(req)
  if (length === undefined) return req.complete || req.stream?.readableEnded === true
  return bytes.length >= length - (isText ? BYTE_ORDER_MARK : 0)
}

function withinLimit(bytes: Buffer, limit: number): Buffer {
  if (bytes.length > limit) throw new Rejection('body_too_large')
  return bytes
}

/**
 * HTTP/1 announces a body with one of two headers; HTTP/2 ends the stream with the headers.
 * @returns bytes; `undefined` where only the end of the body tells
 */
function announcedLength(req: Incoming): number | undefined {
  const { 'transfer-encoding': transfer, 'content-length': length } = req.headers
  if (req.httpVersionMajor >= 2 && req.stream?.endAfterHeaders === true) return 0
  if (length !== undefined) return Number(length)
  return transfer === undefined && !(req.httpVersionMajor >= 2) ? 0 : undefined
}

/** Parsers also leave an empty object where there is no body. */
function isParsed(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length > 0
}

/** Other code has read from the stream, is about to, or has it decoded as text. */
function isTouched(req: Incoming): boolean {
  const { readableDidRead, readableEnded, readableFlowing, readableEncoding } = req
  return readableDidRead || readableEnded || readableFlowing === true || readableEncoding !== null
}

function unavailable(req: Incoming, holder: BodyHolder, kept: Kept | undefined): ConfigError {
  const problem = kept
    ? 'The body that was kept before the guard is not complete'
    : 'The body was read before the guard, and its bytes were not kept'
  const isFastify = 'raw' in holder
  const earlier = isFastify
    ? 'Add the guard as an `onRequest` hook'
    : 'Mount the guard before the parser'
  const fix = `${earlier}, or let the parser keep the bytes: ${parserFor(req, holder)}`
  return new ConfigError('raw_body_unavailable', { problem, fix })
}

/** The parser that has probably read the body, with the option by which it keeps the bytes. */
function parserFor(req: Incoming, holder: BodyHolder): string {
  if ('raw' in holder) return 'register fastify-raw-body'
  const isKoa = holder !== req
  if (isKoa) return 'koaBody({ includeUnparsed: true })'
  const isForm = /^application\/x-www-form-urlencoded/i.test(req.headers['content-type'] ?? '')
  const parser = isForm ? 'express.urlencoded' : 'express.json'
  return `${parser}({ verify: keepRawBody }), or in Nest NestFactory.create(AppModule, { rawBody: true })`
}

/**
 * Closes an HTTP/1 connection after the response to a body that was not read to its end, because the
 * next request would wait behind the rest of it.
 * @param refusal a response, or the error for the application's own error handler
 * @returns the same
 */
export function closeAfter<Refusal>(res: ServerResponse, refusal: Refusal): Refusal {
  const status = (refusal as { readonly status?: unknown } | null | undefined)?.status // or any error
  if (status === 408 || status === 413) res.shouldKeepAlive = false
  return refusal
}

/** How long a body may take to arrive, in milliseconds. */
export const BODY_DEADLINE = 10_000

/** A request of `node:http`, or one of `node:http2` with its stream. */
export type Incoming = IncomingMessage & {
  readonly stream?: {
    readonly endAfterHeaders?: boolean
    readonly readableEnded: boolean
    once(event: 'finish', listener: () => void): unknown
    close(): void
  }
}

/**
 * Reads the body and puts it back, so that the application's own parser can read it again, also where
 * the body is too long. Bytes can be put back until `end` is emitted, and `readable` is emitted before
 * that. An empty body is not read at all, because there would be nothing to put back: a tick later it
 * is known to be empty.
 * @param limit in bytes; a longer body is refused
 * @throws Rejection `body_too_large`, `body_timeout`, or `token_malformed` where the client has gone
 */
export function readOnce(req: Incoming, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    process.nextTick(() => {
      if (isGone(req)) reject(goneAway())
      else if (hasArrived(req) && req.readableLength === 0) resolve(Buffer.alloc(0))
      else collect(req, limit, resolve, reject)
    })
  })
}

function collect(
  req: Incoming,
  limit: number,
  resolve: (bytes: Buffer) => void,
  reject: (reason: Rejection) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  const timer = setTimeout(() => finish(new Rejection('body_timeout')), BODY_DEADLINE)
  const gone = (): void => finish(goneAway())

  function finish(failure?: Rejection): void {
    clearTimeout(timer)
    req.off('readable', take).off('close', gone).off('error', gone)
    const bytes = Buffer.concat(chunks)
    if (bytes.length > 0 && !isGone(req)) req.unshift(bytes)
    if (!hasArrived(req)) closeStreamAfter(req)
    if (failure) reject(failure)
    else resolve(bytes)
  }

  function take(): void {
    while (req.readableLength > 0) {
      const chunk = req.read() as Buffer // no encoding was set
      size += chunk.length
      chunks.push(chunk)
      if (size > limit) return finish(new Rejection('body_too_large'))
    }
    if (hasArrived(req) || size >= Number(req.headers['content-length'])) finish()
  }

  req.on('readable', take).on('close', gone).on('error', gone)
}

/** An HTTP/1 request of Node's parser knows when it is complete; for HTTP/2 the stream under the request does. */
function hasArrived(req: Incoming): boolean {
  return req.httpVersionMajor < 2
    ? req.complete
    : req.stream?.readableEnded === true && !isGone(req)
}

/** An HTTP/2 stream with an unread body stays open for as long as the client likes. */
function closeStreamAfter(req: Incoming): void {
  const { stream } = req
  stream?.once('finish', () => {
    stream.close()
    req.resume() // what is left of the body keeps a stream open
  })
}

function isGone(req: Incoming): boolean {
  return req.destroyed || req.aborted
}

function goneAway(): Rejection {
  return new Rejection('token_malformed', 'the client went away')
}
