import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** One change to the sources of the middleware. */
export interface Change {
  /** Below `packages`. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
}

export interface RunningMutant {
  readonly origin: string
  stop(): Promise<void>
}

const packages = join(__dirname, '..', '..', '..')

/** Starts the app on a middleware with this change, in a process of its own. The sources stay as they are. */
export async function startMutant(change: Change | null): Promise<RunningMutant> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mutant-'))
  const program = join(folder, 'app.cjs')
  await build({
    entryPoints: [join(__dirname, 'app.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    conditions: ['@countersign/source'],
    external: ['express'],
    plugins: change ? [changing(change)] : [],
  })
  const env = { ...process.env, NODE_PATH: join(packages, 'testing', 'node_modules') }
  const child = fork(program, [], { env, execArgv: [] })
  const [port] = (await once(child, 'message')) as [number]
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** @throws Error where the sources do not have the text any more: a change that changes nothing proves nothing */
export function changed({ file, find, replace }: Change): string {
  const source = readFileSync(join(packages, file), 'utf8')
  if (source.split(find).length !== 2) throw new Error(`${file} has not exactly one: ${find}`)
  return source.replace(find, () => replace)
}

function changing(change: Change): Plugin {
  const path = join(packages, change.file)
  return {
    name: 'change',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (loaded) =>
        loaded.path === path ? { contents: changed(change), loader: 'ts' } : undefined,
      )
    },
  }
}
