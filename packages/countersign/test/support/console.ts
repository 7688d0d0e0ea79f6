import { run as runCommandLine } from '../../src/cli'
import type { Terminal } from '../../src/terminal'
import { NOW, secret } from './built'

/** What a command printed, and what it ended with. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  /** Piped in; a terminal without it. */
  readonly stdin?: string
  readonly files?: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly now?: number
  /** What is typed where the secret is asked for. */
  readonly typed?: string
}

/** Runs a command line in this process, with a clock and an environment of its own. */
export async function run(
  argv: readonly string[],
  surroundings: Surroundings = {},
): Promise<Ended> {
  const printed = { out: '', err: '' }
  const code = await runCommandLine(argv, terminalOf(surroundings, printed))
  return { code, ...printed }
}

function terminalOf(
  { env = {}, stdin, files = {}, typed = '', now = NOW }: Surroundings,
  printed: { out: string; err: string },
): Terminal {
  const output = (name: 'out' | 'err') => ({
    isTTY: false,
    columns: 80,
    write: (text: string) => void (printed[name] += text),
  })
  return {
    env: { SECRET: secret, ...env },
    now: () => now,
    stdin: { isTTY: stdin === undefined, read: async () => stdin ?? '' },
    stdout: output('out'),
    stderr: output('err'),
    askHidden: async (question) => {
      printed.err += question
      return typed
    },
    readFile: (path) => {
      const text = files[path]
      if (text !== undefined) return Buffer.from(text)
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    },
    interrupted: async () => undefined,
  }
}
