// Every published package in one application: required, imported, bundled, and compiled against.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { publishedPackages, root } from '../scripts/workspace.mjs'
import { bundle } from './src/bundle.mjs'
import { compile, TYPESCRIPT_5 } from './src/compile.mjs'
import { install } from './src/install.mjs'

const run = promisify(execFile)

/** @param work a folder for the application, which the caller removes */
export async function useEveryPackage(tarballs, work) {
  const app = path.join(work, 'every-package')
  await cp(path.join(root, 'tools', 'consumers', 'every-package'), app, { recursive: true })
  const dependencies = Object.fromEntries([...tarballs.keys()].map((name) => [name, 'latest']))
  const manifest = { private: true, dependencies, devDependencies: peers() }
  await writeFile(path.join(app, 'package.json'), JSON.stringify(manifest))
  await install(app, tarballs)
  for (const program of ['required.cjs', 'imported.mjs', 'loading.cjs']) {
    await run(process.execPath, [program], { cwd: app })
  }
  await followMaps(path.join(app, 'node_modules', '@countersign'))
  await bundle(app)
  await compile(app)
}

/** "Go to definition" and stack traces of bundles lead to sources, which are in the packages. */
async function followMaps(folder) {
  const files = await readdir(folder, { recursive: true })
  const maps = files.filter((file) => file.endsWith('.map')).map((file) => path.join(folder, file))
  assert.ok(maps.length > 0, 'the packages have no source maps')
  for (const map of maps) {
    const { sources } = JSON.parse(await readFile(map, 'utf8'))
    for (const source of sources) {
      assert.ok(existsSync(path.resolve(path.dirname(map), source)), `${map}: no ${source}`)
    }
  }
}

/** The frameworks and types with which our own packages are tested, in the same versions. */
function peers() {
  const all = publishedPackages().flatMap(({ manifest }) => {
    const { peerDependencies = {}, devDependencies = {} } = manifest
    const names = [...Object.keys(peerDependencies), 'supertest']
    const wanted = names.flatMap((name) => [name, `@types/${name}`])
    return Object.entries(devDependencies).filter(([name]) => wanted.includes(name))
  })
  const typescripts = TYPESCRIPT_5.map((version) => [
    `typescript-${version}`,
    `npm:typescript@${version}`,
  ])
  return { ...Object.fromEntries([...all, ...typescripts]), '@types/node': '20.19.43' }
}
