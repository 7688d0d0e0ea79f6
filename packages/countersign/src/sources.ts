import type { Options } from './command'
import type { Terminal } from './terminal'
import { Failure, misuse } from './failure'

/** Reads the secret from a variable or a file, or asks for it. */
export async function readSecret(
  { secret, secretEnv, secretFile }: Options,
  terminal: Terminal,
): Promise<string> {
  if (secret !== undefined) throw misuse(NO_SECRET_HERE)
  if (secretEnv !== undefined && secretFile !== undefined) {
    throw misuse('Pass --secret-env or --secret-file, not both.')
  }
  if (secretEnv !== undefined) return variable(secretEnv, terminal)
  if (secretFile !== undefined) return fileWith(secretFile, terminal)
  if (terminal.stdin.isTTY) return terminal.askHidden('Secret (not shown): ')
  throw misuse(
    'There is no terminal to ask for the secret. Pass --secret-env NAME or --secret-file PATH.',
  )
}

const NO_SECRET_HERE =
  'A secret on the command line can be read by every user of this machine and stays in the history of the shell. ' +
  'Pass --secret-env NAME or --secret-file PATH, or leave both out to be asked for it.'

/** Reads an environment variable that must have a value. */
export function variable(name: string, { env }: Terminal): string {
  if (env[name]) return env[name]
  const problem = env[name] === '' ? 'is empty' : 'is not set'
  throw new Failure(`The environment variable ${name} ${problem}.`)
}

/** Editors end every file with a line break, which is left out. */
function fileWith(path: string, terminal: Terminal): string {
  try {
    return terminal
      .readFile(path)
      .toString('utf8')
      .replace(/\r?\n$/, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure(`The file ${path} cannot be read (${code ?? 'unknown error'}).`)
  }
}

/** The credential from an argument or, without one or with `-`, from standard input. */
export async function readCredential(
  given: string | undefined,
  terminal: Terminal,
): Promise<string> {
  if (given === '') throw misuse('The credential is empty: check that the shell variable is set.')
  if (given !== undefined && given !== '-') return given
  if (terminal.stdin.isTTY) {
    terminal.stderr.write('Paste a link, a request or a curl command, and press Enter:\n')
  }
  const text = await terminal.stdin.read()
  if (text.trim() !== '') return text
  throw misuse('Nothing was given: pass a credential, or pipe it in.')
}
