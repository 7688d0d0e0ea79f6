import { relative } from 'node:path'
import { readSettings, type Settings } from './settings'
import { startDemo, type Demo } from './start'

process.env['COUNTERSIGN_DEBUG'] ??= '0' // the demo prints a line for each refusal itself
void main()

async function main(): Promise<void> {
  try {
    const settings = readSettings(process.env)
    const starting = startDemo(settings)
    // also while it starts: a database that is cut off while it is made may be of no use later
    const stop = (): void => void starting.then((demo) => demo.stop()).catch(fail)
    process.on('SIGINT', stop).on('SIGTERM', stop)
    console.log(welcome(await starting, settings))
  } catch (error) {
    fail(error)
  }
}

function welcome({ appOrigin, portalOrigin }: Demo, { databaseUrl, dataFolder }: Settings): string {
  const kept = databaseUrl ? 'your PostgreSQL server' : relative(process.cwd(), dataFolder)
  return `
  Open    ${appOrigin}
  Portal  ${portalOrigin}
  Data    ${kept}
  Refused requests are listed here, with the code that only your log gets.
  Ctrl-C stops the demo.
`
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
