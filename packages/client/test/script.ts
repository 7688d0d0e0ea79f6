import { join } from 'node:path'
import { buildSync } from 'esbuild'

/** The build for a script tag, as `pnpm build` makes it. */
export function script(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: join(__dirname, '..'),
    entryPoints: ['src/countersign.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  })
  return (outputFiles[0] as { readonly text: string }).text // one entry
}
