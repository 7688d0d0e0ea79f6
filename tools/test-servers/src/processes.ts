import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A server program and how to run it. */
export interface ServerProgram {
  readonly program: string
  readonly args: readonly string[]
  /** Where it works and keeps its files. */
  readonly folder: string
  /** A text in its output that says that it takes connections. */
  readonly ready: string
  /** Who runs it. @default whoever runs the tests */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** What ends it in good order. @default 'SIGTERM' */
  readonly endSignal?: NodeJS.Signals | undefined
}

/** A process that this one has started. */
export interface ServerProcess {
  readonly pid: number
  /** Sends a signal to this very process; one that is gone stays gone. */
  kill(signal: NodeJS.Signals): void
  /** Settles when it is gone, whoever ended it. */
  readonly stopped: Promise<void>
  /** Ends it in good order, by force after five seconds. */
  stop(): Promise<void>
}

/** Milliseconds that a server has to end in good order. */
const PATIENCE = 5_000
/** Milliseconds that a server has to get ready. */
const START = 30_000

/** The path of a program, looked for as a shell does, and in more folders after that. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return [...path, ...folders].map((folder) => join(folder, name)).find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A new empty folder, and how to be rid of it. */
export function temporaryFolder(name: string): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), `countersign-${name}-`))
  // a server that was killed may still be writing
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  return { folder, remove }
}

/** A loopback port that nobody listens on. Somebody else may take it first: be ready to ask again. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo // it listens on a port
  probe.close()
  await once(probe, 'close')
  return port
}

/** Starts a server and waits until it is ready. It does not outlive this process, nor do its files. */
export async function startProcess(server: ServerProgram): Promise<ServerProcess> {
  const { program, args, folder, user, endSignal = 'SIGTERM' } = server
  const child = spawn(program, args, { ...user, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  // where it cannot be run there is an `error` and no `exit`
  const stopped = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve())
  })
  if (child.pid !== undefined) watchOver(child.pid, folder, stopped)
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal)
  async function stop(): Promise<void> {
    kill(endSignal)
    kill('SIGCONT') // one that is paused hears nothing
    const force = setTimeout(kill, PATIENCE, 'SIGKILL')
    await stopped
    clearTimeout(force)
  }
  try {
    await ready(child, server.ready)
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: child.pid!, kill, stopped, stop }
}

async function ready(child: ChildProcess, text: string): Promise<void> {
  let said = ''
  let late: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`${child.spawnfile} ${what}:\n${said}`))
      late = setTimeout(fail, START, 'was not ready in time')
      child.once('error', (error) => fail(error.message))
      child.once('close', () => fail('ended before it was ready')) // its last words have come
      for (const output of [child.stdout, child.stderr]) {
        output?.on('data', (chunk: Buffer) => {
          said = (said + chunk.toString()).slice(-8_192)
          if (said.includes(text)) resolve()
        })
      }
    })
  } finally {
    clearTimeout(late)
  }
}

/**
 * A shell that waits for a word from us. When we are gone without it, however that came, it ends the
 * server and removes its folder. An exit handler would not run when the tests are killed.
 */
function watchOver(pid: number, folder: string, stopped: Promise<void>): void {
  const script = 'trap "" INT TERM HUP; read -r _ || { kill -9 "$1"; sleep 1; rm -rf "$2"; }'
  const watcher = spawn('/bin/sh', ['-c', script, 'watcher', String(pid), folder], {
    detached: true, // Ctrl-C goes to the whole group
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.stdin.on('error', () => undefined)
  watcher.unref()
  void stopped.then(() => watcher.stdin.end('\n'))
}
