// Installs the packed packages in the examples that are too large for the workspace, builds and starts
// them, and runs the test kit against them: `node tools/consumers/servers.mjs`. Build first.
import { execFile, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { packAll } from '../scripts/tarballs.mjs'
import { root } from '../scripts/workspace.mjs'
import { install } from './src/install.mjs'

const run = promisify(execFile)
const here = path.join(import.meta.dirname, 'servers')
const SESSION_SECRET = 'The-secret-of-our-own-session-cookies'
const env = {
  ...process.env,
  COUNTERSIGN_DEBUG: '0',
  NEXT_TELEMETRY_DISABLED: '1',
  FEATKIT_SECRET: 'The-signing-secret-of-these-servers-2026',
  CANNY_SECRET: 'The-secret-for-canny-of-these-servers-2026',
  INTERCOM_SECRET: 'The-secret-for-intercom-of-these-servers-2026',
  SESSION_SECRET,
}
const mac = createHmac('sha256', SESSION_SECRET).update('7').digest('hex')
const NEXT = 'node_modules/next/dist/bin/next'
const WORKERD = 'node_modules/@cloudflare/workerd-linux-64/bin/workerd'

const SERVERS = [
  {
    name: 'next',
    binary: NEXT,
    prepare: (folder) => run(process.execPath, [NEXT, 'build'], { cwd: folder, env }),
    start: (port) => [process.execPath, NEXT, 'start', '-H', '127.0.0.1', '-p', String(port)],
    given: {
      // Next.js itself answers a method that a route has no handler for, without `Allow`
      SKIPPED: 'signs for no method other than the endpoint’s own',
      GUARDED: '/api/vote',
      METHOD: 'POST',
      COOKIE: `session=${btoa('7').replaceAll('=', '')}.${mac}`,
    },
    tests: ['kit.test.mjs', 'app.test.mjs'],
  },
  {
    name: 'workers',
    more: { '@cloudflare/workerd-linux-64': '1.20261117.1' },
    binary: WORKERD,
    prepare: bundleWorker,
    start: (port) => [WORKERD, 'serve', 'workerd.capnp', `--socket-addr=http=127.0.0.1:${port}`],
    given: { GUARDED: '/portal', METHOD: 'GET', COOKIE: `session=7.${mac}` },
    tests: ['kit.test.mjs'],
  },
]

const work = await mkdtemp(path.join(tmpdir(), 'countersign-servers-'))
try {
  const tarballs = await packAll(path.join(work, 'tarballs'))
  for (const server of SERVERS) await tried(server, tarballs)
} finally {
  await rm(work, { recursive: true, force: true })
}

async function tried({ name, more, binary, prepare, start, given, tests }, tarballs) {
  const folder = path.join(work, name)
  try {
    await cp(path.join(root, 'examples', name), folder, { recursive: true, filter: isSource })
    await cp(here, folder, { recursive: true })
    await addOptional(folder, more)
    await install(folder, tarballs)
    if (!existsSync(path.join(folder, binary))) {
      return console.log(`${name.padEnd(8)} SKIPPED: ${binary} is not installed here`)
    }
    await prepare(folder)
    const passed = await running(folder, start, (ORIGIN) =>
      run(process.execPath, ['--test', ...tests], {
        cwd: folder,
        env: { ...env, ...given, ORIGIN },
      }),
    )
    console.log(`${name.padEnd(8)} ${/^# pass (\d+)$/m.exec(passed.stdout)?.[1]} tests passed`)
  } catch (error) {
    process.exitCode = 1
    const output = `${error.stdout ?? ''}${error.stderr ?? ''}`
    console.error(`${name} failed\n${output.slice(-20_000)}${error.stack ?? error}`)
  }
}

function isSource(file) {
  return !/[\\/](?:node_modules|dist|\.next|test)(?:[\\/]|$)/.test(path.relative(root, file))
}

async function addOptional(folder, optionalDependencies = {}) {
  const file = path.join(folder, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...manifest, optionalDependencies }))
}

async function bundleWorker(folder) {
  await chmod(path.join(folder, WORKERD), 0o755)
  await build({
    absWorkingDir: folder,
    entryPoints: ['src/worker.ts'],
    outfile: 'worker.mjs',
    bundle: true,
    format: 'esm',
    conditions: ['workerd'],
    external: ['node:*', 'cloudflare:*'],
    tsconfigRaw: {}, // the workspace's own is not there
  })
}

/** Starts a server on a free port, lets `work` use it, and stops it. */
async function running(folder, start, work) {
  const port = await freePort()
  const [command, ...args] = start(port)
  const server = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (log += text))
  try {
    const origin = `http://127.0.0.1:${port}`
    await answering(origin, server)
    return await work(origin)
  } catch (error) {
    error.stderr = `${error.stderr ?? ''}\n${log}`
    throw error
  } finally {
    server.kill()
  }
}

async function answering(origin, server) {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(200)) {
    if (server.exitCode !== null) break
    if (
      await fetch(origin).then(
        () => true,
        () => false,
      )
    )
      return
  }
  throw new Error('The server did not answer')
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
