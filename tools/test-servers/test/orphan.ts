import { startProcess, temporaryFolder } from '../src'

/** Starts a server and waits to be killed. */
async function main(): Promise<void> {
  const { folder } = temporaryFolder('orphan')
  const args = ['-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done']
  const { pid } = await startProcess({ program: '/bin/sh', args, folder, ready: 'up' })
  console.log(JSON.stringify({ runner: process.pid, pid, folder }))
  setInterval(() => undefined, 1_000)
}

void main()
