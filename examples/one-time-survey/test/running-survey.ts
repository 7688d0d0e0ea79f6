import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eventually } from '@countersign/test-servers'
import { SECRET } from './visits'

/** The survey in a process of its own. */
export interface RunningSurvey {
  readonly origin: string
  /** All that it has printed so far. */
  output(): string
  /** @returns its exit code, `null` where the signal ended it */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

const ROOT = join(__dirname, '..', '..', '..')

/** Starts it from its sources, and waits for the port that it prints. */
export async function runSurvey(
  env: NodeJS.ProcessEnv,
  file = '../src/main.ts',
): Promise<RunningSurvey> {
  const { child, output } = launch(file, env)
  const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const gone = once(child, 'exit')
    child.kill(signal)
    const [code] = (await gone) as [number | null] // what `exit` hands over
    return code
  }
  try {
    const port = await eventually(() => {
      if (child.exitCode !== null) throw new Error(`It ended before it was ready: ${output()}`)
      return /on port (\d+)/.exec(output())?.[1]
    })
    return { origin: `http://127.0.0.1:${port}`, output, stop }
  } catch (error) {
    await stop('SIGKILL')
    throw error
  }
}

/** Runs one of its programs to its end. */
export async function runToTheEnd(
  file: string,
  env: NodeJS.ProcessEnv,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, output } = launch(file, env, args)
  const [code] = (await once(child, 'close')) as [number | null] // what `close` hands over
  return { code, output: output() }
}

function launch(file: string, env: NodeJS.ProcessEnv, args: readonly string[] = []) {
  const sources = ['--conditions=@countersign/source', '--import', 'tsx', join(__dirname, file)]
  const child = spawn(process.execPath, [...sources, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      SURVEY_SECRET: SECRET,
      REDIS_URL: '',
      DATABASE_URL: '',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  }
  return { child, output: () => printed }
}
