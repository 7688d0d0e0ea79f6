// One app: installed as a stranger does it, its suite run, and run again with a guard taken out.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { runnerOf } from './runners.mjs'

const run = promisify(execFile)
const QUIET = [
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--ignore-scripts',
  '--no-package-lock',
]

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
  assert.ok(offered > 0, 'the kit offers nothing')

  const well = await suite(to)
  assert.deepEqual(well.failed, [], well.said)
  assert.equal(well.passed, offered, `${well.passed} tests have run, where there are ${offered}`)

  await takeOut(to, manifest.consumer.guard)
  const ill = await suite(to)
  expectCaught(ill, manifest.consumer.caught)
  assert.equal(ill.passed + ill.failed.length, offered, 'without the guard not all tests have run')
  return {
    runner: `${name} ${await versionOf(to, name)}`,
    passed: well.passed,
    caught: ill.failed.length,
  }
}

/** Ours come from the tarballs, also where one of ours asks for another. */
async function install(folder, tarballs) {
  const file = path.join(folder, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const ours = Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]))
  const pinned = (list) =>
    Object.fromEntries(Object.entries(list).map(([name, version]) => [name, ours[name] ?? version]))
  manifest.dependencies = pinned(manifest.dependencies)
  manifest.devDependencies = pinned(manifest.devDependencies)
  await writeFile(file, JSON.stringify({ ...manifest, overrides: ours }, null, 2))
  await run('npm', ['install', ...QUIET], { cwd: folder })
  return manifest
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

/** A runner that shows no failure, or not why, is of no use. */
function expectCaught({ failed, said }, caught) {
  assert.ok(
    failed.includes(caught),
    `"${caught}" is not among those that failed: ${failed.join('; ')}`,
  )
  for (const label of ['sent', 'received', 'means', 'fix']) {
    assert.match(said, new RegExp(`^ +${label} +\\S`, 'm'), `no finding with its "${label}"`)
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
