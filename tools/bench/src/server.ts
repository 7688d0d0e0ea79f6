import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { apps } from './apps'

/** What the process that sends the requests is told. */
export interface Report {
  readonly port: number
  /** What the server has used until now, in microseconds of processor time. */
  readonly cpu: number
}

const app = apps[process.argv[2] ?? '']
if (!app) throw new Error('There is no such server')

const server = createServer(app.listener())

function report(): void {
  const { user, system } = process.cpuUsage()
  const { port } = server.address() as AddressInfo // it listens on TCP
  process.send?.({ port, cpu: user + system } satisfies Report)
}

server.listen(0, '127.0.0.1', report)
process.on('message', report)
process.on('disconnect', () => process.exit())
