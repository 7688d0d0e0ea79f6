import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './documents'

const IMPORTS = [
  './own-file',
  '../elsewhere',
  '../../node/src/view',
  '../../../packages/core/src/key',
  'node:crypto',
  'node:fs',
  'crypto',
  'lodash',
  'express',
  'express/lib/router',
  'koa',
  '@countersign/core',
  '@countersign/core/src/key',
  '@countersign/core/dist/key.js',
  '@countersign/schemes',
  '@countersign/node',
  '@countersign/express',
  '@countersign/koa',
  '@countersign/store-redis',
  '@countersign/testing',
  '@countersign/conformance',
  'jsonwebtoken',
  'ioredis',
]

const ADAPTER_MAY = ['./own-file', '@countersign/core', '@countersign/schemes', '@countersign/node']

let house: string

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'countersign-house-'))
  // types are not needed to see an import, and are not there in this copy
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8')
  const untyped = config.replace('"typeAware": true', '"typeAware": false')
  writeFileSync(join(house, '.oxlintrc.json'), untyped)
})

afterAll(() => rmSync(house, { recursive: true, force: true }))

/** Plants all imports in a file of the folder: those that the linter has nothing to say against. */
function allowed(folder: string): string[] {
  const planted = join(folder, 'planted.ts')
  mkdirSync(join(house, folder), { recursive: true })
  writeFileSync(join(house, planted), IMPORTS.map((name) => `import '${name}'\n`).join(''))
  const linter = join(root, 'node_modules', '.bin', 'oxlint')
  const options = { cwd: house, encoding: 'utf8' } as const
  const { stdout } = spawnSync(linter, ['--format', 'unix', planted], options)
  const refused = [...stdout.matchAll(/: '([^']+)' import is restricted/g)].map(([, name]) => name)
  return IMPORTS.filter((name) => !refused.includes(name))
}

describe('the linter', () => {
  it('lets core import node:crypto and its own files only', () => {
    expect(allowed('packages/core/src')).toEqual(['./own-file', 'node:crypto'])
  })

  it('lets schemes import the door of core only', () => {
    expect(allowed('packages/schemes/src')).toEqual(['./own-file', '@countersign/core'])
  })

  it('lets node import core and Node’s own modules only', () => {
    const may = ['./own-file', 'node:crypto', 'node:fs', '@countersign/core']
    expect(allowed('packages/node/src')).toEqual(may)
  })

  it.each(['store-redis', 'store-postgres'])('lets %s import core, and no client', (name) => {
    const may = ['./own-file', 'node:crypto', '@countersign/core']
    expect(allowed(`packages/${name}/src`)).toEqual(may)
  })

  it('lets the test kit import core, jsonwebtoken and Node’s own modules, and no runner', () => {
    const may = allowed('packages/testing/src')
    expect(may).toEqual(expect.arrayContaining(['node:fs', '@countersign/core', 'jsonwebtoken']))
    for (const name of ['lodash', 'express', '@countersign/schemes', '@countersign/express']) {
      expect(may).not.toContain(name)
    }
  })

  it.each(['express', 'koa'])(
    'lets the %s adapter import its framework and what is below it',
    (name) => {
      const may = IMPORTS.filter((each) => each === name || ADAPTER_MAY.includes(each))
      expect(allowed(`packages/${name}/src`)).toEqual(may)
    },
  )

  it('lets examples import what an application can install only', () => {
    const may = allowed('examples/demo/src')
    expect(may).toEqual(
      expect.arrayContaining(['express', 'lodash', 'node:fs', '@countersign/core']),
    )
    expect(may).not.toContain('@countersign/conformance')
    expect(may.filter((name) => /(?:src|dist)\//.test(name))).toEqual([])
  })

  it('lets nobody, tests too, reach into a package past its door', () => {
    for (const folder of ['packages/core/test', 'packages/bench/src', 'packages/node/src']) {
      expect(allowed(folder).filter((name) => /(?:src|dist)\//.test(name))).toEqual([])
    }
  })
})
