import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** A handler of the Fetch standard, as of Hono, Next.js route handlers, Bun and Deno. */
export type FetchHandler = (request: Request) => Response | PromiseLike<Response>

/** Serves a `fetch` handler over HTTP. */
export function listenerOf(handle: FetchHandler): RequestListener {
  return (req, res) => {
    answer(handle, req, res).catch((error: unknown) => {
      res.statusCode = 500
      res.end(error instanceof Error ? error.name : 'The handler failed')
    })
  }
}

async function answer(
  handle: FetchHandler,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = req
  const all = new Headers()
  for (const [name, values] of Object.entries(req.headersDistinct)) {
    for (const value of values ?? []) all.append(name, value)
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of req) chunks.push(chunk as Uint8Array) // no encoding was set
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks)
  const target = url.startsWith('/') ? `http://${headers.host ?? 'localhost'}${url}` : url
  const response = await handle(new Request(target, { method, headers: all, body }))
  res.writeHead(response.status, [...response.headers].flat())
  res.end(Buffer.from(await response.arrayBuffer()))
}
