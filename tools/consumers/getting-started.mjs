// Follows docs/getting-started.md step by step: each framework in an empty folder, with the packed
// tarballs instead of the published packages, and with free ports.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../scripts/workspace.mjs'

const run = promisify(execFile)

/** @param work a folder for the empty folders; someone else removes it */
export async function followGettingStarted(tarballs, work) {
  const page = await readFile(path.join(root, 'docs', 'getting-started.md'), 'utf8')
  const sections = page.split(/^(?=## )/m).filter((section) => section.includes('npm install'))
  assert.equal(sections.length, 2, 'a section for Express, and one for Koa')
  const patient = path.join(work, 'curl')
  await mkdir(patient)
  await writeFile(
    path.join(patient, '.curlrc'),
    'silent\nretry-connrefused\nretry 60\nretry-delay 1\n',
  )
  for (const section of sections) {
    const adapter = /@countersign\/(\w+)/.exec(section)[1]
    const folder = path.join(work, `empty-${adapter}`)
    await mkdir(folder)
    const blocks = blocksOf(await withFreePorts(section))
    const ours = ['core', adapter].map((name) => tarballs.get(`@countersign/${name}`))
    await follow(blocks, { folder, tarballs: ours, env: { ...process.env, CURL_HOME: patient } })
  }
}

async function withFreePorts(text) {
  const { stdout } = await run(process.execPath, [
    path.join(root, 'tools', 'scripts', 'free-ports.mjs'),
    '2',
  ])
  const [app, portal] = stdout.trim().split(' ')
  return text.replaceAll('3000', app).replaceAll('3001', portal)
}

/** The fenced blocks, and the headings between them. */
function blocksOf(section) {
  const found = section.matchAll(/^```(\w+)\n([\s\S]*?)^```$|^###? .+$/gm)
  return [...found].map(([heading, language = 'heading', text = heading]) => ({ language, text }))
}

async function follow(blocks, { folder, tarballs, env }) {
  for (const { language, text } of blocks) {
    if (language === 'js') await writeFile(path.join(folder, /^\/\/ (\S+)/.exec(text)[1]), text)
  }
  const logs = path.join(folder, '..', `${path.basename(folder)}-logs`)
  await mkdir(logs)
  const script = scriptOf(blocks, { tarballs, logs })
  await run('bash', ['-c', script], { cwd: folder, env, timeout: 300_000 })
  for (const [index, { language, text }] of blocks.entries()) {
    if (language !== 'json') continue
    const said = await readFile(path.join(logs, `${index - 1}`), 'utf8')
    assert.deepEqual(JSON.parse(said), JSON.parse(text), blocks[index - 1].text)
  }
}

/** All commands in one shell, as in one terminal. At a new heading, running programs are stopped. */
function scriptOf(blocks, { tarballs, logs }) {
  const stop = 'for job in $(jobs -p); do kill "$job"; wait "$job" || true; done'
  const commands = blocks.map(({ language, text }, index) => {
    if (language === 'heading') return stop
    if (language !== 'sh') return ''
    const packed = text.replace(/^(npm install) @countersign\/\w+/m, `$1 ${tarballs.join(' ')}`)
    return `{\n${packed}} >"${logs}/${index}"`
  })
  return `set -eu\nunset PORT PORTAL_URL PORTAL_SECRET\ntrap '${stop.replaceAll("'", '"')}' EXIT\n${commands.join('\n')}`
}
