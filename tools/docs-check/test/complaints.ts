import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, type Example } from './documents'

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  customConditions: ['@countersign/source'],
  strict: true,
  esModuleInterop: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  types: ['node', 'jest'],
}

/** What the compiler says against examples, each as a module in its page's folder. */
export function complaints(examples: readonly Example[]): readonly string[] {
  // in `node_modules`, where the packages of this folder are found
  const folder = mkdtempSync(join(__dirname, '..', 'node_modules', '.examples-'))
  const codes = new Map(examples.map((each, index) => [fileOf(each, index), each]))
  try {
    for (const page of new Set([...codes.keys()].map(dirname))) {
      mkdirSync(join(folder, page))
      copyFileSync(join(__dirname, 'session.ts'), join(folder, page, 'session.ts')) // the reader's own
    }
    for (const [file, { code }] of codes) writeFileSync(join(folder, file), code)
    const config = { compilerOptions, files: [...codes.keys()] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules', '.bin', 'tsc')
    const { stdout } = spawnSync(tsc, ['--pretty', 'false'], { cwd: folder, encoding: 'utf8' })
    return [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error TS\d+: (.*)$/gm)].flatMap(
      ([, file = '', message = '']) =>
        codes.has(file) ? [`${codes.get(file)?.name}: ${message}`] : [],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function fileOf({ document, file, code }: Example, index: number): string {
  const isModule = /^\S.*\bawait /m.test(code) // only an ES module may await at the top level
  const name = file ?? `example-${index}.${isModule ? 'mts' : 'ts'}`
  return join(document.replaceAll('/', '-'), name)
}
