import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SECRET_NAMES, variableOf, type Secrets } from '../src/settings'

/** The demo as its users have it: a process of its own, with ports that the system chose. */
export interface RunningDemo {
  readonly appOrigin: string
  readonly portalOrigin: string
  /** All that it has printed so far. */
  output(): string
  /** @returns its exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export const SECRETS = Object.fromEntries(
  SECRET_NAMES.map((name) => [name, `${name}-secret-for-the-tests-of-the-demo`]),
) as Secrets // names of the list

const SECRET_VARIABLES = Object.fromEntries(
  SECRET_NAMES.map((name) => [variableOf(name), SECRETS[name]]),
)

/** Lets the demo make up its secrets. */
export const NO_SECRETS: Variables = Object.fromEntries(
  Object.keys(SECRET_VARIABLES).map((name) => [name, '']),
)

const VARIABLES = {
  ...SECRET_VARIABLES,
  APP_PORT: '0',
  PORTAL_PORT: '0',
  APP_ORIGIN: '',
  PORTAL_ORIGIN: '',
  CODESPACE_NAME: '',
  DATABASE_URL: '',
}

const DEMO = join(__dirname, '..')
export const ROOT = join(DEMO, '..', '..')

type Variables = Readonly<Record<string, string>>

/** Starts it from its sources, and waits for the addresses that it prints. */
export async function runDemo(variables: Variables): Promise<RunningDemo> {
  const { child, output } = launch(variables)
  const [appOrigin, portalOrigin] = await addresses(child, output)
  return {
    appOrigin,
    portalOrigin,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null) return child.exitCode
      const gone = once(child, 'exit')
      child.kill(signal)
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref() // one that does not stop has no exit code
      const [code] = (await gone) as [number | null] // what `exit` hands over
      return code
    },
  }
}

/** One for all tests of a block: started before them, ended after them. */
export function demoForTests(): RunningDemo {
  const data = dataFolder()
  const running = {} as RunningDemo // complete as soon as a test runs
  beforeAll(async () => {
    Object.assign(running, await runDemo({ DATA_FOLDER: data.folder }))
  })
  afterAll(async () => {
    await running.stop?.()
    data.remove()
  })
  return running
}

/** Starts it where it cannot start. One that starts all the same is stopped. */
export async function runToTheEnd(
  variables: Variables,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, output } = launch(variables)
  addresses(child, output).then(
    () => child.kill(),
    () => undefined,
  )
  const [code] = (await once(child, 'close')) as [number | null] // what `close` hands over
  return { code, output: output() }
}

/** A folder with an empty database in it, and what removes it. Making the database takes seconds, so it is copied. */
export function dataFolder(): { readonly folder: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'countersign-demo-'))
  const folder = join(parent, 'data')
  cpSync(emptyDatabase(), folder, { recursive: true })
  return {
    folder,
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
}

/** Kept from one run to the next, for each version of the engine. */
function emptyDatabase(): string {
  const engine = require.resolve('@electric-sql/pglite')
  const version = createHash('sha256').update(engine).digest('hex').slice(0, 12)
  const folder = join(tmpdir(), `countersign-demo-empty-${version}`)
  if (existsSync(folder)) return folder
  const own = mkdtempSync(`${folder}-`)
  const make = `require(${JSON.stringify(engine)}).PGlite.create(${JSON.stringify(own)}).then((db) => db.close())`
  execFileSync(process.execPath, ['-e', make])
  try {
    renameSync(own, folder)
  } catch {
    return own // another process was faster
  }
  return folder
}

function launch(variables: Variables): { readonly child: ChildProcess; output(): string } {
  const child = spawn(process.execPath, [join(DEMO, 'start.mjs')], {
    cwd: ROOT,
    env: { ...process.env, ...VARIABLES, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const keep = (text: string): void => void (printed += text)
  child.stdout?.setEncoding('utf8').on('data', keep)
  child.stderr?.setEncoding('utf8').on('data', keep)
  return { child, output: () => printed }
}

function addresses(child: ChildProcess, output: () => string): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /Open +(http:\S+)[^]*Portal +(http:\S+)/.exec(output())
      if (found) resolve([found[1] as string, found[2] as string]) // both groups took part
    })
    child.once('exit', (code) =>
      reject(new Error(`The demo ended with ${code} before it was ready:\n${output()}`)),
    )
  })
}
