import type { IncomingMessage } from 'node:http'
import { Rejection } from '../index'

/** How long a body may take to arrive, in milliseconds. */
export const BODY_DEADLINE = 10_000

/** A request of `node:http`, or one of `node:http2` with its stream. */
export type Incoming = IncomingMessage & {
  readonly stream?: { readonly endAfterHeaders?: boolean; readonly readableEnded: boolean }
}

/**
 * Reads the body and puts it back, so that the application's own parser can read it again. Bytes can
 * be put back until `end` is emitted, and `readable` is emitted before that. An empty body is not
 * read at all, because there would be nothing to put back: a tick later it is known to be empty.
 * @param limit in bytes; a longer body is refused
 * @throws Rejection `body_too_large`, `body_timeout`, or `token_malformed` where the client has gone
 */
export function readOnce(req: Incoming, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    process.nextTick(() => {
      if (isGone(req)) reject(goneAway())
      else if (isWhole(req) && req.readableLength === 0) resolve(Buffer.alloc(0))
      else collect(req, { limit, resolve, reject })
    })
  })
}

interface Reading {
  readonly limit: number
  resolve(bytes: Buffer): void
  reject(reason: Rejection): void
}

function collect(req: Incoming, { limit, resolve, reject }: Reading): void {
  const chunks: Buffer[] = []
  let size = 0
  const timer = setTimeout(() => finish(new Rejection('body_timeout')), BODY_DEADLINE)
  const gone = (): void => finish(goneAway())

  function finish(failure?: Rejection): void {
    clearTimeout(timer)
    req.off('readable', take).off('close', gone).off('error', gone)
    if (failure) return reject(failure)
    const bytes = Buffer.concat(chunks)
    req.unshift(bytes)
    resolve(bytes)
  }

  function take(): void {
    while (req.readableLength > 0) {
      const chunk = req.read() as Buffer // no encoding was set
      size += chunk.length
      if (size > limit) return finish(new Rejection('body_too_large'))
      chunks.push(chunk)
    }
    if (isWhole(req)) finish()
  }

  req.on('readable', take).on('close', gone).on('error', gone)
}

/** An HTTP/1 request knows when it is complete; for HTTP/2 the stream under the request does. */
function isWhole(req: Incoming): boolean {
  return req.httpVersionMajor < 2
    ? req.complete
    : req.stream?.readableEnded === true && !isGone(req)
}

function isGone(req: Incoming): boolean {
  return req.destroyed || req.aborted
}

function goneAway(): Rejection {
  return new Rejection('token_malformed', 'the client went away')
}
