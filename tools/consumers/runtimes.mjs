// Runs the packed core in Node, Bun, Deno and workerd: `node tools/consumers/runtimes.mjs`. Build first.
// A runtime that cannot be installed on this machine is skipped, and a line says so.
import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { packAll } from '../scripts/tarballs.mjs'
import { root } from '../scripts/workspace.mjs'
import { install } from './src/install.mjs'

const run = promisify(execFile)
const env = { ...process.env, COUNTERSIGN_DEBUG: '0', NO_COLOR: '1' }
const PROGRAM = 'process.mjs'

/** From packages that need no install script, each for one platform. */
const RUNTIMES = [
  {
    name: 'Bun',
    package: '@oven/bun-linux-x64',
    version: '1.4.5',
    file: 'bin/bun',
    args: [PROGRAM],
  },
  {
    name: 'Deno',
    package: '@deno/linux-x64-glibc',
    version: '2.9.6',
    file: 'deno',
    args: ['run', '--no-prompt', '--allow-read', '--allow-env', PROGRAM],
  },
  {
    name: 'workerd',
    package: '@cloudflare/workerd-linux-64',
    version: '1.20261117.1',
    file: 'bin/workerd',
    args: ['test', 'workerd.capnp'],
  },
]

const work = await mkdtemp(path.join(tmpdir(), 'countersign-runtimes-'))
try {
  await prepare()
  report('Node', process.versions.node, await tried(process.execPath, [PROGRAM]))
  for (const { name, package: from, version, file, args } of RUNTIMES) {
    const binary = path.join(work, 'node_modules', from, file)
    if (!existsSync(binary)) console.log(`${name.padEnd(8)} SKIPPED: ${from} is not installed here`)
    else {
      await chmod(binary, 0o755)
      report(name, version, await tried(binary, args))
    }
  }
} finally {
  await rm(work, { recursive: true, force: true })
}

async function prepare() {
  const here = path.join(import.meta.dirname, 'runtimes')
  await cp(here, work, { recursive: true })
  await cp(path.join(root, 'tools/conformance/data/tokens.json'), path.join(work, 'tokens.json'))
  const optionalDependencies = Object.fromEntries(
    RUNTIMES.map(({ package: name, version }) => [name, version]),
  )
  const manifest = {
    dependencies: { '@countersign/core': 'latest', '@countersign/fetch': 'latest' },
    optionalDependencies,
  }
  await writeFile(path.join(work, 'package.json'), JSON.stringify(manifest))
  await install(work, await packAll(path.join(work, 'tarballs')))
  await build({
    absWorkingDir: work,
    entryPoints: ['worker.mjs'],
    outfile: 'bundled.mjs',
    bundle: true,
    format: 'esm',
    conditions: ['workerd'],
    external: ['node:*'],
  })
}

/** @returns what it printed, and whether it failed */
async function tried(command, args) {
  const options = { cwd: work, env, timeout: 60_000 }
  const { code = 0, stdout, stderr } = await run(command, args, options).catch((error) => error)
  return { hasFailed: code !== 0, output: `${stdout}${stderr}` }
}

function report(name, version, { hasFailed, output }) {
  const passed = /\d+ checks passed/.exec(output)?.[0]
  console.log(`${name.padEnd(8)} ${version.padEnd(13)} ${passed ?? 'FAILED'}`)
  if (passed && !hasFailed) return
  process.exitCode = 1
  console.error(output.slice(0, 20_000))
}
