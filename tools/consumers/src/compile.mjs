// Compiles the documented programs, and lines that must not compile, with every version of TypeScript
// that we support and as every kind of application resolves modules.
import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/workspace.mjs'

const run = promisify(execFile)

/** Versions that the app installs. The workspace has 6 and 7. */
export const TYPESCRIPT_5 = ['5.0.4', '5.4.5', '5.9.3']

/** Their TypeScript is compiled as CommonJS, and their JavaScript as ES modules. */
const DOCUMENTS = [
  'README.md',
  'docs/getting-started.md',
  ...['core', 'express', 'koa', 'fastify', 'hono', 'fetch', 'testing'].map(
    (name) => `packages/${name}/README.md`,
  ),
]

const FLAGS = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--esModuleInterop']
/** Without the types of pages: those of TypeScript 5.0 have no `Response.json`, and Node's have it. */
const TARGET = ['--target', 'es2022', '--lib', 'es2022', '--types', 'node', '--pretty', 'false']
const NODENEXT = ['--module', 'nodenext', '--moduleResolution', 'nodenext']
/** How applications find modules, with and without a check of the libraries that they use. */
const SETTINGS = {
  nodenext: [...NODENEXT, '--skipLibCheck'],
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck'],
  node10: ['--module', 'commonjs', '--moduleResolution', 'node10', '--skipLibCheck'],
  libraries: NODENEXT,
}

/** How many compilers run at a time. */
const AT_ONCE = 2

export async function compile(app) {
  const files = [...(await written(app)), 'frameworks.ts', 'plain.ts', 'globals.d.ts']
  const waiting = compilers(app).flatMap(({ settings, ...compiler }) =>
    settings.map((setting) => ({ ...compiler, setting })),
  )
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await compileWith(next)
    }),
  )

  async function compileWith({ setting, version, bin, node10 = [] }) {
    const args = [
      ...FLAGS,
      ...TARGET,
      ...SETTINGS[setting],
      ...(setting === 'node10' ? node10 : []),
    ]
    const isNode = SETTINGS[setting].includes('nodenext')
    const errors = await errorsOf(
      // the others do not know from its name that a file is an ES module
      [bin, ...args, ...files.filter((file) => isNode || !file.endsWith('.mts'))],
      app,
    )
    if (errors.length > 0) {
      throw new Error(`TypeScript ${version}, ${setting}:\n${errors.join('\n')}`)
    }
  }
}

/** Those in our own libraries and in the programs. Those of the frameworks have errors too. */
async function errorsOf(args, cwd) {
  const { stdout = '' } = await run(process.execPath, args, { cwd }).catch((error) => error)
  return stdout
    .split('\n')
    .filter((line) => /error TS\d+/.test(line) && !/^node_modules\/(?!@countersign\/)/.test(line))
}

/** Writes the programs of each document into a folder of its own. */
async function written(app) {
  const files = []
  for (const [index, document] of DOCUMENTS.entries()) {
    const folder = path.join(app, `document-${index}`)
    await cp(path.join(app, 'session.ts'), path.join(folder, 'session.ts'))
    const page = await readFile(path.join(root, document), 'utf8')
    for (const { name, code } of programsIn(page)) {
      await writeFile(path.join(folder, name), code)
      files.push(path.join(path.basename(folder), name))
    }
  }
  return files
}

/** Those in TypeScript, and JavaScript that is an ES module as if it were. */
function programsIn(page) {
  const blocks = [...page.matchAll(/^```(ts|js)\n([\s\S]*?)^```$/gm)]
  const programs = blocks.map(([, language, code], index) => {
    const named = /^\/\/ ([\w.-]+\.(?:mjs|ts))\n/.exec(code)?.[1].replace('.mjs', '.mts')
    return { name: named ?? (language === 'ts' && `program-${index}.ts`), code }
  })
  return programs.filter(({ name }) => name)
}

/** The versions between the lowest and the last two differ little in how they find modules. */
function compilers(app) {
  const all = Object.keys(SETTINGS)
  const [lowest] = TYPESCRIPT_5
  return [
    ...TYPESCRIPT_5.map((version) => ({
      version,
      bin: path.join(app, 'node_modules', `typescript-${version}`, 'lib', 'tsc.js'),
      settings: version === lowest ? all : ['nodenext', 'libraries'],
    })),
    {
      version: '6',
      bin: path.join(root, 'node_modules', 'typescript', 'lib', 'tsc.js'),
      settings: all,
      node10: ['--ignoreDeprecations', '6.0'],
    },
    {
      version: '7',
      bin: path.join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc'),
      settings: all.filter((name) => name !== 'node10'),
    },
  ]
}
