import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A process of our own, that is sent messages and sends some. */
export interface Child<Sent extends object, Received extends object> {
  readonly isGone: boolean
  tell(message: Sent): void
  /** Waits for a message that something can be made of. */
  heard<Value>(read: (message: Received) => Value | undefined): Promise<Value>
  end(signal: NodeJS.Signals): Promise<void>
}

/** Starts a module of this folder as a process, from the sources where this is one. */
export function startChild<Sent extends object, Received extends object>(
  name: string,
): Child<Sent, Received> {
  const child = fork(join(__dirname, `${name}${extname(__filename)}`), {
    execArgv: extname(__filename) === '.ts' ? fromSources() : [],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    get isGone() {
      return isGone()
    },
    tell: (message) => void child.send(message),
    heard: (read) => heard(child, read),
    async end(signal) {
      if (isGone()) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}

function fromSources(): string[] {
  return [
    '--conditions=@countersign/source',
    '--import',
    pathToFileURL(require.resolve('tsx')).href,
  ]
}

function heard<Received, Value>(
  child: ChildProcess,
  read: (message: Received) => Value | undefined,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const listen = (message: Received): void => {
      const value = read(message)
      if (value === undefined) return
      child.off('message', listen).off('exit', fail)
      resolve(value)
    }
    const fail = (): void => reject(new Error('A process ended without a word'))
    child.on('message', listen).once('exit', fail)
  })
}
