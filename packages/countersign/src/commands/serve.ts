import { startDebugger } from '../serve/server'
import { painter } from '../style'
import { idsOf, openPortal, type PortalOptions } from './options'
import type { Action } from '../command'
import { EXIT, Failure, misuse } from '../failure'

interface ServeOptions extends PortalOptions {
  readonly port: string
}

/** Serves the debugger to this machine until it is interrupted. */
export const serveCommand: Action = async (_, given, terminal) => {
  const options = given as unknown as ServeOptions // as cli.ts defines them
  if (terminal.env['NODE_ENV'] === 'production') {
    throw new Failure(
      'The debugger signs for whoever opens it, so it does not start where NODE_ENV is "production".',
    )
  }
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw misuse(`"${options.port}" is not a port.`)
  const { portal, secret } = await openPortal(options, terminal)
  const now = (): number => terminal.now()
  const running = await startDebugger(
    { name: options.portal, portal, secret, ids: idsOf(options), now },
    port,
  )
  const paint = painter(terminal.stderr, terminal)
  terminal.stdout.write(`${running.url}\n`)
  terminal.stderr.write(paint('dim', 'Only this machine can open it. Press Ctrl-C to end it.\n'))
  await terminal.interrupted()
  await running.close()
  return EXIT.valid
}
