// For every published package: writes dist/*.mjs (+ .d.mts) that re-export the CommonJS build by
// name. One implementation, two doors: `import` and `require` can never see two copies of a class.
import { createRequire } from 'node:module'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { publishedPackages } from './workspace.mjs'

const require = createRequire(import.meta.url)

for (const { folder, manifest } of publishedPackages()) {
  for (const door of Object.values(manifest.exports)) {
    if (typeof door !== 'string')
      writeWrapper(manifest.name, path.join(folder, door.require.default))
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
