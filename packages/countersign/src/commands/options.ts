import type { Portal } from '@countersign/core'
import { misuse } from '../exit'
import { USER_OPTIONS, optionName, type Ids } from '../names'
import { portalEntry } from '../portals'
import { readSecret, type SecretOptions } from '../sources'
import type { Terminal } from '../terminal'

/** The options that commands share, as commander reads them. */
export interface PortalOptions extends SecretOptions, Ids {
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
  return { portal: portalEntry(options.portal).make(secret, options), secret }
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
  readonly id?: string
  readonly email?: string
  readonly name?: string
  readonly avatar?: string
  readonly subscriptionId?: string
  readonly nonce?: string
  readonly expiresIn?: string
  readonly embed?: true
}

/** The user of a command line, with the properties that the portal knows. */
export function userOf(options: SigningOptions): Readonly<Record<string, string>> {
  const known = portalEntry(options.portal).user
  const given = Object.keys(USER_OPTIONS) as (keyof typeof USER_OPTIONS)[] // its own names
  const user: Record<string, string> = {}
  for (const name of given) {
    const value = options[name]
    if (value === undefined) continue
    if (!known.includes(name)) throw misuse(`${options.portal} signs no ${optionName(name)}.`)
    user[name] = value
  }
  return user
}
