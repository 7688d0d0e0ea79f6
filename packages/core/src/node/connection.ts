import type { IncomingMessage } from 'node:http'

/** An HTTP/1 connection cannot be used again after a response to a body that was not read to its end. */
export function connectionHeaders(
  req: IncomingMessage,
  status: number,
): Readonly<Record<string, string>> {
  const unread = status === 408 || status === 413
  return unread && req.httpVersionMajor === 1 ? { connection: 'close' } : {}
}
