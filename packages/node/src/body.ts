import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConfigError, Rejection, type Awaitable } from '@countersign/core'
import { readOnce, type Incoming } from './read-once'

/** Where a framework keeps the body: an Express request, a Koa `ctx.request`. */
export interface BodyHolder {
  rawBody?: unknown
  body?: unknown
}

/**
 * A `verify` hook for `express.json()` and its kin: keeps the bytes that were signed, so that a
 * guard behind the parser can check them. `express.json({ verify: keepRawBody })`.
 */
export function keepRawBody(req: IncomingMessage, _res: ServerResponse, bytes: Buffer): void {
  ;(req as IncomingMessage & BodyHolder).rawBody = bytes
}

/**
 * The exact bytes of the body, whoever read them first. Never a parsed body made text again: that
 * is another text, with another signature.
 * @param limit bytes
 * @throws ConfigError `raw_body_unavailable` where a parser read them and kept none
 */
export function takeBody(
  req: Incoming & BodyHolder,
  holder: BodyHolder,
  limit: number,
): Awaitable<Uint8Array> {
  const kept = keptBytes(req, holder)
  if (kept) return withinLimit(kept, limit)
  if (hasNoBody(req)) return Buffer.alloc(0)
  if (isTouched(req)) throw alreadyRead()
  if (Number(req.headers['content-length']) > limit) throw new Rejection('body_too_large')
  return readOnce(req, limit).then((bytes) => {
    req.rawBody = bytes // not on Koa's request, whose parsers keep text there
    return bytes
  })
}

function keptBytes(req: BodyHolder, holder: BodyHolder): Buffer | undefined {
  for (const kept of [holder.rawBody, req.rawBody, holder.body]) {
    if (typeof kept === 'string') return Buffer.from(kept, 'utf8')
    if (kept instanceof Uint8Array) return Buffer.from(kept.buffer, kept.byteOffset, kept.length)
  }
  return undefined
}

function withinLimit(bytes: Buffer, limit: number): Buffer {
  if (bytes.length > limit) throw new Rejection('body_too_large')
  return bytes
}

/** HTTP/1 announces a body with one of two headers; HTTP/2 ends the stream with the headers. */
function hasNoBody(req: Incoming): boolean {
  if (req.httpVersionMajor >= 2) return req.stream?.endAfterHeaders === true
  const { 'transfer-encoding': transfer, 'content-length': length } = req.headers
  return transfer === undefined && Number(length ?? 0) === 0
}

/** Somebody has read from the stream, is about to, or has made text of it. */
function isTouched(req: Incoming): boolean {
  const { readableDidRead, readableEnded, readableFlowing, readableEncoding } = req
  return readableDidRead || readableEnded || readableFlowing === true || readableEncoding !== null
}

function alreadyRead(): ConfigError {
  return new ConfigError('raw_body_unavailable', {
    problem: 'The body was read before the guard, and its bytes were not kept',
    fix: 'Mount the guard before the parser, or let the parser keep the bytes: express.json({ verify: keepRawBody })',
  })
}
