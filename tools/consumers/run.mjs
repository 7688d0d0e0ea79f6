// Runs the suites of throw-away applications under their own test runners, on the packed packages:
// `node tools/consumers/run.mjs`, or `… --only <app>` for one of them. Build first.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { packAll } from '../scripts/tarballs.mjs'
import { useApp } from './src/app.mjs'

/** How many are installed and run at a time. */
const AT_ONCE = 2

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const apps = path.join(import.meta.dirname, 'apps')
const all = await readdir(apps)
const chosen = all.filter((name) => !values.only || name === values.only)
if (chosen.length === 0) {
  console.error(`There is no app "${values.only}". The apps are ${all.join(', ')}`)
  process.exit(1)
}

const started = performance.now()
const work = await mkdtemp(path.join(tmpdir(), 'countersign-consumers-'))
try {
  const tarballs = await packAll(path.join(work, 'tarballs'))
  const waiting = [...chosen]
  await Promise.all(Array.from({ length: AT_ONCE }, () => workOff(waiting, tarballs)))
} catch (error) {
  fail('packing', error)
} finally {
  await rm(work, { recursive: true, force: true })
}
const seconds = Math.round((performance.now() - started) / 1000)
console.log(
  `${chosen.length} apps in ${seconds} s${process.exitCode ? ', not all of them passed' : ''}`,
)

async function workOff(waiting, tarballs) {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    try {
      const app = await useApp({ from: path.join(apps, name), to: path.join(work, name), tarballs })
      const { runner, passed, caught } = app
      const result = `${passed} tests passed; ${caught} failed without a guard`
      console.log(
        `${name.padEnd(16)} ${runner.padEnd(14)} Node ${process.versions.node}  ${result}`,
      )
    } catch (error) {
      fail(name, error)
    }
  }
}

function fail(what, error) {
  process.exitCode = 1
  const output = `${error.stdout ?? ''}${error.stderr ?? ''}`
  console.error(`${what} failed\n${output.slice(-20_000)}${error.stack ?? error}`)
}
