// Which packages there are, and how to call the package manager that runs us.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.join(import.meta.dirname, '..', '..')

/** Every package, with its manifest. */
export function packages() {
  return ['packages', 'tools']
    .flatMap((parent) =>
      readdirSync(path.join(root, parent)).map((name) => path.join(root, parent, name)),
    )
    .filter((folder) => existsSync(path.join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(path.join(folder, 'package.json')) }))
}

/** Those that users can install. */
export function publishedPackages() {
  return packages().filter(({ manifest }) => !manifest.private)
}

export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The pnpm that runs this script; the pinned one where something else does. */
export function pnpmCommand() {
  const runner = process.env.npm_execpath ?? ''
  if (!/^pnpm(?:\.[cm]?js|\.exe)?$/.test(path.basename(runner)))
    return ['npx', '-y', 'pnpm@12.21.0']
  return runner.endsWith('js') ? [process.execPath, runner] : [runner]
}
