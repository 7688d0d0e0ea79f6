import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Only this machine can reach the demo. */
const HOST = '127.0.0.1'

/**
 * @param variable the environment variable that chooses the port, to be named in an error
 * @returns the port that the server listens on
 * @throws Error with one clear line where it cannot listen
 */
export async function listen(server: Server, port: number, variable: string): Promise<number> {
  server.listen(port, HOST)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException // of a socket
    const trouble = { EADDRINUSE: 'is taken', EACCES: 'needs more rights' }[code]
    throw new Error(
      `Port ${port} ${trouble ?? `cannot be opened (${code})`}. Set ${variable} to another one.`,
    )
  }
  return (server.address() as AddressInfo).port // it listens on a port, not a pipe
}

/** Ends open connections too: a browser keeps some open, and they would keep the process alive. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
