import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Only this machine can reach the demo. */
const HOST = '127.0.0.1'

export interface Place {
  readonly port: number
  /** The environment variable that chooses the port, to be named in an error. */
  readonly variable: string
}

/**
 * @returns the port that the server listens on
 * @throws Error with one clear line where it cannot listen
 */
export async function listen(server: Server, { port, variable }: Place): Promise<number> {
  server.listen(port, HOST)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(reason((error as NodeJS.ErrnoException).code, { port, variable })) // of a socket
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

function reason(code: string | undefined, { port, variable }: Place): string {
  const trouble = { EADDRINUSE: 'is taken', EACCES: 'needs more rights' }[code ?? '']
  return `Port ${port} ${trouble ?? `cannot be opened (${code})`}. Set ${variable} to another one.`
}
