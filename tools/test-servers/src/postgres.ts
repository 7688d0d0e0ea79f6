import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram, freePort, startProcess, temporaryFolder } from './processes'
import type { ServerProcess } from './processes'

/** A PostgreSQL server that was started for a test. */
export interface PostgresServer {
  /** Of an empty database, whose owner may do anything. */
  readonly url: string
  readonly port: number
  readonly folder: string
  /** Of its first process; another one after `restart`. */
  readonly pid: number
  /** `SIGKILL`, `SIGSTOP` and `SIGCONT` go to all of its processes, any other signal to the first. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Waits for its end, and starts it again with the same files and on the same port. */
  restart(): Promise<void>
  /** Ends it, and removes the folder if it was made for it. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** As in postgresql.conf. Nothing is switched off by itself, `fsync` neither. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** @default a free one */
  readonly port?: number | undefined
  /** Where it keeps its files, and finds those of an earlier run. @default a new one */
  readonly folder?: string | undefined
}

/**
 * A server that is lent by `DATABASE_URL`, else the folder of the programs; `undefined` where there
 * is neither.
 */
export function findPostgres(): { readonly folder: string } | { readonly url: string } | undefined {
  const url = process.env['DATABASE_URL']
  if (url) return { url }
  const folder = programs()
  return folder === undefined ? undefined : { folder }
}

const DEBIAN = '/usr/lib/postgresql'

function programs(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))
  const initdb = findProgram(
    'initdb',
    newest.map((version) => join(DEBIAN, version, 'bin')),
  )
  return initdb && dirname(initdb)
}

/** Starts PostgreSQL on loopback, as the user `postgres` where these tests run as root. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = programs()
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  const own = options.folder === undefined ? temporaryFolder('postgres') : undefined
  const folder = options.folder ?? own!.folder // one of the two
  try {
    const user = await unprivileged()
    const place: Place = { bin, folder, user, settings: options.settings ?? {} }
    await initialise(place)
    const { port, started } = await startOnPort(place, options.port)
    return server(place, { port, started, remove: () => own?.remove() })
  } catch (error) {
    own?.remove()
    throw error
  }
}

interface Place {
  readonly bin: string
  readonly folder: string
  readonly user: User | undefined
  readonly settings: Readonly<Record<string, string>>
}

interface User {
  readonly uid: number
  readonly gid: number
}

interface Running {
  readonly port: number
  readonly started: ServerProcess
  remove(): void
}

function server(place: Place, { port, started, remove }: Running): PostgresServer {
  let running = started
  return {
    url: `postgres://countersign@127.0.0.1:${port}/postgres`,
    port,
    folder: place.folder,
    get pid() {
      return running.pid
    },
    kill: (signal) => (TO_ALL.includes(signal) ? signalAll(running, signal) : one(running, signal)),
    async restart() {
      await running.stopped
      running = (await startOnPort(place, port)).started
    },
    async stop() {
      await signalAll(running, 'SIGCONT')
      await running.stop()
      remove()
    },
  }
}

const TO_ALL: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGSTOP', 'SIGCONT']

async function one(running: ServerProcess, signal: NodeJS.Signals): Promise<void> {
  running.kill(signal)
}

/** Its other processes have groups of their own. The first one is held meanwhile and starts no more. */
async function signalAll(running: ServerProcess, signal: NodeJS.Signals): Promise<void> {
  running.kill('SIGSTOP')
  for (const pid of await childrenOf(running.pid)) signalProcess(pid, signal)
  running.kill(signal)
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // gone by itself
  }
}

const run = promisify(execFile)

async function childrenOf(parent: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='])
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  return rows.filter(([, ppid]) => ppid === parent).map(([pid]) => pid!)
}

/** PostgreSQL does not run as root. */
async function unprivileged(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const ask = async (flag: string): Promise<number> =>
    Number((await run('id', [flag, 'postgres'])).stdout)
  return { uid: await ask('-u'), gid: await ask('-g') }
}

async function initialise(place: Place): Promise<void> {
  const data = dataOf(place.folder)
  if (existsSync(data)) return
  await run('cp', ['-a', await emptyDatabase(place), data])
  if (place.user) chownSync(place.folder, place.user.uid, place.user.gid)
}

/** Kept from one run to the next, for each version: making one takes longer than starting a server. */
async function emptyDatabase({ bin, user }: Place): Promise<string> {
  const initdb = join(bin, 'initdb')
  const version = (await run(initdb, ['--version'])).stdout.replace(/\W+/g, '-')
  const kept = join(tmpdir(), `countersign-empty-${version}${user?.uid ?? 'own'}`)
  if (existsSync(kept)) return kept
  const made = mkdtempSync(`${kept}-`)
  if (user) chownSync(made, user.uid, user.gid)
  const args = ['-D', made, '-U', 'countersign', '-A', 'trust', '-E', 'UTF8', '--locale=C']
  await run(initdb, [...args, '--no-sync'], { ...user, cwd: made })
  try {
    renameSync(made, kept)
  } catch {
    rmSync(made, { recursive: true }) // another process was faster
  }
  return kept
}

function dataOf(folder: string): string {
  return join(folder, 'data')
}

/** A free port can be taken by somebody else, and one that was killed leaves its memory a moment later. */
async function startOnPort(
  { bin, folder, user, settings }: Place,
  wanted: number | undefined,
): Promise<{ readonly port: number; readonly started: ServerProcess }> {
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort())
    const args = ['-D', dataOf(folder), '-p', String(port), '-h', '127.0.0.1', '-k', '', ...given]
    const program = join(bin, 'postgres')
    try {
      const ready = 'ready to accept' // connections, or read-only ones
      const endSignal = 'SIGINT'
      return {
        port,
        started: await startProcess({ program, args, folder, user, ready, endSignal }),
      }
    } catch (error) {
      if (attempt === 5 || !/in use/.test(String(error))) throw error
    }
  }
}
