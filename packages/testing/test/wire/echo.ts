import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RawRequest } from '../../src/wire/raw-http'
import type { OpenTarget } from '../../src/wire/target'

/** What arrived, to the byte. */
export interface Echo {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  /** In hex. */
  readonly body: string
  readonly port: number
}

/** Answers with what arrived. */
export const echo: RequestListener = (req, res) => {
  void readAll(req).then((body) => {
    const { method, url, rawHeaders } = req
    const port = req.socket.remotePort
    res.statusCode = 200 // Koa has set another
    res.setHeader('content-type', 'application/json')
    res.setHeader('set-cookie', ['a=1', 'b=2'])
    res.end(JSON.stringify({ method, url, rawHeaders, body: body.toString('hex'), port }))
  })
}

async function readAll(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer) // no encoding was set
  return Buffer.concat(chunks)
}

/** Starts a server on the loopback interface, to be closed by whoever started it. */
export async function started(server: Server = createServer(echo)): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

export function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port // it listens on TCP
}

/** What an echoing target made of a request. */
export async function echoed(target: OpenTarget, sent: RawRequest): Promise<Echo> {
  return JSON.parse((await target.send(sent)).body) as Echo
}
