// After the compiler: bundles the command line with all that it uses, because so many files take longer
// to load than Node does to start. Its tests pass another folder.
import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { root } from './workspace.mjs'

const folder = path.join(root, 'packages', 'countersign')
const outdir = process.argv[2] ?? path.join(folder, 'dist')

await build({
  absWorkingDir: folder,
  entryPoints: ['src/main.ts', 'src/browser.ts'],
  outdir,
  allowOverwrite: true,
  bundle: true,
  conditions: ['@countersign/source'],
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
})

for (const name of ['commander', 'uqr']) {
  const license = readFileSync(path.join(folder, 'node_modules', name, 'LICENSE'), 'utf8')
  appendFileSync(path.join(outdir, 'main.js'), `\n/* Contains ${name}:\n${license.trim()}\n*/\n`)
}
