// Programs on every entry, bundled as ES modules for Node, as for AWS Lambda: they start, and `import`
// and `require` of one bundle find the same copy.
import assert from 'node:assert/strict'
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
  await leavesOutTheRest(app)
}

const SIGNER = `import { createSigner } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
createSigner(featkit({ secret: process.env.SECRET, slug: 'acme' }))`

/** A bundle contains only what its program needs: here neither the verifier nor the other schemes. */
async function leavesOutTheRest(app) {
  const { metafile } = await build({
    stdin: { contents: SIGNER, resolveDir: app },
    outfile: 'signer.mjs',
    write: false,
    bundle: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  })
  const [{ inputs }] = Object.values(metafile.outputs)
  const contained = Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0)
  const has = (file) => contained.some((each) => each.endsWith(`dist/module/${file}.mjs`))
  assert.ok(has('sign/signer') && has('schemes/featkit'), 'the bundle lacks what it needs')
  const unneeded = [
    'verify/verifier',
    'replay/memory-store',
    'schemes/zendesk',
    'sign/sign-endpoint',
  ]
  assert.deepEqual(unneeded.filter(has), [])
}
