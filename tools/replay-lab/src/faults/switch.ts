import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** An address that leads to one server and then to another, as that of a managed database does. */
export interface Switch {
  readonly port: number
  /** Breaks what leads to the old one. */
  leadTo(port: number): void
  close(): Promise<void>
}

export async function openSwitch(first: number): Promise<Switch> {
  const open = new Set<Socket>()
  let target = first
  const server = createServer((client) => {
    const there = connect(target, '127.0.0.1')
    for (const socket of [client, there]) {
      open.add(socket.setNoDelay())
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        there.destroy()
      })
    }
    client.pipe(there).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const breakAll = (): void => open.forEach((socket) => socket.destroy())
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    leadTo(port) {
      target = port
      breakAll()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      breakAll()
      await closed
    },
  }
}
