import { createServer, Server, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type App = (req: IncomingMessage, res: ServerResponse) => unknown

/** Servers of one test file. */
export interface Servers {
  /** @returns the origin that the app, or the server, is reached at */
  start(app: App | Server): Promise<string>
  stop(): void
}

export function servers(): Servers {
  const running: Server[] = []
  return {
    async start(app) {
      const server = app instanceof Server ? app : createServer((req, res) => void app(req, res))
      running.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
    },
    stop() {
      for (const server of running) server.close()
    },
  }
}
