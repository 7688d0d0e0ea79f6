import type { IncomingMessage } from 'node:http'
import { Rejection } from '@countersign/core'

/** How long a body may take to arrive, in milliseconds. */
export const BODY_DEADLINE = 10_000

type Incoming = IncomingMessage & { readonly stream?: { readonly readableEnded: boolean } }

/**
 * Reads the body and puts it back, so that the application's own parser finds it as it came.
 * Bytes can be put back until `end` is emitted, and `readable` is emitted before that.
 * @param limit bytes that are kept at the most
 */
export function readOnce(req: Incoming, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0

  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Rejection('body_timeout')), BODY_DEADLINE)
    const gone = (): void => finish(new Rejection('token_malformed', 'the client went away'))

    function finish(failure?: Rejection): void {
      clearTimeout(timer)
      req.off('readable', collect).off('close', gone).off('error', gone)
      if (failure) return reject(failure)
      const bytes = Buffer.concat(chunks)
      req.unshift(bytes)
      resolve(bytes)
    }

    function collect(): void {
      for (let chunk = take(req); chunk !== null; chunk = take(req)) {
        size += chunk.length
        if (size > limit) return finish(new Rejection('body_too_large'))
        chunks.push(chunk)
      }
      if (isWhole(req)) finish()
    }

    req.on('readable', collect).on('close', gone).on('error', gone)
  })
}

function take(req: Incoming): Buffer | null {
  return req.read() as Buffer | null // no encoding was set
}

/** HTTP/1 says so itself; of an HTTP/2 request it is the stream underneath that knows. */
function isWhole(req: Incoming): boolean {
  return req.complete || req.stream?.readableEnded === true
}
