import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { asCommonJs } from './run'
import type { Example } from './documents'

/** Programs of the documents, each a process of its own, on the sources of the workspace. */
export interface Programs {
  /** @returns when the program has printed its first line, which says where it listens */
  start(example: Example, env: Readonly<Record<string, string>>): Promise<string>
  stop(): Promise<void>
}

export function programs(): Programs {
  // in `node_modules`, which neither the compiler nor the linter looks into
  const folder = mkdtempSync(join(__dirname, '..', 'node_modules', '.programs-'))
  const running: ChildProcess[] = []
  return {
    async start({ file = 'program', code }, env) {
      // Node finds no names of ours in sources that it is handed as a module; the tarballs have them
      writeFileSync(join(folder, `${file}.cjs`), asCommonJs(code))
      const typescript = pathToFileURL(require.resolve('tsx')).href
      const args = ['--conditions=@countersign/source', '--import', typescript, `${file}.cjs`]
      const options = { cwd: folder, env: { ...process.env, ...env } }
      const program = spawn(process.execPath, args, options)
      running.push(program)
      return firstLine(program)
    },
    async stop() {
      await Promise.all(running.map(end))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function firstLine({ stdout, stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaint = ''
    stderr?.on('data', (text: Buffer) => (complaint += String(text)))
    stderr?.on('end', () => reject(new Error(`The program ended without a word\n${complaint}`)))
    stdout?.once('data', (text: Buffer) => resolve(String(text).trim()))
  })
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return
  program.kill()
  await once(program, 'exit')
}
