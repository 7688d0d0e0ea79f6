import { basename, dirname, join } from 'node:path'
import ts from 'typescript'
import type { Example } from './documents'

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
