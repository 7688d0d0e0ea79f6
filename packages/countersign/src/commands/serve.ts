import type { CommandModule } from '../command'
import { Failure, misuse } from '../failure'
import { openPortal, withPortal } from '../options'
import { startDebugger } from '../serve/server'
import { painter } from '../style'

const IN_PRODUCTION =
  'The debugger signs for whoever opens it, so it does not start where NODE_ENV is "production".'

/** Serves the debugger to this machine until it is interrupted. */
export const command: CommandModule = {
  examples: ['countersign serve -p featkit --slug acme --secret-env FEATKIT_SECRET --port 4180'],
  define: (own, argv) =>
    void withPortal(own, argv).option('--port <number>', 'the port to listen on', '4180'),
  async run(options, terminal) {
    if (terminal.env['NODE_ENV'] === 'production') throw new Failure(IN_PRODUCTION)
    const port = Number(options.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw misuse(`"${options.port}" is not a port.`)
    }
    const running = await startDebugger(await openPortal(options, terminal), port)
    const interrupted = terminal.interrupted() // before the address: who reads it may end this at once
    const paint = painter(terminal.stderr, terminal)
    terminal.stdout.write(`${running.url}\n`)
    terminal.stderr.write(paint('dim', 'Only this machine can open it. Press Ctrl-C to end it.\n'))
    await interrupted
    await running.close()
    return null
  },
}
