import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site {
  readonly origin: string
  close(): Promise<void>
}

/**
 * Serves a site on a free port.
 * @param host `localhost` and `127.0.0.1` are two sites to a browser, and both may set `Secure` cookies
 */
export async function serve(
  host: 'localhost' | '127.0.0.1',
  listener: (req: IncomingMessage, res: ServerResponse) => unknown,
): Promise<Site> {
  const server = createServer((req, res) => void listener(req, res))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  return {
    origin: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
