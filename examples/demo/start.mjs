// Starts the demo from its sources, and first installs what it needs: `npm start` in the root.
import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = import.meta.dirname
const root = join(folder, '..', '..')
const { resolve } = createRequire(join(folder, 'package.json'))

if (!isInstalled() && !install()) {
  console.error('The packages could not be installed: see above.')
  process.exit(1)
}
start()

function isInstalled() {
  try {
    return ['esbuild-register', '@electric-sql/pglite', '@countersign/client/package.json'].every(
      resolve,
    )
  } catch {
    return false
  }
}

function install() {
  console.log('\n  Installing what the demo needs, the first time only.\n')
  const demoOnly = [
    '--filter',
    '@countersign/example-demo...',
    'install',
    '--prod',
    '--frozen-lockfile',
  ]
  const options = { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }
  return spawnSync('npx', ['-y', 'pnpm@12.21.0', ...demoOnly], options).status === 0
}

function start() {
  const sources = ['--conditions=@countersign/source', '-r', resolve('esbuild-register')]
  const main = [...sources, join(folder, 'src', 'main.ts')]
  const child = spawn(process.execPath, main, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => process.exit(code ?? 1))
}
