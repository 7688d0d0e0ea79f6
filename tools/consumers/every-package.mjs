// Every published package in one application: required, imported, and compiled against.
import { execFile } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { publishedPackages, root } from '../scripts/workspace.mjs'
import { install } from './src/install.mjs'

const run = promisify(execFile)

/** @param work a folder for the application; someone else removes it */
export async function useEveryPackage(tarballs, work) {
  const app = path.join(work, 'every-package')
  await cp(path.join(root, 'tools', 'consumers', 'every-package'), app, { recursive: true })
  const dependencies = Object.fromEntries([...tarballs.keys()].map((name) => [name, 'latest']))
  const manifest = { private: true, dependencies, devDependencies: peers() }
  await writeFile(path.join(app, 'package.json'), JSON.stringify(manifest))
  await install(app, tarballs)
  await Promise.all([
    run(process.execPath, ['required.cjs'], { cwd: app }),
    run(process.execPath, ['imported.mjs'], { cwd: app }),
    compile(app),
  ])
}

/** The frameworks and types with which our own packages are tested, in the same versions. */
function peers() {
  const all = publishedPackages().flatMap(({ manifest }) => {
    const { peerDependencies = {}, devDependencies = {} } = manifest
    const wanted = Object.keys(peerDependencies).flatMap((name) => [name, `@types/${name}`])
    return Object.entries(devDependencies).filter(([name]) => wanted.includes(name))
  })
  const typescripts = TYPESCRIPT_5.map((version) => [
    `typescript-${version}`,
    `npm:typescript@${version}`,
  ])
  return { ...Object.fromEntries([...all, ...typescripts]), '@types/node': '20.19.43' }
}

const FLAGS = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node']
const NODENEXT = ['--module', 'nodenext', '--moduleResolution', 'nodenext']
const BUNDLER = ['--module', 'esnext', '--moduleResolution', 'bundler']
const NODE10 = ['--module', 'commonjs', '--moduleResolution', 'node10', '--esModuleInterop']

/**
 * Compiles with each version of TypeScript, as a module of either kind; with some of them also as a
 * bundler and as Node 10 resolve modules. Checks the declarations that the packages without a framework
 * use; those of the frameworks have errors of their own.
 */
async function compile(app) {
  const bundled = ['types.ts', 'plain.ts']
  const either = []
  for (const kind of ['mts', 'cts']) {
    for (const file of bundled) {
      either.push(file.replace('.ts', `-as.${kind}`))
      await cp(path.join(app, file), path.join(app, either.at(-1)))
    }
  }
  const [types, plain] = ['types', 'plain'].map((name) =>
    either.filter((file) => file.startsWith(name)),
  )
  for (const [version, bin] of compilers(app)) {
    const tsc = (...more) =>
      run(process.execPath, [bin, ...FLAGS, ...more], { cwd: app }).catch((error) => {
        throw Object.assign(error, { message: `TypeScript ${version}: ${error.message}` })
      })
    await tsc(...NODENEXT, '--skipLibCheck', ...types)
    await tsc(...NODENEXT, ...plain)
    if (version === 5 || version === 7) await tsc(...BUNDLER, '--skipLibCheck', ...bundled)
    if (version === 5) await tsc(...NODE10, '--skipLibCheck', ...bundled)
  }
}

/** Versions of TypeScript 5 that are installed in the app. The workspace has 6 and 7. */
const TYPESCRIPT_5 = ['5.0.4', '5.4.5', '5.9.3']

function compilers(app) {
  return [
    ...TYPESCRIPT_5.map((version) => [
      parseFloat(version),
      path.join(app, 'node_modules', `typescript-${version}`, 'lib', 'tsc.js'),
    ]),
    [6, path.join(root, 'node_modules', 'typescript', 'lib', 'tsc.js')],
    [7, path.join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc')],
  ]
}
