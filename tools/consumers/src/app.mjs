// One application: installed as a user does, its suite run, and run again without a guard.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { install } from './install.mjs'
import { runnerOf } from './runners.mjs'

const run = promisify(execFile)
/**
 * @param from the app's folder
 * @param to where its copy goes, outside the workspace
 * @param tarballs the tarball of each published package, by its name
 * @returns its runner, how many tests have passed, and how many have failed without the guard
 */
export async function useApp({ from, to, tarballs }) {
  await cp(from, to, { recursive: true })
  const manifest = await install(to, tarballs)
  const { name, suite } = runnerOf(manifest)
  const offered = Number((await node(to, ['offered.mjs'])).stdout)
  assert.ok(offered > 0, 'the kit offers no cases')

  const guarded = await suite(to)
  assert.deepEqual(guarded.failed, [], guarded.output)
  assert.equal(guarded.passed, offered, `${guarded.passed} of ${offered} tests ran`)

  await takeOut(to, manifest.consumer.guard)
  const open = await suite(to)
  assertFound(open)
  const ran = open.passed + open.failed.length
  assert.equal(ran, offered, `without the guard, ${ran} of ${offered} tests ran`)
  return {
    runner: `${name} ${await versionOf(to, name)}`,
    passed: guarded.passed,
    caught: open.failed.length,
  }
}

async function takeOut(folder, { file, take, put }) {
  const target = path.join(folder, file)
  const text = await readFile(target, 'utf8')
  assert.ok(text.includes(take), `${file} has no "${take}"`)
  await writeFile(
    target,
    text.replace(take, () => put),
  )
}

/** The runner must show what the kit found. */
function assertFound({ failed, output }) {
  assert.ok(failed.length > 0, 'no test fails without the guard')
  for (const label of ['sent', 'received', 'means', 'fix']) {
    assert.match(output, new RegExp(`^ +${label} +\\S`, 'm'), `no finding with its "${label}"`)
  }
}

function node(cwd, args) {
  return run(process.execPath, args, { cwd })
}

async function versionOf(folder, name) {
  if (name === 'node:test') return ''
  const manifest = path.join(folder, 'node_modules', name, 'package.json')
  return JSON.parse(await readFile(manifest, 'utf8')).version
}
