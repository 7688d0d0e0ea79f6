import { randomBytes } from 'node:crypto'
import { type Action, printJson } from '../command'
import { EXIT, misuse } from '../failure'

/** Prints 32 random bytes. */
export const secretCommand: Action = async (_, options, terminal) => {
  const secret = randomBytes(32).toString('base64url')
  const name = options['env']
  if (typeof name === 'string' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw misuse(`"${name}" cannot be the name of an environment variable.`)
  }
  if (options['json']) printJson(terminal, 'secret', { secret, env: name ?? null })
  else terminal.stdout.write(`${typeof name === 'string' ? `${name}=` : ''}${secret}\n`)
  return EXIT.valid
}
