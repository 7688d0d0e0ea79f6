import { fork } from 'node:child_process'
import { once } from 'node:events'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { App, AppOptions, AppReport } from './app'
import type { StorePlan } from './stores'

/** An application that has time for its store, as JSON. */
export interface AppPlan {
  readonly store: StorePlan
  readonly consume?: AppOptions['consume']
  /** How far its clock is ahead, in milliseconds. */
  readonly clockOffset?: number
  /** Its handler begins and never ends. */
  readonly hangs?: boolean
}

/** A message to an application's process, which answers with its report. */
export interface Told {
  readonly clockOffset?: number
}

/** An application with a process of its own. */
export interface ProcessApp extends App {
  /** Sets its clock. @param offset how far it is ahead, in milliseconds */
  setClock(offset: number): Promise<unknown>
  /** Ends it as a crash does. */
  kill(): Promise<void>
}

export async function forkApp(plan: AppPlan): Promise<ProcessApp> {
  const isSource = extname(__filename) === '.ts'
  const child = fork(join(__dirname, `app-process${extname(__filename)}`), [JSON.stringify(plan)], {
    execArgv: isSource ? FROM_SOURCES : [],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const gone = once(child, 'exit')
  async function answer<Answer>(): Promise<Answer> {
    const failed = gone.then(() => Promise.reject(new Error("An application's process has ended")))
    const [message] = await Promise.race([once(child, 'message'), failed])
    return message as Answer // each message is the answer to the one before
  }
  const port = await answer<number>()
  function tell(told: Told): Promise<AppReport> {
    child.send(told)
    return answer()
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal)
    await gone
  }
  return {
    port,
    report: () => tell({}),
    setClock: (clockOffset) => tell({ clockOffset }),
    kill: () => end('SIGKILL'),
    close: () => end('SIGTERM'),
  }
}

const FROM_SOURCES = [
  '--conditions=@countersign/source',
  '--import',
  pathToFileURL(require.resolve('tsx')).href,
]

export function forkApps(count: number, plan: AppPlan): Promise<readonly ProcessApp[]> {
  return Promise.all(Array.from({ length: count }, () => forkApp(plan)))
}
