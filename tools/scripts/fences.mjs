// Which folder may import what. Writes this into .oxlintrc.json, as rules, and into CONTRIBUTING.md,
// as a table: `node tools/scripts/fences.mjs`. With `--check`, fails where one of them is not current.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { format } from 'prettier'
import { publishedPackages, root } from './workspace.mjs'

const CORE = '@countersign/core'
const published = publishedPackages().map(({ folder, manifest }) => ({
  ...manifest,
  folder: path.relative(root, folder),
}))
const others = published.filter(({ name }) => name !== CORE)

/** Each name under which core can be imported. */
const doors = doorsOf(CORE)

/** What packages that are not adapters may import beside core's main entry and their dependencies. */
const NOT_ADAPTERS = {
  // bundled, so it has no dependencies
  countersign: [...doors, '@countersign/explain', 'commander', 'uqr', 'node:*'],
  '@countersign/explain': ['node:crypto'],
  '@countersign/store-postgres': ['node:crypto'],
  '@countersign/store-redis': ['node:crypto'],
  '@countersign/testing': ['node:*'],
}

const OWN = './**'
/** A package's files may be in folders, one level deep. */
const OWN_FOLDERS = '../**'
const TOP_LEVEL = '../*'
const inRooms = (...rooms) => [OWN, TOP_LEVEL, ...rooms.map((room) => `../${room}/**`)]

/** Of two rows for the same file, the later one is in force. */
const FENCES = [
  { folder: 'packages/core/src', may: [OWN, 'node:crypto', 'node:diagnostics_channel'] },
  { folder: 'packages/core/src/wire', may: inRooms() },
  { folder: 'packages/core/src/keys', may: [...inRooms('wire'), 'node:crypto'] },
  { folder: 'packages/core/src/replay', may: [...inRooms('wire'), 'node:crypto'] },
  {
    folder: 'packages/core/src/verify',
    may: [...inRooms('wire', 'keys', 'replay'), 'node:crypto'],
  },
  { folder: 'packages/core/src/sign', may: [...inRooms('wire', 'keys', 'verify'), 'node:crypto'] },
  { folder: 'packages/core/src/schemes', may: [OWN, '../index'] },
  { folder: 'packages/core/src/node', may: [OWN, '../index'], types: ['node:http'] },
  ...others.map(({ folder, ...manifest }) => ({
    folder: `${folder}/src`,
    may: fromManifest(manifest),
  })),
]

/** A package imports what its manifest names, so a new adapter needs no row. */
function fromManifest({ name, dependencies = {}, peerDependencies = {} }) {
  const extra = NOT_ADAPTERS[name]
  const all = Object.keys({ ...dependencies, ...peerDependencies })
  const installed = all.filter((each) => !each.startsWith('@types/'))
  const named = installed.flatMap((each) => (each === CORE && extra ? each : doorsOf(each)))
  return [OWN_FOLDERS, ...named, ...(extra ?? [])]
}

/** Each name under which a package can be imported; of others than ours, the main one. */
function doorsOf(name) {
  const { exports = { '.': {} } } = published.find((each) => each.name === name) ?? {}
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
  return entries.map((entry) => entry.replace(/^\./, name))
}

function override({ folder, may, types = [] }) {
  // the last pattern that matches decides; `!express` also allows `@countersign/express`
  const allowed = [...may, ...types].filter((each) => each !== OWN)
  const isOurs = (name) => name.startsWith('@countersign/')
  const group = [
    ...['*', `!${OWN}`, '**/../**', ...allowed.filter((each) => !isOurs(each)).map(not)],
    ...['@countersign/**', ...allowed.filter(isOurs).map(not)],
    ...['../../**', '../test/**', '../dist/**', '../src/**'],
  ]
  const message = `${folder} imports ${inWords(may)} only`
  // first, because oxlint stops at a pattern that allows the name
  const asTypes = types.map((name) => ({
    regex: `^${name}$`,
    allowTypeImports: true,
    message: `${folder} imports only types from ${name}`,
  }))
  const rule = ['error', { patterns: [...asTypes, { group, message }] }]
  return { files: [`${folder}/**`], rules: { 'no-restricted-imports': rule } }
}

function not(pattern) {
  return `!${pattern}`
}

/** Examples use what an application can install. */
const examples = {
  files: ['examples/*/src/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              '@countersign/**',
              ...[...doors, ...others.map(({ name }) => name)].map(not),
              '../../../**',
            ],
            message: 'An example imports what an application can install',
          },
        ],
      },
    ],
  },
}

function inWords(may) {
  const isEntry = (each) => doors.includes(each) && each !== CORE
  const hasEntries = may.some(isEntry)
  const words = may
    .filter((each) => !isEntry(each))
    .map((each) => {
      if (each === OWN || each === OWN_FOLDERS) return 'its own files'
      if (each === CORE && hasEntries) return `\`${CORE}\` and its other entries`
      if (each === TOP_LEVEL) return 'top-level files'
      return `\`${each.replace(/^\.\.\/(.*)\/\*\*$/, '$1').replace(/^\.\.\/index$/, 'index.ts')}\``
    })
  return [...new Set(words)].join(', ')
}

function table() {
  const rows = FENCES.map(({ folder, may, types = [] }) => {
    const asTypes = types.map((name) => `, types of \`${name}\``).join('')
    return `| \`${folder}\` | ${inWords(may)}${asTypes} |`
  })
  const last =
    '| `examples/*/src` | what an application can install |\n| everything else | anything that is installed, by its name |'
  return `| files in | may import |\n| --- | --- |\n${rows.join('\n')}\n${last}`
}

/** Replaces what is between the two lines that contain the marker, and lays out the file. */
async function written(file, marker, text) {
  const name = path.join(root, file)
  const before = readFileSync(name, 'utf8')
  const lines = before.split('\n')
  const [start, end] = lines.flatMap((line, index) => (line.includes(marker) ? [index] : []))
  if (end === undefined) throw new Error(`${file} does not contain "${marker}" twice`)
  const after = [...lines.slice(0, start + 1), text, ...lines.slice(end)].join('\n')
  const filepath = file.endsWith('rc.json') ? 'oxlintrc.json5' : file
  const options = file.endsWith('.md') ? {} : { parser: 'json' }
  const config = JSON.parse(readFileSync(path.join(root, '.prettierrc.json'), 'utf8'))
  return { name, before, after: await format(after, { ...config, filepath, ...options }) }
}

const rules = [...FENCES.map(override), examples]
  .map((each) => `// prettier-ignore\n${JSON.stringify(each)}`)
  .join(',\n')
const files = [
  await written('.oxlintrc.json', 'import fences', rules),
  await written('CONTRIBUTING.md', 'import fences', `\n${table()}\n`),
]
const isCheck = process.argv.includes('--check')
for (const { name, before, after } of files) {
  if (before === after) continue
  if (!isCheck) writeFileSync(name, after)
  else {
    console.error(
      `${path.relative(root, name)} is not current: run "node tools/scripts/fences.mjs"`,
    )
    process.exitCode = 1
  }
}
