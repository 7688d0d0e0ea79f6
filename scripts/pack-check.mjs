// Packs what would be published, looks into the tarballs, and uses them as an application does.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { followGettingStarted } from './getting-started.mjs'
import { packAll } from './tarballs.mjs'
import { root } from './workspace.mjs'

const run = promisify(execFile)
const tool = (name) => path.join(root, 'node_modules', '.bin', name)
const FRAMEWORKS = ['express@5.3.0', 'koa@3.3.0']
const TYPES = ['@types/express@5.0.6', '@types/koa@3.0.3', '@types/node@20.19.43']

const work = await mkdtemp(path.join(tmpdir(), 'countersign-pack-'))
try {
  const tarballs = [...(await packAll(path.join(work, 'tarballs'))).values()]
  await Promise.all(tarballs.map(inspect))
  await Promise.all([use(tarballs), followGettingStarted(tarballs, work)])
  console.log(`${tarballs.length} packages can be published`)
} catch (error) {
  console.error(`pack check failed\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`)
  process.exitCode = 1
} finally {
  await rm(work, { recursive: true, force: true })
}

async function inspect(tarball) {
  const files = await listed(tarball)
  const { stdout: manifest } = await run('tar', ['-xzOf', tarball, 'package/package.json'])
  const wrong = [
    ...files.filter((file) => !isPublishable(file)).map((file) => `holds ${file}`),
    ...['README.md', 'LICENSE']
      .filter((file) => !files.includes(file))
      .map((file) => `lacks ${file}`),
    ...['workspace:', '@countersign/source']
      .filter((word) => manifest.includes(word))
      .map((word) => `says ${word}`),
  ]
  if (wrong.length > 0) throw new Error(`${path.basename(tarball)}: ${wrong.join(', ')}`)
  await Promise.all([
    run(tool('publint'), ['--strict', tarball], { cwd: root }),
    run(tool('attw'), [tarball], { cwd: root }),
  ])
}

async function listed(tarball) {
  const { stdout } = await run('tar', ['-tzf', tarball])
  return stdout
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''))
}

/** The build and what describes it: no sources, no tests, nothing of the compiler's own. */
function isPublishable(file) {
  return (
    ['package.json', 'README.md', 'LICENSE', 'schema.sql'].includes(file) ||
    /^dist\/(?:[a-z0-9-]+\/)*[a-z0-9-]+\.(?:m?js|d\.m?ts)$/.test(file)
  )
}

/** Installs the tarballs beside the frameworks, outside the workspace, and runs the consumer. */
async function use(tarballs) {
  const app = path.join(work, 'app')
  await cp(path.join(root, 'scripts', 'consumer'), app, { recursive: true })
  await writeFile(path.join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }))
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--no-save']
  await run('npm', ['install', ...quiet, ...tarballs, ...FRAMEWORKS, ...TYPES], { cwd: app })
  await Promise.all([
    run(process.execPath, ['required.cjs'], { cwd: app }),
    run(process.execPath, ['imported.mjs'], { cwd: app }),
    compile(app),
  ])
}

/**
 * The types as a module of either kind sees them. Those of the packages that know no framework are
 * looked into as well; the frameworks' own do not stand that in one folder.
 */
async function compile(app) {
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023']
  for (const [source, ...more] of [['types', '--skipLibCheck'], ['plain']]) {
    const files = ['mts', 'cts'].map((kind) => `${source}-as.${kind}`)
    for (const file of files) await cp(path.join(app, `${source}.ts`), path.join(app, file))
    await run(tool('tsc'), [...flags, '--types', 'node', ...more, ...files], { cwd: app })
  }
}
