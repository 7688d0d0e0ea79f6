// For each entry of each published package: writes an .mjs and a .d.mts file that re-export the
// CommonJS build by name, so that `import` and `require` share one copy of every class.
import { createRequire } from 'node:module'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { publishedPackages } from './workspace.mjs'

const require = createRequire(import.meta.url)

for (const { folder, manifest } of publishedPackages()) {
  for (const entry of Object.values(manifest.exports)) {
    if (typeof entry === 'string') continue
    writeWrapper(manifest.name, path.join(folder, entry.require.default))
  }
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
