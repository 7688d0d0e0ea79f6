// Packs what would be published, as it would be published. COUNTERSIGN_TRIAL_PACK=0 refuses what is not
// ready for a release.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { pnpmCommand, publishedPackages } from './workspace.mjs'

const run = promisify(execFile)
const env = { COUNTERSIGN_TRIAL_PACK: '1', ...process.env }

/** @returns the tarball of each published package, by the package's name */
export async function packAll(destination) {
  const [pnpm, ...before] = pnpmCommand()
  const packed = publishedPackages().map(async ({ folder, manifest: { name, version } }) => {
    await run(pnpm, [...before, 'pack', '--pack-destination', destination], { cwd: folder, env })
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
    return [name, path.join(destination, file)]
  })
  return new Map(await Promise.all(packed))
}
