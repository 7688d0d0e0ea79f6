import { readSettings } from './settings'
import { startDemo, type Demo } from './start'

void main()

async function main(): Promise<void> {
  try {
    const starting = startDemo(readSettings(process.env))
    // even while it starts: a database that is cut off while it is made may be of no use later
    const stop = (): void => void starting.then((demo) => demo.stop()).catch(fail)
    process.on('SIGINT', stop).on('SIGTERM', stop)
    console.log(welcome(await starting))
  } catch (error) {
    fail(error)
  }
}

function welcome({ appOrigin, portalOrigin }: Demo): string {
  return `
  App     ${appOrigin}   start here
  Portal  ${portalOrigin}

  Ctrl-C stops both.
`
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
