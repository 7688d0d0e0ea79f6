import type { IncomingMessage } from 'node:http'

/** After an answer to a body that was not read to its end, an HTTP/1 connection cannot go on. */
export function connectionHeaders(
  req: IncomingMessage,
  status: number,
): Readonly<Record<string, string>> {
  const unread = status === 408 || status === 413
  return unread && req.httpVersionMajor === 1 ? { connection: 'close' } : {}
}
