import type { Portal } from '@countersign/core'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { optionName } from './command'
import { misuse } from './failure'
import { makePortal, namesOf, portalName, PORTALS, type Ids } from './portals'
import { readSecret, type SecretOptions } from './sources'
import type { Terminal } from './terminal'

/** The options of a portal, as commander reads them. */
export interface PortalOptions extends SecretOptions {
  readonly portal: string
  readonly json?: true
}

/** Adds the options of the portal that the command line names: its name is read before the rest. */
export function withPortal(command: Command, argv: readonly string[]): Command {
  const chosen = chosenPortal(argv)
  const names = [...PORTALS.keys()].join(', ')
  const portal = new Option('-p, --portal <name>', `the portal: ${names}`)
  command
    .addOption(portal.argParser(knownPortal).makeOptionMandatory())
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
  const name = portalName(attached ?? argv[at + 1] ?? '')
  return PORTALS.has(name) ? name : undefined
}

/** @returns the name as the command line spells it */
function knownPortal(given: string): string {
  const name = portalName(given)
  if (PORTALS.has(name)) return name
  throw new InvalidArgumentError(`Allowed choices are ${[...PORTALS.keys()].join(', ')}.`)
}

/** Makes the portal of a command line. */
export async function openPortal(
  options: PortalOptions,
  terminal: Terminal,
): Promise<{ readonly portal: Portal; readonly secret: string; readonly ids: Ids }> {
  const secret = await readSecret(options, terminal)
  const names = ['baseUrl', ...namesOf(options.portal).ids]
  const ids = Object.fromEntries(names.map((name) => [name, valueOf(options, name)]))
  return { portal: makePortal(options.portal, secret, ids), secret, ids }
}

export interface VerifyingOptions extends PortalOptions {
  readonly bearer?: true
}

export function withCredential(command: Command, argv: readonly string[]): Command {
  const from =
    'a credential, a URL, a curl command or a request; read from standard input if omitted'
  return withPortal(command, argv)
    .argument('[credential]', from)
    .option('--bearer', 'also accept `Authorization: Bearer …`')
}

export interface SigningOptions extends PortalOptions {
  readonly nonce?: string
  readonly expiresIn?: string
}

export function withUser(command: Command, argv: readonly string[]): Command {
  const chosen = chosenPortal(argv)
  withPortal(command, argv)
  for (const name of chosen === undefined ? [] : namesOf(chosen).user) {
    command.option(`${optionName(name)} <text>`, `the user’s ${name}; a list or an object as JSON`)
  }
  return command
    .option('--nonce <text>', 'the nonce of a one-time link')
    .option('--expires-in <duration>', 'how long the link is valid: 90s, 15m, 2h, 7d')
}

/** The user of a command line. */
export function userOf(options: SigningOptions): object {
  return userFrom(options.portal, (name) => valueOf(options, name))
}

/** Reads the properties of a user as people write them: as text, or as JSON for anything else. */
export function userFrom(portal: string, read: (name: string) => string | undefined): object {
  const given = namesOf(portal).user.map((name) => [name, read(name)] as const)
  const sent = given.flatMap(([name, text]) => (text === undefined ? [] : [[name, json(text)]]))
  return Object.fromEntries(sent) as object // of pairs
}

function json(text: string): unknown {
  try {
    return /^(?:\{|\[|true$|false$)/.test(text) ? JSON.parse(text) : text
  } catch {
    return text
  }
}

/** Commander keeps `--avatar-url` as `avatarUrl`. */
function valueOf(options: PortalOptions, property: string): string | undefined {
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
