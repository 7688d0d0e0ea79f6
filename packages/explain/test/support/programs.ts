import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GRAMMARS, type Language } from '../../src/lines/languages'
import { linesFor, STEPS, type Lines, type Step } from '../../src/lines/lines'
import type { Portal } from '@countersign/core'
import { ada, everyPortal, portals, secret, type Name } from './portals'

const run = promisify(execFile)

export const LANGUAGES = Object.keys(GRAMMARS) as readonly Language[] // its own names

interface Runtime {
  readonly command: () => string
  readonly extension: string
  /** Runs the programs of its arguments, and prints a separator behind each. */
  readonly driver: string
  /** Defines the user. */
  readonly user: string
  /** Prints what the program made: a link, a reply as JSON, a form, or a value. */
  readonly print: Readonly<Record<Made, string>>
}

type Made = 'url' | 'reply' | 'fields' | 'value'

const { id, email, name } = ada
const user = `{ "id": "${id}", "email": "${email}", "name": "${name}" }`
const SEPARATOR = '\u001e'

const RUNTIMES: Readonly<Record<Language, Runtime>> = {
  javascript: {
    command: () => process.execPath,
    extension: 'mjs',
    driver: `for (const file of process.argv.slice(2)) { await import(file); process.stdout.write('${SEPARATOR}') }`,
    user: `const user = ${user}`,
    print: {
      url: 'console.log(url)',
      reply: 'console.log(JSON.stringify(reply))',
      fields: 'console.log(String(new URLSearchParams(fields)))',
      value: 'console.log(value)',
    },
  },
  python: {
    // the shim of a version manager takes longer than the programs
    command: () =>
      execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim(),
    extension: 'py',
    driver: `import runpy, sys\nfor file in sys.argv[1:]:\n  runpy.run_path(file); print(end='${SEPARATOR}')`,
    user: `user = ${user}`,
    print: {
      url: 'print(url)',
      reply: 'print(json.dumps(reply))',
      fields: 'print(urlencode(fields))',
      value: 'print(value)',
    },
  },
  php: {
    command: () => 'php',
    extension: 'php',
    driver: `<?php foreach (array_slice($argv, 1) as $file) { (function () use ($file) { include $file; })(); echo '${SEPARATOR}'; }`,
    user: `$user = json_decode('${user}', true);`,
    print: {
      url: 'echo $url, "\\n";',
      reply: 'echo json_encode($reply), "\\n";',
      fields: 'echo http_build_query($fields), "\\n";',
      value: 'echo $value, "\\n";',
    },
  },
  ruby: {
    command: () => 'ruby',
    extension: 'rb',
    driver: `ARGV.each { |file| load file, true; print '${SEPARATOR}' }`,
    user: `user = JSON.parse('${user}', symbolize_names: true)`,
    print: {
      url: 'puts url',
      reply: 'puts reply.to_json',
      fields: 'puts URI.encode_www_form(fields)',
      value: 'puts value',
    },
  },
  curl: {
    command: () => 'bash',
    extension: 'sh',
    driver: `for file in "$@"; do ( . "$file" ); printf '${SEPARATOR}'; done`,
    user: `user_id=${id} user_email=${email} user_name='${name}'`,
    print: { url: '', reply: '', fields: '', value: '' },
  },
}

/** The environment variables of all programs. */
const VARIABLES = everyPortal.map(([, portal]) => {
  const [, variable = ''] = /env\.(\w+)/.exec(linesFor(portal).javascript.secret) ?? []
  return variable
})

/** Other lines in the place of the right ones, and imports that they need. */
export type Changes = Partial<Readonly<Record<Step | 'head', string>>>

export function rightLines(portal: Name | Portal, language: Language): Lines {
  return linesFor(typeof portal === 'string' ? portals[portal] : portal)[language]
}

export interface Program {
  readonly language: Language
  readonly text: string
}

/** A program that signs the user for a portal, and prints what it signed. */
export function programFor(
  portal: Name | Portal,
  language: Language,
  changes: Changes = {},
): Program {
  const { user: defined, print } = RUNTIMES[language]
  const lines = { ...rightLines(portal, language), ...changes }
  const body = [...new Set(STEPS.map((step) => lines[step]))]
  const head = GRAMMARS[language]['head'] ?? ''
  const made = /^const (\w+)/.exec(rightLines(portal, 'javascript').send)?.[1] as Made // what the last line makes
  const parts = [head, changes.head ?? '', defined, ...body, print[made]]
  return { language, text: parts.filter((part) => part !== '').join('\n') }
}

/** Runs programs, those of one language in one process. @returns what each of them prints */
export async function runPrograms(programs: readonly Program[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-signers-'))
  const mirror = await startMirror()
  const printed: string[] = []
  await Promise.all(
    LANGUAGES.map(async (language) => {
      const own = [...programs.keys()].filter((index) => programs[index]?.language === language)
      const texts = own.map((index) => localized(programs[index]!.text, language, mirror.origin))
      const outputs = texts.length > 0 ? await runAll(language, texts, folder) : []
      for (const [index, output] of outputs.entries()) printed[own[index]!] = output
    }),
  )
  mirror.close()
  rmSync(folder, { recursive: true })
  return printed
}

async function runAll(
  language: Language,
  texts: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const { command, extension, driver } = RUNTIMES[language]
  const files = [driver, ...texts].map((text, index) => {
    const file = join(folder, `program-${index}.${extension}`)
    writeFileSync(file, text)
    return file
  })
  const secrets = Object.fromEntries(VARIABLES.map((each) => [each, secret]))
  const env = { ...secrets, PATH: process.env['PATH'], HOME: folder }
  const { stdout } = await run(command(), files, { env })
  return stdout.split(SEPARATOR).slice(0, -1)
}

/** curl sends to a server of ours, which answers with the request. */
function localized(text: string, language: Language, origin: string): string {
  return language === 'curl'
    ? text.replaceAll(/https:\/\/[a-z.-]+/g, origin).replaceAll('curl ', 'curl -s ')
    : text
}

async function startMirror() {
  const server = createServer((req, res) => {
    const lines = req.rawHeaders.map((each, index) => each + (index % 2 === 0 ? ': ' : '\r\n'))
    res.write(`${req.method} ${req.url} HTTP/1.1\r\n${lines.join('')}\r\n`)
    req.pipe(res)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() }
}
