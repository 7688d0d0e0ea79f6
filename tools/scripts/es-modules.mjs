// After the compiler, for each entry of each published package: writes
// - `dist/<entry>.mjs` and `.d.mts`, which re-export the CommonJS build by name. Node's `import` gets
//   them, so that `import` and `require` share one copy of every class.
// - `dist/module`, real ES modules for bundlers and Workers, which cannot `require`: one for each
//   source file, so that a bundler leaves out those that a program does not need.
import { createRequire } from 'node:module'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { publishedPackages } from './workspace.mjs'

const require = createRequire(import.meta.url)

for (const { folder, manifest } of publishedPackages()) {
  const entries = Object.values(manifest.exports).filter((entry) => typeof entry === 'object')
  if (entries.length === 0) continue
  for (const entry of entries) writeWrapper(manifest.name, path.join(folder, entry.require))
  await writeModules(folder)
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

async function writeModules(folder) {
  const files = readdirSync(path.join(folder, 'src'), { recursive: true, encoding: 'utf8' })
  await build({
    absWorkingDir: folder,
    entryPoints: files.filter((file) => file.endsWith('.ts')).map((file) => `src/${file}`),
    outbase: 'src',
    outdir: 'dist/module',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    plugins: [{ name: 'one module for each file', setup: leaveImports }],
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  })
}

/** ES modules are imported by the names of their files. */
function leaveImports({ onResolve }) {
  onResolve({ filter: /^\.\.?\// }, ({ path: name, kind, resolveDir }) => {
    if (kind === 'entry-point') return undefined
    const isFile = existsSync(path.join(resolveDir, `${name}.ts`))
    return { path: isFile ? `${name}.mjs` : `${name}/index.mjs`, external: true }
  })
}
