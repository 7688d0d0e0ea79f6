import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { RequestListener } from 'node:http'
import { build } from 'esbuild'

/** One change to the sources of the core. */
export interface Change {
  /** Below `packages/core/src`. */
  readonly file: string
  /** Occurs there exactly once. */
  readonly find: string
  readonly replace: string
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

/** The app with this change, on a copy of the middleware of its own. The sources stay as they are. */
export async function mutant(change: Change | null): Promise<RequestListener> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'app.ts')],
    write: false,
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
            change && path === pathOf(change)
              ? { contents: changed(change), loader: 'ts' }
              : undefined,
          )
        },
      },
    ],
  })
  // oxlint-disable-next-line typescript/no-implied-eval -- the code is our own
  const load = new Function('require', 'module', `${outputFiles[0]?.text}\nreturn module.exports`)
  return (load(require, {}) as { app: RequestListener }).app // what the file exports
}
