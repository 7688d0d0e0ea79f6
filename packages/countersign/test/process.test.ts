import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMANDS } from '../src/cli'
import { buildCommandLine, secret } from './support/built'
import { run } from './support/console'

const built = buildCommandLine()
afterAll(() => built.remove())

/** Runs a command line in a shell, with all that the examples need. */
function inShell(command: string, env: Readonly<Record<string, string>> = {}) {
  const names = ['FEATKIT_SECRET', 'SEGGWAT_SECRET', 'FDBACK_SECRET', 'STAGING_SECRET']
  const secrets = Object.fromEntries(names.map((name) => [name, secret]))
  const path = `${built.folder}:${process.env['PATH']}`
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', command], {
    cwd: built.folder,
    env: { ...secrets, PATH: path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { status, stdout, stderr }
}

const signed = (options: string) => inShell(`countersign sign ${options}`).stdout.trim()
const featkit = '-p featkit --slug acme --secret-env FEATKIT_SECRET --id 42'

it('ends quietly where the reader of its output has seen enough', () => {
  const { stderr } = inShell('countersign explain --help | true; countersign sign --help | true')
  expect(stderr).toBe('')
})

describe('the examples of --help', () => {
  const examples = Object.entries(COMMANDS).map(
    ([name, [, load]]) => [name, load().command.examples] as const,
  )
  const all = examples.flatMap(([name, texts]) => texts.map((text) => ({ name, text })))
  const variables: Record<string, string> = {}

  beforeAll(() => {
    writeFileSync(join(built.folder, 'harlyy.secret'), secret)
    const body = '{"email":"ada"}'
    const headers = `x-workspace-id: w_1\nx-timestamp: 1\nx-signature: ${'0'.repeat(64)}`
    writeFileSync(join(built.folder, 'request.txt'), `POST / HTTP/1.1\n${headers}\n\n${body}`)
    variables['LINK'] = signed(featkit)
    variables['REFUSED_LINK'] = `${variables['LINK']}00`
  })

  it.each(examples)('are shown for %s', async (name, texts) => {
    const { out } = await run([name, '--help'])
    for (const text of texts) expect(out).toContain(`\n  ${text}\n`)
  })

  it.each(all.filter(({ name }) => name !== 'serve'))('run: $text', ({ name, text }) => {
    const { status, stdout, stderr } = inShell(text, variables)
    expect(stderr).not.toMatch(/error|Error/)
    expect(status).toBe(name === 'explain' ? 1 : 0)
    expect(stdout === '').toBe(text.includes('>>'))
  })

  it.each(all.filter(({ name }) => name === 'serve'))('run until they are ended: $text', (each) => {
    const waiting = `until [ -s out ]; do sleep .05; done; curl -so page $(cat out); kill -INT $!; wait $!`
    const { status } = inShell(`${each.text} > out & ${waiting}`)
    const printed = readFileSync(join(built.folder, 'out'), 'utf8')
    expect(readFileSync(join(built.folder, 'page'), 'utf8')).toContain('debugger')
    expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:4180\/[0-9a-f]{32}\/\n$/)
    expect(status).toBe(0)
  })
})

it('pipes a signed request into an explanation', () => {
  const command = `countersign sign ${featkit} 2> rest | countersign explain -p featkit --secret-env FEATKIT_SECRET`
  expect(inShell(command)).toMatchObject({ status: 0, stderr: '' })
})

it('warns once of a short secret, although it tries every portal', () => {
  const command = `countersign explain -p featkit --secret-env FEATKIT_SECRET x`
  const { stderr } = inShell(command, { FEATKIT_SECRET: 'twenty bytes of text' })
  expect(stderr).toMatch(/^Countersign: the secret of featkit\(\) is shorter than 32 bytes.*\n$/)
})

/** The least processor time of five runs, in seconds. */
function processorTime(command: string): number {
  const times = Array.from({ length: 5 }, () => {
    const timed = `TIMEFORMAT='%U %S'; time ${process.execPath} ${command} > /dev/null`
    const [user, system] = inShell(timed).stderr.trim().split(' ')
    return Number(user) + Number(system)
  })
  return Math.min(...times)
}

it('starts in less than 150 ms, or three times what Node itself needs on a busy machine', () => {
  const limit = Math.max(0.15, 3 * processorTime('-e 0'))
  expect(processorTime(`${built.main} --help`)).toBeLessThan(limit)
})

/** Types a line into a terminal of its own after each prompt, and prints what the terminal shows. */
const PTY = `
import json, os, pty, sys
argv, typed = sys.argv[2:], json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0: os.execv(argv[0], argv)
shown = b''
while True:
    try: data = os.read(terminal, 65536)
    except OSError: break
    if not data: break
    shown += data
    if typed and typed[0][0].encode() in shown: os.write(terminal, typed.pop(0)[1].encode() + b'\\n')
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

it('asks a person for the secret without showing it, and for what to check', () => {
  const typed = [
    ['not shown', secret],
    ['press Enter', signed(featkit)],
  ]
  const argv = [process.execPath, built.main, 'verify', '-p', 'featkit']
  const shown = execFileSync('python3', ['-c', PTY, JSON.stringify(typed), ...argv], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { TERM: 'xterm', PATH: process.env['PATH'] },
  })
  expect(shown).toMatch(/Secret \(not shown\): \r\nPaste a link/)
  expect(shown).toContain('\u001b[32m✔ accepted')
  expect(shown).not.toContain(secret)
})
