import { randomBytes } from 'node:crypto'
import { printJson, type CommandModule } from '../command'
import { EXIT, misuse } from '../failure'

/** Prints 32 random bytes. */
export const command: CommandModule<{ readonly env?: string; readonly json?: true }> = {
  examples: ['countersign secret', 'countersign secret --env FEATKIT_SECRET >> .env'],
  define: (own) => void own.option('--env <name>', 'print a line for an .env file'),
  async run({ env, json }, terminal) {
    const secret = randomBytes(32).toString('base64url')
    if (env !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(env)) {
      throw misuse(`"${env}" cannot be the name of an environment variable.`)
    }
    if (json) printJson(terminal, 'secret', { secret, env: env ?? null })
    else terminal.stdout.write(`${env === undefined ? '' : `${env}=`}${secret}\n`)
    return EXIT.valid
  },
}
