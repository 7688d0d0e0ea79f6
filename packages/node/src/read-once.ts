import type { IncomingMessage } from 'node:http'
import { Rejection } from '@countersign/core'

/** How long a body may take to arrive, in milliseconds. */
export const BODY_DEADLINE = 10_000

/** A request of `node:http`, or one of `node:http2` with its stream. */
export type Incoming = IncomingMessage & {
  readonly stream?: { readonly endAfterHeaders?: boolean; readonly readableEnded: boolean }
}

/**
 * Reads the body and puts it back, so that the application's own parser finds it as it came.
 * Bytes can be put back until `end` is emitted, and `readable` is emitted before that. An empty body
 * has nothing to put back, so nothing is read of it: what came with the head is known a tick later.
 * @param limit bytes that are kept at the most
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

/** HTTP/1 says so itself; of an HTTP/2 request it is the stream underneath that knows. */
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
