// Packs what would be published, inspects the tarballs, and uses them in throw-away applications.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { useEveryPackage } from '../consumers/every-package.mjs'
import { followGettingStarted } from '../consumers/getting-started.mjs'
import { packedManifest } from './packed-manifest.cjs'
import { packAll } from './tarballs.mjs'
import { readJson, root } from './workspace.mjs'

const run = promisify(execFile)
const tool = (name) => path.join(root, 'node_modules', '.bin', name)
const { engines } = readJson(path.join(root, 'package.json'))

const work = await mkdtemp(path.join(tmpdir(), 'countersign-pack-'))
try {
  assertReleasable()
  const tarballs = await packAll(path.join(work, 'tarballs'))
  await Promise.all([...tarballs.values()].map(inspect))
  await Promise.all([useEveryPackage(tarballs, work), followGettingStarted(tarballs, work)])
  console.log(`${tarballs.size} packages can be published`)
} catch (error) {
  console.error(`pack check failed\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`)
  process.exitCode = 1
} finally {
  await rm(work, { recursive: true, force: true })
}

/** A release says where it comes from. While the root does not, packing fails. */
function assertReleasable() {
  const manifest = { name: '@countersign/core', exports: {} }
  const links = { repository: { url: 'https://example.com/a.git' }, homepage: 'h', bugs: 'b' }
  const { repository } = packedManifest(manifest, links)
  assert.deepEqual(repository, { ...links.repository, directory: 'packages/core' })
  assert.throws(() => packedManifest(manifest, {}), /^Error: Set repository, homepage, bugs/)
}

async function inspect(tarball) {
  const files = await listed(tarball)
  const manifest = await read(tarball, 'package.json')
  const { exports: entries, engines: required } = JSON.parse(manifest)
  const wrong = [
    ...files.filter((file) => !isPublishable(file)).map((file) => `contains ${file}`),
    ...['README.md', 'LICENSE']
      .filter((file) => !files.includes(file))
      .map((file) => `lacks ${file}`),
    ...['workspace:', '@countersign/source']
      .filter((word) => manifest.includes(word))
      .map((word) => `says ${word}`),
  ]
  assert.deepEqual(required, engines)
  if (entries['.'] && !(await read(tarball, 'README.md')).includes('TypeScript, 5.0 or newer')) {
    wrong.push('does not name the lowest version of TypeScript')
  }
  if (wrong.length > 0) throw new Error(`${path.basename(tarball)}: ${wrong.join(', ')}`)
  await Promise.all([
    run(tool('publint'), ['--strict', tarball], { cwd: root }),
    run(tool('attw'), [tarball], { cwd: root }),
  ])
}

async function read(tarball, file) {
  const { stdout } = await run('tar', ['-xzOf', tarball, `package/${file}`])
  return stdout
}

async function listed(tarball) {
  const { stdout } = await run('tar', ['-tzf', tarball])
  return stdout
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''))
}

/** The build, the sources that its maps lead to, and their description: no tests, no files of tools. */
function isPublishable(file) {
  return (
    ['package.json', 'README.md', 'LICENSE', 'schema.sql', 'schema.json'].includes(file) ||
    /^dist\/(?:[a-z0-9-]+\/)*[a-z0-9-]+\.(?:js|mjs|d\.mts|d\.ts(?:\.map)?)$/.test(file) ||
    /^dist\/module\/(?:[a-z0-9-]+\/)*[a-z0-9-]+\.mjs(?:\.map)?$/.test(file) ||
    /^src\/(?:[a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(file)
  )
}
