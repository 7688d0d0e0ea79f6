import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Report } from './server'

export interface RunningServer {
  readonly origin: string
  /** What it has used until now, in microseconds of processor time. */
  cpu(): Promise<number>
  stop(): void
}

/** Starts a server in a process of its own, so that it shares no event loop with the client. */
export async function startServer(name: string): Promise<RunningServer> {
  const child = fork(path.join(__dirname, 'server.js'), [name], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const { port } = await nextReport(child)
  return {
    origin: `http://127.0.0.1:${port}`,
    async cpu() {
      child.send('report')
      return (await nextReport(child)).cpu
    },
    stop: () => child.disconnect(),
  }
}

async function nextReport(child: ChildProcess): Promise<Report> {
  const [report] = (await once(child, 'message')) as [Report] // all that a server sends
  return report
}
