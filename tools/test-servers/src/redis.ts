import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { findProgram, freePort, startProcess, temporaryFolder } from './processes'
import type { ServerProcess } from './processes'

/** A Redis server that was started for a test. */
export interface RedisServer extends ServerProcess {
  readonly url: string
  readonly port: number
  readonly folder: string
  /** Ends it, and removes the folder if it was made for it. */
  stop(): Promise<void>
}

export interface RedisOptions {
  /** More arguments, as on the command line; they win over the usual ones. */
  readonly args?: readonly string[] | undefined
  /** @default a free one */
  readonly port?: number | undefined
  /** Where it keeps its files, and finds those of an earlier run. @default a new one */
  readonly folder?: string | undefined
  /** A text in its log. @default the one that says that all data are there */
  readonly ready?: string | undefined
}

/** A server that is lent by `REDIS_URL`, else the program; `undefined` where there is neither. */
export function findRedis(): { readonly program: string } | { readonly url: string } | undefined {
  const url = process.env['REDIS_URL']
  if (url) return { url }
  const program = findProgram('redis-server')
  return program === undefined ? undefined : { program }
}

/**
 * Starts Redis on loopback; it forgets everything unless `args` say otherwise. To start it again
 * after `kill`, give its `port` and `folder`, and call `stop` of both, the first one last.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = findProgram('redis-server')
  if (program === undefined) throw new Error('redis-server is not installed')
  const own = options.folder === undefined ? temporaryFolder('redis') : undefined
  const folder = options.folder ?? own!.folder // one of the two
  try {
    const { port, started } = await startOnPort(program, folder, options)
    const stop = async (): Promise<void> => {
      await started.stop()
      own?.remove()
    }
    return { ...started, url: `redis://127.0.0.1:${port}`, port, folder, stop }
  } catch (error) {
    own?.remove()
    throw error
  }
}

/** A free port can be taken by somebody else before the server has it. */
async function startOnPort(
  program: string,
  folder: string,
  { args = [], port: wanted, ready = 'Ready to accept connections' }: RedisOptions,
): Promise<{ readonly port: number; readonly started: ServerProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort())
    const all = [...USUAL, '--port', String(port), '--dir', folder, ...args]
    try {
      return { port, started: await startProcess({ program, args: all, folder, ready }) }
    } catch (error) {
      if (attempt === 5 || !String(error).includes('Address already in use')) throw error
    }
  }
}

/** Nothing is kept, and nobody waits for replicas at the end. */
const USUAL = [
  ...['--bind', '127.0.0.1', '--daemonize', 'no', '--logfile', '', '--loglevel', 'notice'],
  ...[
    '--save',
    '',
    '--appendonly',
    'no',
    '--shutdown-timeout',
    '0',
    '--repl-diskless-sync-delay',
    '0',
  ],
]

/**
 * Sends one command that needs no quotes, and returns the reply as it was on the wire. The server ends the
 * connection: one that our side ends while WAIT waits gets no reply.
 */
export async function askRedis(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${command}\r\nQUIT\r\n`)
  return (await text(socket)).replace(/\+OK\r\n$/, '')
}
