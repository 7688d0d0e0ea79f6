import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './documents'

const IMPORTS = [
  './own-file',
  './own-folder/file',
  '../file',
  '../index',
  '../wire/bytes',
  '../replay/store',
  '../verify/check',
  '../../../core/src/keys/key',
  '../../../../packages/core/src/keys/key',
  'node:crypto',
  'node:diagnostics_channel',
  'node:fs',
  'crypto',
  'lodash',
  'express',
  'express/lib/router',
  'koa',
  '@countersign/core',
  '@countersign/core/src/keys/key',
  '@countersign/core/dist/index.js',
  '@countersign/core/schemes',
  '@countersign/core/node',
  '@countersign/express',
  '@countersign/store-redis',
  '@countersign/testing',
  '@countersign/conformance',
  'jsonwebtoken',
]

const own = ['./own-file', './own-folder/file']
const folders = ['../file', '../index', '../wire/bytes', '../replay/store', '../verify/check']
const core = ['@countersign/core', '@countersign/core/schemes', '@countersign/core/node']
const packages = [
  ...core,
  '@countersign/express',
  '@countersign/store-redis',
  '@countersign/testing',
]
const installed = IMPORTS.filter((name) => /^(?:node:|\w)/.test(name))

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'packages/core/src': [...own, 'node:crypto', 'node:diagnostics_channel'],
  'packages/core/src/wire': [...own, '../file', '../index'],
  'packages/core/src/keys': [...own, '../file', '../index', '../wire/bytes', 'node:crypto'],
  'packages/core/src/sign': [
    ...[...own, '../file', '../index', '../wire/bytes', '../verify/check', 'node:crypto'],
  ],
  'packages/core/src/schemes': [...own, '../index'],
  'packages/core/src/node': [...own, '../index'],
  'packages/express/src': [...own, ...folders, 'express', ...core],
  'packages/store-redis/src': [...own, ...folders, 'node:crypto', '@countersign/core'],
  'packages/testing/src': [
    ...[...own, ...folders, 'node:crypto', 'node:diagnostics_channel', 'node:fs'],
    ...['@countersign/core', 'jsonwebtoken'],
  ],
  'examples/demo/src': [...own, ...folders, ...installed, ...packages],
  'packages/core/test': [...own, ...folders, ...installed, ...packages, '@countersign/conformance'],
}

const NODE = 'packages/core/src/node'

/** What the linter reads, by its path: every import in each folder, and names of `node:http`. */
const PLANTED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.keys(ALLOWED).map((folder) => [
      `${folder}/planted.ts`,
      IMPORTS.map((name) => `import '${name}'\n`).join(''),
    ]),
  ),
  [`${NODE}/type.ts`]: `import type { Server } from 'node:http'\nexport type { Server }\n`,
  [`${NODE}/value.ts`]: `import { Server } from 'node:http'\nexport { Server }\n`,
}

/** The imports that the linter reports. */
const refused: Readonly<Record<string, string[]>> = Object.fromEntries(
  Object.keys(PLANTED).map((path) => [path, []]),
)

beforeAll(() => {
  const house = mkdtempSync(join(tmpdir(), 'countersign-house-'))
  // types are not needed to see an import, and this copy has none
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8')
  const untyped = config.replace('"typeAware": true', '"typeAware": false')
  writeFileSync(join(house, '.oxlintrc.json'), untyped)
  for (const [path, source] of Object.entries(PLANTED)) {
    mkdirSync(join(house, dirname(path)), { recursive: true })
    writeFileSync(join(house, path), source)
  }
  const linter = join(root, 'node_modules', '.bin', 'oxlint')
  const { stdout } = spawnSync(linter, ['--format', 'unix'], { cwd: house, encoding: 'utf8' })
  rmSync(house, { recursive: true })
  for (const [, path = '', name = ''] of stdout.matchAll(
    /^([^:]+):.*: '([^']+)' import is restricted/gm,
  )) {
    refused[path]?.push(name)
  }
})

describe('the linter', () => {
  it.each(Object.entries(ALLOWED))('lets files in %s import only what they may', (folder, may) => {
    const allowed = IMPORTS.filter((name) => !refused[`${folder}/planted.ts`]?.includes(name))
    expect(allowed.toSorted()).toEqual(may.toSorted())
  })

  it('lets the room `node` of core import types of node:http, and no values', () => {
    expect(refused[`${NODE}/type.ts`]).toEqual([])
    expect(refused[`${NODE}/value.ts`]).toContain('node:http')
  })

  it('has the fences that the table in CONTRIBUTING shows', () => {
    const script = join(root, 'tools', 'scripts', 'fences.mjs')
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})
