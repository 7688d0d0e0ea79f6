import { randomBytes } from 'node:crypto'
import type { CommandModule } from '../command'
import { misuse } from '../failure'

/** Prints 32 random bytes. */
export const command: CommandModule = {
  examples: ['countersign secret', 'countersign secret --env FEATKIT_SECRET >> .env'],
  define: (own) => void own.option('--env <name>', 'print a line for an .env file'),
  async run({ env }) {
    const secret = randomBytes(32).toString('base64url')
    if (env !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(env)) {
      throw misuse(`"${env}" cannot be the name of an environment variable.`)
    }
    const out = `${env === undefined ? '' : `${env}=`}${secret}\n`
    return { json: { secret, env: env ?? null }, out }
  },
}
