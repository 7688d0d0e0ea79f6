import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { context } from 'esbuild'

/** One change to the sources of the core. */
export interface Change {
  /** Below `packages/core/src`. */
  readonly file: string
  /** Occurs there exactly once. */
  readonly find: string
  readonly replace: string
}

export interface Mutants {
  /** Starts the app with this change. The sources stay as they are. @returns its base URL */
  start(change: Change | null): Promise<string>
  close(): Promise<void>
}

const packages = realpathSync(join(__dirname, '..', '..', '..'))
const pathOf = ({ file }: Change): string => realpathSync(join(packages, 'core', 'src', file))

/** @throws Error where the sources do not have the text any more: a change that changes nothing proves nothing */
export function changed(change: Change): string {
  const { file, find, replace } = change
  const source = readFileSync(pathOf(change), 'utf8')
  if (source.split(find).length !== 2) throw new Error(`${file} has not exactly one: ${find}`)
  return source.replace(find, () => replace)
}

/** All in one process of their own, each with its own copy of the middleware. */
export async function openMutants(): Promise<Mutants> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mutants-'))
  let current: Change | null = null
  let count = 0
  const builder = await context({
    entryPoints: [join(__dirname, 'app.ts')],
    write: false,
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    conditions: ['@countersign/source'],
    external: ['express'],
    plugins: [
      {
        name: 'change',
        setup({ onLoad }) {
          onLoad({ filter: /core[\\/]src[\\/].*\.ts$/ }, ({ path }) =>
            current && path === pathOf(current)
              ? { contents: changed(current), loader: 'ts' }
              : { contents: readFileSync(path), loader: 'ts' },
          )
        },
      },
    ],
  })
  const env = { ...process.env, NODE_PATH: join(__dirname, '..', '..', 'node_modules') }
  const child = fork(join(__dirname, 'host.cjs'), [], { env, execArgv: ['--no-warnings'] })
  return {
    async start(change) {
      current = change
      const { outputFiles } = await builder.rebuild()
      const file = join(folder, `app-${count++}.cjs`)
      writeFileSync(file, outputFiles?.[0]?.contents ?? '')
      child.send(file)
      const [port] = (await once(child, 'message')) as [number]
      return `http://127.0.0.1:${port}`
    },
    async close() {
      const gone = once(child, 'exit')
      child.disconnect()
      await Promise.all([gone, builder.dispose()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
