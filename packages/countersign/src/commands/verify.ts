import {
  createVerifier,
  isRejection,
  type Portal,
  type PortalUser,
  type Verification,
  type Verified,
} from '@countersign/core'
import { requestOf } from '@countersign/explain'
import { printJson, type CommandModule } from '../command'
import { EXIT } from '../failure'
import { openPortal, timeOf, withCredential, type VerifyingOptions } from '../options'
import { guardOf, makePortal, OTHER_FORMAT } from '../portals'
import { readCredential } from '../sources'
import { painter, visible } from '../style'
import type { Terminal } from '../terminal'

/** Asks core, and prints the user. Uses nothing up. */
export const command: CommandModule<VerifyingOptions> = {
  examples: [
    'countersign verify -p featkit --secret-env FEATKIT_SECRET "$LINK"',
    'countersign sign -p fdback --workspace-id w_1 --secret-env FDBACK_SECRET --email ada@example.com | countersign verify -p fdback --secret-env FDBACK_SECRET',
  ],
  define: (own, argv) => void withCredential(own, argv),
  async run(options, terminal, argument) {
    const now = timeOf(options, terminal)
    const { portal: name, bearer = false } = options
    const { portal, secret, ids } = await openPortal(options, terminal)
    const text = await readCredential(argument, terminal)
    const verify = (by: Portal): Promise<Verification> => {
      const guard = { ...guardOf(by), consume: 'manual', bearer, now: () => now } as const
      return Promise.resolve(createVerifier(by, guard).verify(requestOf(text, by)))
    }
    const result = await verify(portal)
    if (!result.ok && !isRejection(result.error)) throw result.error
    if (options.json) printJson(terminal, 'verify', jsonOf(name, result))
    else if (result.ok) printVerified(result.value, terminal)
    else {
      const { code, detail } = result.error
      const paint = painter(terminal.stdout, terminal)
      terminal.stdout.write(`${paint('red', '✖ refused')}  ${code}: ${detail ?? ''}\n`)
      const other = OTHER_FORMAT[name]
      const isOther = other && (await verify(makePortal(other, secret, ids))).ok
      const better = isOther ? `It is valid as ${other}: pass --portal ${other}.` : MORE + name
      terminal.stderr.write(`${better}\n`)
    }
    return result.ok ? EXIT.valid : EXIT.refused
  },
}

const MORE = 'For the mistake behind it: countersign explain --portal '

function jsonOf(portal: string, result: Verification): object {
  if (!result.ok) {
    const { code, detail } = result.error
    return { portal, verdict: 'refused', code, detail, user: null, auth: null }
  }
  const { user, auth } = result.value
  return { portal, verdict: 'accepted', code: null, detail: null, user, auth: authOf(auth) }
}

function authOf({ tenant, keyId, issuedAt, expiresAt, nonce }: Verified['auth']): object {
  return { tenant, keyId, issuedAt, expiresAt, nonce }
}

function printVerified({ user, auth }: Verified<PortalUser>, terminal: Terminal): void {
  const paint = painter(terminal.stdout, terminal)
  const rows = Object.entries<unknown>({ ...user, ...authOf(auth) }).filter(
    ([, value]) => value !== null,
  )
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => {
    const text = value instanceof Date ? value.toISOString() : visible(String(value))
    return `  ${paint('dim', name.padEnd(width))}  ${text}\n`
  })
  terminal.stdout.write(`${paint('green', '✔ accepted')}\n\n${lines.join('')}`)
}
