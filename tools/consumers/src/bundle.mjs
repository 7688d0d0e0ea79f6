// Programs on every entry, bundled as ES modules for Node, as for AWS Lambda: they start, and `import`
// and `require` of one bundle find the same copy.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const run = promisify(execFile)

/** They are CommonJS themselves, and need a bundler's options of their own. */
const NOT_OURS = ['jsonwebtoken']

export async function bundle(app) {
  const entries = createRequire(path.join(app, 'package.json'))('./entries.cjs')
  const programs = entries.map(({ specifier }, index) => ({
    file: `program-${index}.js`,
    text: `import * as imported from '${specifier}'
const required = require('${specifier}')
for (const [name, value] of Object.entries(imported)) {
  if (required[name] !== value) throw new Error(\`\${name} of ${specifier} is in the bundle twice\`)
}`,
  }))
  for (const { file, text } of programs) await writeFile(path.join(app, file), text)
  await build({
    absWorkingDir: app,
    entryPoints: programs.map(({ file }) => file),
    outdir: 'bundled',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: NOT_OURS,
    logLevel: 'silent',
  })
  const all = programs.map(({ file }) => `import './bundled/${file.replace('.js', '.mjs')}'`)
  await writeFile(path.join(app, 'bundles.mjs'), all.join('\n'))
  await run(process.execPath, ['bundles.mjs'], { cwd: app })
}
