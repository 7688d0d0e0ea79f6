import { basename, dirname, join } from 'node:path'
import ts from 'typescript'
import { examplesOf, type Example } from './documents'

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['@countersign/source'],
  strict: true,
  esModuleInterop: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  types: ['node', 'jest'],
}

/** What the compiler says against examples, each as a module beside this file or in its page's folder. */
export function complaints(examples: readonly Example[]): string[] {
  const files = new Map(examples.map((each, index) => [fileOf(each, index), each.code]))
  const pages = new Set([...files.keys()].map(dirname))
  const host = ts.createCompilerHost(options)
  const { fileExists, directoryExists, readFile } = host
  const onDisk = (file: string): string =>
    pages.has(dirname(file)) ? join(__dirname, basename(file)) : file
  host.fileExists = (file) => files.has(file) || fileExists(onDisk(file))
  host.directoryExists = (folder) => pages.has(folder) || directoryExists?.(folder) === true
  host.getSourceFile = (file, languageVersion) => {
    const code = files.get(file) ?? readFile(onDisk(file))
    return code === undefined ? undefined : ts.createSourceFile(file, code, languageVersion)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files.keys()].flatMap((file, index) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${examples[index]?.name}: ${asText(messageText)}`),
  )
}

/** A page's files have a folder of their own, which is not on the disk. */
function fileOf({ document, file, code }: Example, index: number): string {
  const isModule = /^\S.*\bawait /m.test(code) // only an ES module may await at the top level
  if (file === undefined) return join(__dirname, `example-${index}.${isModule ? 'mts' : 'ts'}`)
  return join(__dirname, document.replaceAll('/', '-'), file)
}

function asText(message: string | ts.DiagnosticMessageChain): string {
  return ts.flattenDiagnosticMessageText(message, '\n')
}

/**
 * Runs an example as a module. What it imports as `./name` is another file of its page, else a module
 * beside this file, which stands for one of the reader's.
 */
export function run<Exports>(example: Example): Exports {
  return load(example, new Map()) as Exports // the document says what it exports
}

/** Runs an example that awaits at the top level, as only an ES module may. */
export async function runModule({ code }: Example): Promise<void> {
  const program = asCommonJs(code)
  // oxlint-disable-next-line typescript/no-implied-eval -- the code is our own documents'
  const body = new Function('require', 'exports', `return (async () => {${program}\n})()`)
  await body(require, {})
}

function load({ document, file, code }: Example, loaded: Map<string, unknown>): unknown {
  const siblings = file === undefined ? [] : examplesOf(document)
  const exported = {}

  function requireHere(name: string): unknown {
    const sibling = siblings.find((each) => `./${each.file}` === `${name}.ts`)
    // oxlint-disable-next-line typescript/no-require-imports -- the name is the document's
    if (!sibling) return require(name)
    if (!loaded.has(sibling.name)) loaded.set(sibling.name, load(sibling, loaded))
    return loaded.get(sibling.name)
  }

  // oxlint-disable-next-line typescript/no-implied-eval -- the code is our own documents'
  new Function('require', 'exports', asCommonJs(code))(requireHere, exported)
  return exported
}

export function asCommonJs(code: string): string {
  const compilerOptions = { ...options, module: ts.ModuleKind.CommonJS }
  return ts.transpileModule(code, { compilerOptions }).outputText
}
