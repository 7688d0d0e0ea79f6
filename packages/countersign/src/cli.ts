import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { EXAMPLES, type CommandName } from './examples'
import { optionName, portalName, PORTALS, type PortalEntry } from './portals'
import type { Terminal } from './terminal'
import type { Action } from './command'
import { EXIT, type ExitCode, Failure } from './failure'

type Load = () => Promise<Action>

/** Each is loaded when it is run. */
const LOAD: Readonly<Record<CommandName, Load>> = {
  sign: async () => (await import('./commands/sign.js')).signCommand,
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  explain: async () => (await import('./commands/explain.js')).explainCommand,
  secret: async () => (await import('./commands/secret.js')).secretCommand,
  link: async () => (await import('./commands/link.js')).linkCommand,
  serve: async () => (await import('./commands/serve.js')).serveCommand,
}

/** Runs one command line. @returns the code to exit with */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const state: { code: ExitCode } = { code: EXIT.valid }
  const program = programFor(chosenPortal(argv), terminal, (code) => (state.code = code))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return state.code
  } catch (error) {
    return ended(error, terminal)
  }
}

function ended(error: unknown, { stderr }: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.valid : EXIT.misuse
  if (error instanceof Failure) {
    stderr.write(`${error.message}\n`)
    return error.exitCode
  }
  if (!(error instanceof Error) || !/^(?:ConfigError|Rejection)$/.test(error.name)) throw error
  const detail = error.name === 'Rejection' && 'detail' in error ? `: ${String(error.detail)}.` : ''
  stderr.write(`${withOptionNames(error.message)}${detail}\n`)
  return EXIT.failed
}

/** Core names its own options; here they begin with two dashes. */
function withOptionNames(message: string): string {
  const ids = new Set([...PORTALS.values()].flatMap((entry) => entry.ids))
  return message.replaceAll(/"(\w+)"/g, (quoted, name: string) =>
    name === 'baseUrl' || ids.has(name) ? optionName(name) : quoted,
  )
}

/** Each portal has options of its own, so its name is read before them. */
function chosenPortal(argv: readonly string[]): PortalEntry | undefined {
  const at = argv.findIndex((each) => /^(?:-p|--portal$|--portal=)/.test(each))
  const [, attached] = /^(?:-p|--portal=)(.+)$/.exec(argv[at] ?? '') ?? []
  return PORTALS.get(portalName(attached ?? argv[at + 1] ?? ''))
}

function programFor(
  chosen: PortalEntry | undefined,
  terminal: Terminal,
  done: (code: ExitCode) => void,
): Command {
  const program = new Command('countersign')
    .description('Signs, verifies and explains signed users for feedback portals.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns,
      getErrHelpWidth: () => terminal.stderr.columns,
    })
    .addHelpText('after', `\n${EXIT_CODES}`)
  const add: Add = (name, description, load) => {
    const command = program
      .command(name)
      .description(description)
      .addHelpText('after', () => examplesOf(name))
    if (name !== 'serve') command.option('--json', JSON_HELP)
    command.action(async (...all: unknown[]) => {
      const given = typeof all[0] === 'string' ? all[0] : undefined
      const action = await load()
      done(await action(given, command.opts(), terminal))
    })
    return command
  }
  addCommands(add, chosen)
  return program
}

function version(): string {
  const manifest = readFileSync(join(__dirname, '..', 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version // of this package
}

const JSON_HELP = 'print JSON, as schema.json of this package describes it'
const EXIT_CODES = 'Exit codes: 0 valid, 1 refused, 2 wrong use, 3 could not.'

function examplesOf(name: CommandName): string {
  const [first, ...others] = EXAMPLES[name]
  return `\n${others.length > 0 ? 'Examples' : 'Example'}:\n${[first, ...others].map((each) => `  ${each}\n`).join('')}`
}

type Add = (name: CommandName, description: string, load: Load) => Command

function addCommands(add: Add, chosen: PortalEntry | undefined): void {
  const credential = 'a credential, a URL, a curl command or a request; standard input without it'
  const portal = (command: Command): Command => withPortal(command, chosen)
  const [sign, link] = [
    add('sign', 'print a signed URL', LOAD.sign),
    add('link', 'make a link to test with: URL, QR code, curl and supertest', LOAD.link),
  ]
  for (const command of [sign, link]) withUser(portal(command), chosen)
  link.option('--no-qr', 'leave out the QR code')
  const [verify, explain] = [
    add('verify', 'verify a credential', LOAD.verify),
    add('explain', 'say why a credential is refused, and what to change', LOAD.explain),
  ]
  for (const command of [verify, explain]) {
    portal(command)
      .argument('[credential]', credential)
      .option('--bearer', 'accept `Authorization: Bearer …`, too')
      .option('--at <time>', 'verify as if it were this time (ISO 8601)')
  }
  explain
    .addOption(new Option('--other-env <name>', OTHER_HELP).argParser(collected))
    .addOption(new Option('--language <name>', 'show lines for one language').choices(LANGUAGES))
  const secret = add('secret', 'print a new secret', LOAD.secret)
  secret.option('--env <name>', 'print a line for an .env file')
  const serve = portal(add('serve', 'open the debugger on this machine', LOAD.serve))
  serve.option('--port <number>', 'the port to listen on', '4180')
}

const OTHER_HELP = 'a variable with another secret that may have signed (repeatable)'
const LANGUAGES = ['javascript', 'python', 'php', 'ruby', 'curl']

function collected(name: string, names: readonly string[] | undefined): readonly string[] {
  return [...(names ?? []), name]
}

function withPortal(command: Command, chosen: PortalEntry | undefined): Command {
  command
    .addOption(
      new Option('-p, --portal <name>', `the portal: ${[...PORTALS.keys()].join(', ')}`)
        .argParser(knownPortal)
        .makeOptionMandatory(),
    )
    .option('--secret-env <name>', 'the environment variable with the secret')
    .option('--secret-file <path>', 'the file with the secret')
    .addOption(new Option('--secret [text]').hideHelp())
    .option('--base-url <url>', 'the server of the portal, where it is not the vendor’s')
  for (const name of chosen?.ids ?? []) command.option(`${optionName(name)} <id>`, 'of the portal')
  if (!chosen)
    command.addHelpText('after', '\nMore options: --help with the --portal of your choice.')
  return command
}

/** @returns the name as the command line spells it */
function knownPortal(given: string): string {
  const name = portalName(given)
  if (PORTALS.has(name)) return name
  throw new InvalidArgumentError(`Allowed choices are ${[...PORTALS.keys()].join(', ')}.`)
}

function withUser(command: Command, chosen: PortalEntry | undefined): Command {
  for (const name of chosen?.user ?? []) {
    command.option(`${optionName(name)} <text>`, 'of the user; JSON for a list or an object')
  }
  return command
    .option('--nonce <text>', 'what makes a one-time link unique')
    .option('--expires-in <duration>', 'how long it is valid: 90s, 15m, 2h, 7d')
    .option('--embed', 'a page for an iframe')
}
