// After the compiler: bundles @countersign/client for a script tag. A test asserts its size.
import path from 'node:path'
import { build } from 'esbuild'
import { root } from './workspace.mjs'

const folder = path.join(root, 'packages', 'client')

await build({
  absWorkingDir: folder,
  entryPoints: ['src/countersign.ts'],
  outfile: 'dist/countersign.js',
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
})
