import type { Portal } from '@countersign/core'
import { optionKey, portalEntry, type Ids } from '../portals'
import { readSecret, type SecretOptions } from '../sources'
import type { Terminal } from '../terminal'
import { misuse } from '../failure'

/** The options that commands share, as commander reads them. */
export interface PortalOptions extends SecretOptions {
  readonly portal: string
  readonly json?: true
}

export interface Opened {
  readonly portal: Portal
  readonly secret: string
}

/** Makes the portal of a command line. */
export async function openPortal(options: PortalOptions, terminal: Terminal): Promise<Opened> {
  const secret = await readSecret(options, terminal)
  return { portal: portalEntry(options.portal).make(secret, idsOf(options)), secret }
}

export interface VerifyingOptions extends PortalOptions {
  readonly bearer?: true
  readonly at?: string
}

/** @returns milliseconds since the epoch */
export function timeOf({ at }: VerifyingOptions, terminal: Terminal): number {
  if (at === undefined) return terminal.now()
  const time = Date.parse(at)
  if (Number.isNaN(time)) throw misuse(`"${at}" is not a time. Write it as 2026-01-31T12:00:00Z.`)
  return time
}

export interface SigningOptions extends PortalOptions {
  readonly nonce?: string
  readonly expiresIn?: string
  readonly embed?: true
}

/** The ids of a command line that the portal has. */
export function idsOf(options: PortalOptions): Ids {
  const names = ['baseUrl', ...portalEntry(options.portal).ids]
  return Object.fromEntries(names.map((name) => [name, valueOf(options, name)]))
}

/** The user of a command line. */
export function userOf(options: SigningOptions): Readonly<Record<string, unknown>> {
  const names = portalEntry(options.portal).user
  return userFrom(names, (name) => valueOf(options, name))
}

/** Reads the properties of a user as people write them: as text, or as JSON for anything else. */
export function userFrom(
  names: readonly string[],
  read: (name: string) => string | undefined,
): Readonly<Record<string, unknown>> {
  const given = names.flatMap((name) => {
    const text = read(name)
    return text === undefined
      ? []
      : [[name, /^(?:\{|\[|true$|false$)/.test(text) ? json(text) : text]]
  })
  return Object.fromEntries(given) as Readonly<Record<string, unknown>> // of pairs
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function valueOf(options: PortalOptions, name: string): string | undefined {
  return (options as unknown as Readonly<Record<string, string | undefined>>)[optionKey(name)] // as cli.ts defines them
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Seconds, from `90`, `90s`, `15m`, `2h` or `7d`. */
export function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? []
  if (number === undefined) throw misuse(`"${text}" is not a duration. Write 90s, 15m, 2h or 7d.`)
  return Math.floor(Number(number) * (UNITS[unit] as number)) // the pattern knows these units only
}
