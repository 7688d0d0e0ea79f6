// Starts the demo from its sources, and first installs what it needs: `npm start` in the root.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = import.meta.dirname
const require = createRequire(join(folder, 'package.json'))
const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const installed = Object.keys(dependencies).filter((name) => !name.startsWith('@countersign/'))

if (!isInstalled() && !install()) {
  console.error('The packages could not be installed: see above.')
  process.exit(1)
}
process.setSourceMapsEnabled(true)
require(bundle())

function isInstalled() {
  try {
    return [...installed, '@countersign/client/package.json'].every(require.resolve)
  } catch {
    return false
  }
}

function install() {
  console.log('\n  Installing what the demo needs, the first time only.\n')
  const command =
    '-y pnpm@12.21.0 --filter @countersign/example-demo... install --prod --frozen-lockfile'
  const shell = process.platform === 'win32'
  const options = { cwd: join(folder, '..', '..'), stdio: 'inherit', shell }
  return spawnSync('npx', command.split(' '), options).status === 0
}

/** Makes one file of the demo and of the packages of this repository, which starts faster than their modules. */
function bundle() {
  const { outputFiles } = require('esbuild').buildSync({
    entryPoints: [join(folder, 'src', 'main.ts')],
    bundle: true,
    platform: 'node',
    conditions: ['@countersign/source'],
    external: installed,
    sourcemap: 'inline',
    outfile: join(folder, 'dist', 'bundle.cjs'),
    write: false,
  })
  const [{ path, contents }] = outputFiles
  mkdirSync(join(folder, 'dist'), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, contents)
  renameSync(`${path}.${process.pid}`, path) // a demo that starts at the same moment reads a whole file
  return path
}
