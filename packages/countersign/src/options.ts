import { InvalidArgumentError, Option, type Command } from 'commander'
import { optionName, type Options } from './command'
import { misuse } from './failure'
import { knownName, makePortal, namesOf, PORTALS, type Opened } from './portals'
import { readSecret } from './sources'
import type { Terminal } from './terminal'

/** Adds the options of the portal that the command line names: its name is read before the rest. */
export function withPortal(command: Command, argv: readonly string[]): Command {
  const chosen = chosenPortal(argv)
  const names = [...PORTALS.keys()].join(', ')
  const portal = new Option('-p, --portal <name>', `the portal: ${names}`)
  command
    .addOption(portal.argParser(checkedName).makeOptionMandatory())
    .option('--secret-env <name>', 'the environment variable with the secret')
    .option('--secret-file <path>', 'the file with the secret')
    .addOption(new Option('--secret [text]').hideHelp())
    .option('--base-url <url>', 'the server of the portal, where it is not the vendor’s')
  if (chosen === undefined) {
    return command.addHelpText('after', '\nMore options: --help with the --portal of your choice.')
  }
  for (const id of namesOf(chosen).ids)
    command.option(`${optionName(id)} <id>`, `the portal’s ${id}`)
  return command
}

function chosenPortal(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((each) => /^(?:-p|--portal$|--portal=)/.test(each))
  const [, attached] = /^(?:-p|--portal=)(.+)$/.exec(argv[at] ?? '') ?? []
  return knownName(attached ?? argv[at + 1] ?? '')
}

function checkedName(given: string): string {
  const name = knownName(given)
  if (name !== undefined) return name
  throw new InvalidArgumentError(`Allowed choices are ${[...PORTALS.keys()].join(', ')}.`)
}

/** Makes the portal of a command line. */
export async function openPortal(options: Options, terminal: Terminal): Promise<Opened> {
  const { portal: name } = options
  const secret = await readSecret(options, terminal)
  const names = ['baseUrl', ...namesOf(name).ids]
  const ids = Object.fromEntries(names.map((each) => [each, textOf(options, each)]))
  const portal = makePortal(name, secret, ids)
  return { name, portal, secret, ids, now: () => terminal.now() }
}

export function withCredential(command: Command, argv: readonly string[]): Command {
  const from =
    'a credential, a URL, a curl command or a request; read from standard input if omitted'
  return withPortal(command, argv)
    .argument('[credential]', from)
    .option('--bearer', 'also accept `Authorization: Bearer …`')
}

export function withUser(command: Command, argv: readonly string[]): Command {
  const chosen = chosenPortal(argv)
  withPortal(command, argv)
  const { user, more } = chosen === undefined ? { user: [], more: [] } : namesOf(chosen)
  for (const name of user) {
    command.option(`${optionName(name)} <text>`, `the user’s ${name}; a list or an object as JSON`)
  }
  for (const name of more) command.option(`${optionName(name)} <text>`, HELP[name])
  return command
}

const HELP = {
  nonce: 'the nonce of the link, which is valid once',
  expiresIn: 'how long it is valid: 90s, 15m, 2h, 7d',
}

/** The text of an option. Commander keeps `--avatar-url` as `avatarUrl`. */
export function textOf(options: Options, property: string): string | undefined {
  const name = optionName(property).slice(2)
  const key = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return (options as unknown as Readonly<Record<string, string | undefined>>)[key] // texts, but for flags
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Seconds, from `90`, `90s`, `15m`, `2h` or `7d`. */
export function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? []
  if (number === undefined) throw misuse(`"${text}" is not a duration. Write 90s, 15m, 2h or 7d.`)
  return Math.floor(Number(number) * (UNITS[unit] as number)) // the pattern knows these units only
}
