/** @jest-config-loader esbuild-register */
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Config } from 'jest'

// our suites refuse thousands of requests on purpose; faults are still reported
process.env['COUNTERSIGN_DEBUG'] ??= '0'

// `pnpm run cookie-table` measures browsers, not our code
const kind = process.env['COUNTERSIGN_STUDIES'] ? 'study' : 'test'

const shared: Config = {
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/**/*.${kind}.ts`],
  collectCoverageFrom: ['src/**/*.ts'],
  testEnvironmentOptions: {
    // @countersign/* means the sources: no build is needed before the tests
    customExportConditions: ['@countersign/source', 'require', 'default', 'node', 'node-addons'],
  },
  transform: {
    '\\.[cm]?ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true }, // as Nest needs them
          target: 'es2023',
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
}

const projects = ['packages', 'tools', 'examples'].flatMap((folder) =>
  readdirSync(`${__dirname}/${folder}`)
    .filter((name) => existsSync(`${__dirname}/${folder}/${name}/test`))
    .map((name) => ({ ...shared, displayName: name, rootDir: `<rootDir>/${folder}/${name}` })),
)

const config: Config = {
  projects: projects as NonNullable<Config['projects']>,
  coverageProvider: 'v8',
  // many tests wait for servers, browsers and other processes
  maxWorkers: Math.max(2, availableParallelism()),
  testSequencer: './tools/scripts/longest-first.cjs',
  // a busy machine is slow, not wrong
  testTimeout: 60_000,
}
export default config
