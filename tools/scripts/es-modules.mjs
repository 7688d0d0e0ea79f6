// After the compiler, for each entry of each published package: writes
// - `dist/<entry>.mjs` and `.d.mts`, which re-export the CommonJS build by name. Node's `import` gets
//   them, so that `import` and `require` share one copy of every class.
// - `dist/module/<entry>.mjs`, a real ES module for bundlers and Workers, which cannot `require`.
import { createRequire } from 'node:module'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { publishedPackages } from './workspace.mjs'

const require = createRequire(import.meta.url)

for (const { folder, manifest } of publishedPackages()) {
  const entries = Object.values(manifest.exports).filter((entry) => typeof entry === 'object')
  if (entries.length === 0) continue
  for (const entry of entries) writeWrapper(manifest.name, path.join(folder, entry.require))
  await writeModules(
    folder,
    entries.map((entry) => entry['@countersign/source']),
  )
}

function writeWrapper(name, built) {
  if (!existsSync(built)) {
    console.error(`${name} is not built: ${path.basename(built)} is missing. Run "pnpm run build".`)
    process.exit(1)
  }
  const names = Object.keys(require(built)).sort()
  const file = path.basename(built)
  const base = built.replace(/\.js$/, '')
  const wrapper = `import cjs from './${file}'\nexport const { ${names.join(', ')} } = cjs\n`
  writeFileSync(`${base}.mjs`, wrapper)
  writeFileSync(`${base}.d.mts`, `export * from './${file}'\n`)
}

/** What two entries share is in a file of its own, so that it is loaded once. */
async function writeModules(folder, entryPoints) {
  await build({
    absWorkingDir: folder,
    entryPoints,
    outbase: 'src',
    outdir: 'dist/module',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'shared-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  })
}
