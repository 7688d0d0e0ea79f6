// Installs the packed packages in a folder outside the workspace, as a user does.
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const QUIET = [
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--ignore-scripts',
  '--no-package-lock',
]

/**
 * Installs what the folder's manifest names. Ours come from the tarballs, also where one of ours
 * depends on another.
 * @param tarballs the tarball of each published package, by the package's name
 * @returns the manifest
 */
export async function install(folder, tarballs) {
  const file = path.join(folder, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const ours = Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]))
  const pinned = (list = {}) =>
    Object.fromEntries(Object.entries(list).map(([name, version]) => [name, ours[name] ?? version]))
  manifest.dependencies = pinned(manifest.dependencies)
  manifest.devDependencies = pinned(manifest.devDependencies)
  await writeFile(file, JSON.stringify({ ...manifest, overrides: ours }, null, 2))
  await run('npm', ['install', ...QUIET], { cwd: folder })
  return manifest
}
