/* oxlint-disable typescript/no-require-imports -- only the command that is run is loaded */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { optionName, type CommandModule, type Options, type Result } from './command'
import { EXIT, toldBy, type ExitCode } from './failure'
import type { Terminal } from './terminal'

type Load = () => { readonly command: CommandModule }

export const COMMANDS: Readonly<Record<string, readonly [about: string, load: Load]>> = {
  sign: ['print a signed URL', () => require('./commands/sign')],
  link: ['make a link to test with, and its QR code', () => require('./commands/link')],
  verify: ['verify a credential', () => require('./commands/verify')],
  explain: [
    'say why a credential is refused, and what to change',
    () => require('./commands/explain'),
  ],
  secret: ['print a new secret', () => require('./commands/secret')],
  serve: ['open the debugger on this machine', () => require('./commands/serve')],
}

/** The version of what `--json` prints. Changes when something is removed or gets another meaning. */
const SCHEMA = 'countersign/1'

/** Runs one command line. @returns the code to exit with */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.valid
  const program = programFor(argv, terminal, (ended) => (code = ended))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.valid : EXIT.misuse
    const told = toldBy(error)
    terminal.stderr.write(`${withOptionNames(told.text, program)}\n`)
    return told.code
  }
}

/** Core names its own options; here they begin with two dashes. */
function withOptionNames(message: string, { commands }: Command): string {
  const options = commands.flatMap((command) => command.options)
  const names = options.filter(({ hidden }) => !hidden).map(({ long }) => long)
  return message.replaceAll(/"(\w+)"/g, (quoted, name: string) => {
    const option = optionName(name)
    return names.includes(option) ? option : quoted
  })
}

function programFor(
  argv: readonly string[],
  terminal: Terminal,
  done: (code: ExitCode) => void,
): Command {
  const manifest = readFileSync(join(__dirname, '..', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string } // of this package
  const program = new Command('countersign')
    .description('Signs, verifies and explains signed users for feedback portals.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns,
      getErrHelpWidth: () => terminal.stderr.columns,
    })
    .addHelpText('after', `\nExit codes: 0 valid, 1 refused, 2 wrong usage, 3 could not find out.`)
  const chosen = argv.find((each) => Object.hasOwn(COMMANDS, each))
  for (const [name, [about, load]] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(about)
    if (name !== chosen) continue
    const { define, examples, run: start } = load().command
    if (name !== 'serve') {
      command.option('--json', 'print JSON, as schema.json of this package describes it')
    }
    define(command, argv)
    const shown = examples.map((each) => `\n  ${each}`).join('')
    command.addHelpText('after', `\n${examples.length > 1 ? 'Examples' : 'Example'}:${shown}\n`)
    command.action(async () => {
      const options = command.opts<Options>()
      const result = await start(options, terminal, command.args[0])
      if (result) done(print(result, name, options, terminal))
    })
  }
  return program
}

function print(
  { code = EXIT.valid, json, out, err = '' }: Result,
  command: string,
  { json: isJson }: Options,
  { stdout, stderr }: Terminal,
): ExitCode {
  if (isJson) stdout.write(`${JSON.stringify({ schema: SCHEMA, command, ...json }, null, 2)}\n`)
  else {
    stdout.write(out)
    stderr.write(err)
  }
  return code
}
