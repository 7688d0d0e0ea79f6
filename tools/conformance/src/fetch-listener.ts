import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { PortalAuth, PortalUser } from '@countersign/core'

/** What the guard leaves for the layers behind it. */
export interface FetchState {
  portalUser?: PortalUser
  portalAuth?: PortalAuth
}

/** A handler of the Fetch API that may leave the response to the next one. */
export type FetchLayer = (
  request: Request,
  state: FetchState,
  next: () => Promise<Response>,
) => Promise<Response>

/** Serves layers of the Fetch API with the `Request` and `Response` of Node itself. */
export function fetchListener(layers: readonly FetchLayer[]): RequestListener {
  return (req, res) => {
    answer(layers, req)
      .catch((error: unknown) => new Response(null, { status: statusOf(error) }))
      .then((response) => send(response, res))
      .catch((error: Error) => res.destroy(error))
  }
}

/** As frameworks answer an error that nothing caught. */
export function statusOf(error: unknown): number {
  const { status } = Object(error) as { readonly status?: unknown } // whatever it is
  return typeof status === 'number' ? status : 500
}

async function answer(layers: readonly FetchLayer[], req: IncomingMessage): Promise<Response> {
  const request = requestOf(req)
  const state: FetchState = {}
  const run = async (index: number): Promise<Response> =>
    layers[index]?.(request, state, () => run(index + 1)) ?? new Response(null, { status: 404 })
  return run(0)
}

function requestOf(req: IncomingMessage): Request {
  const { method = 'GET', url = '/', rawHeaders } = req
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(String(rawHeaders[index]), String(rawHeaders[index + 1]))
  }
  const target = new URL(url, 'http://localhost')
  target.username = target.password = '' // a Request must not have them
  if (method === 'GET' || method === 'HEAD') return new Request(target, { method, headers })
  const body = Readable.toWeb(req) as ReadableStream // of bytes
  return new Request(target, { method, headers, body, duplex: 'half' })
}

async function send(response: Response, res: ServerResponse): Promise<void> {
  res.writeHead(response.status, [...response.headers].flat())
  res.end(Buffer.from(await response.arrayBuffer()))
}
