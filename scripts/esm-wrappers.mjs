// For every published package: write dist/*.mjs (+ .d.mts) that re-export the CommonJS build by name.
// One implementation, two doors: `import` and `require` can never see two copies of a class.
import { createRequire } from 'node:module'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const require = createRequire(import.meta.url)
const root = path.join(import.meta.dirname, '..', 'packages')
for (const dir of readdirSync(root)) {
  const pkg = JSON.parse(readFileSync(path.join(root, dir, 'package.json'), 'utf8'))
  for (const target of Object.values(pkg.exports)) {
    if (typeof target === 'string') continue
    const cjs = path.join(root, dir, target.require.default)
    const base = cjs.replace(/\.js$/, '')
    const names = Object.keys(require(cjs))
      .filter((n) => n !== '__esModule')
      .sort()
    const file = path.basename(cjs)
    writeFileSync(
      `${base}.mjs`,
      `import cjs from './${file}';\nexport const { ${names.join(', ')} } = cjs;\n`,
    )
    writeFileSync(`${base}.d.mts`, `export * from './${file}';\n`)
  }
}
