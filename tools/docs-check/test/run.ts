import { transformSync } from '@swc/core'
import { examplesOf, type Example } from './documents'

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

function asCommonJs(code: string): string {
  const { code: program } = transformSync(code, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'commonjs' },
  })
  return program
}
