import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** Runs `work` on one request that arrives over a socket, and gives back what it made of it. */
export async function overHttp<Result>(
  bytes: string | Buffer,
  work: (req: IncomingMessage, client: Socket, res: ServerResponse) => Result | PromiseLike<Result>,
): Promise<Result> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1') // a TCP server
  client.on('error', () => {}) // the server may hang up first
  try {
    return await new Promise<Result>((resolve, reject) => {
      server.once('request', (req, res) => {
        new Promise<Result>((done) => done(work(req, client, res))).then(resolve, reject)
      })
      client.write(bytes)
    })
  } finally {
    client.destroy()
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }
}

/** A POST with a body in one piece. */
export function post(body: string, headers: readonly string[] = []): string {
  return head([...headers, `Content-Length: ${Buffer.byteLength(body)}`]) + body
}

/** The head of a POST. */
export function head(headers: readonly string[]): string {
  return ['POST /path?a=1 HTTP/1.1', 'Host: localhost', ...headers, '', ''].join('\r\n')
}
