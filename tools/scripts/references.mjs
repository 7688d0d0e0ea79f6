// Which projects the compiler builds: writes tsconfig.build.json (all that emit) and tsconfig.json (these
// and all tests) from the folders: `node tools/scripts/references.mjs`. With `--check`, fails where one
// of them is not current.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './workspace.mjs'

const CONFIG = 'tsconfig.json'

const folders = ['packages', 'tools', 'examples'].flatMap((parent) =>
  readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`),
)
const isProject = (folder) => existsSync(path.join(root, folder, CONFIG))
// a text search, because these files have comments
const isBuilt = (folder) =>
  !readFileSync(path.join(root, folder, CONFIG), 'utf8').includes('"noEmit": true')

const built = folders.filter(isProject).filter(isBuilt)
const tests = folders.map((folder) => `${folder}/test`).filter(isProject)
const files = {
  'tsconfig.build.json': built,
  [CONFIG]: ['tsconfig.build.json', ...tests],
}

for (const [file, paths] of Object.entries(files)) {
  const name = path.join(root, file)
  const references = paths.map((each) => ({ path: each }))
  const text = `${JSON.stringify({ files: [], references }, null, 2)}\n`
  if (readFileSync(name, 'utf8') === text) continue
  if (!process.argv.includes('--check')) writeFileSync(name, text)
  else {
    console.error(`${file} is not current: run "node tools/scripts/references.mjs"`)
    process.exitCode = 1
  }
}
