// Loads every entry, as CommonJS and as ES modules, while what a package must not do at that moment
// throws: a Worker refuses it, and an application pays for it on each start.
const crypto = require('node:crypto')
const { syncBuiltinESMExports } = require('node:module')
const { pathToFileURL } = require('node:url')
const entries = require('./entries.cjs')

const FORBIDDEN = [
  [crypto, ['getRandomValues', 'randomBytes', 'randomFillSync', 'randomInt', 'randomUUID']],
  [globalThis, ['Date', 'fetch', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout']],
  [console, ['debug', 'error', 'info', 'log', 'warn']],
  [Date, ['now']],
  [Math, ['random']],
  [performance, ['now']],
  [process, ['cwd', 'emitWarning', 'hrtime', 'nextTick', 'on', 'once', 'uptime']],
]
const found = []

for (const [owner, names] of FORBIDDEN) {
  for (const name of names.filter((each) => owner[each])) owner[name] = watched(owner[name], name)
}
process.env = new Proxy(process.env, {
  get: (env, name) => note('process.env') ?? Reflect.get(env, name),
  has: (env, name) => note('process.env') ?? Reflect.has(env, name),
  ownKeys: (env) => note('process.env') ?? Reflect.ownKeys(env),
})
syncBuiltinESMExports()

function watched(original, name) {
  return new Proxy(original, {
    apply: (target, self, args) => note(name) ?? Reflect.apply(target, self, args),
    construct: (target, args) => note(name) ?? Reflect.construct(target, args),
  })
}

/** Only what our own files do: Node and other packages read the environment when they are loaded. */
function note(name) {
  const [caller = ''] = new Error().stack
    .split('\n')
    .slice(1)
    .filter((line) => !line.includes(__filename) && !/\(?node:/.test(line))
  if (/[\\/]@countersign[\\/]/.test(caller)) found.push(`${name}${caller}`)
}

async function load() {
  for (const { specifier } of entries) require(specifier)
  for (const { specifier } of entries) await import(specifier)
  for (const { module } of entries) await import(pathToFileURL(module))
  if (found.length > 0) throw new Error(`At load:\n${found.join('\n')}`)
}

load().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
