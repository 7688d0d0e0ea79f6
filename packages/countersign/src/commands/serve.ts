import type { CommandModule } from '../command'
import { EXIT, Failure, misuse } from '../failure'
import { openPortal, withPortal, type PortalOptions } from '../options'
import { startDebugger } from '../serve/server'
import { painter } from '../style'

interface ServeOptions extends PortalOptions {
  readonly port: string
}

const IN_PRODUCTION =
  'The debugger signs for whoever opens it, so it does not start where NODE_ENV is "production".'

/** Serves the debugger to this machine until it is interrupted. */
export const command: CommandModule<ServeOptions> = {
  examples: ['countersign serve -p featkit --slug acme --secret-env FEATKIT_SECRET --port 4180'],
  define: (own, argv) =>
    void withPortal(own, argv).option('--port <number>', 'the port to listen on', '4180'),
  async run(options, terminal) {
    if (terminal.env['NODE_ENV'] === 'production') throw new Failure(IN_PRODUCTION)
    const port = Number(options.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw misuse(`"${options.port}" is not a port.`)
    }
    const opened = await openPortal(options, terminal)
    const bench = { ...opened, name: options.portal, now: () => terminal.now() }
    const running = await startDebugger(bench, port)
    const interrupted = terminal.interrupted() // before the address: who reads it may end this at once
    const paint = painter(terminal.stderr, terminal)
    terminal.stdout.write(`${running.url}\n`)
    terminal.stderr.write(paint('dim', 'Only this machine can open it. Press Ctrl-C to end it.\n'))
    await interrupted
    await running.close()
    return EXIT.valid
  },
}
