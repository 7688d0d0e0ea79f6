import { createVerifier, isRejection, type Portal, type Verified } from '@countersign/core'
import { requestOf } from '@countersign/explain'
import type { CommandModule } from '../command'
import { EXIT } from '../failure'
import { openPortal, withCredential } from '../options'
import { guardOf, makePortal, OTHER_FORMAT } from '../portals'
import { readCredential } from '../sources'
import { painter, visible, type Paint } from '../style'

/** Asks core, and prints the user. Uses nothing up. */
export const command: CommandModule = {
  examples: [
    'countersign verify -p featkit --secret-env FEATKIT_SECRET "$LINK"',
    'countersign sign -p fdback --workspace-id w_1 --secret-env FDBACK_SECRET --email ada@example.com | countersign verify -p fdback --secret-env FDBACK_SECRET',
  ],
  define: (own, argv) => void withCredential(own, argv),
  async run({ portal: name, bearer = false, ...rest }, terminal, argument) {
    const { portal, secret, ids, now } = await openPortal({ portal: name, ...rest }, terminal)
    const text = await readCredential(argument, terminal)
    const verify = async (by: Portal) => {
      const guard = { ...guardOf(by), consume: 'manual', bearer, now } as const
      return createVerifier(by, guard).verify(requestOf(text, by))
    }
    const result = await verify(portal)
    const paint = painter(terminal.stdout, terminal)
    if (result.ok) {
      const { user, auth } = result.value
      const known = { code: null, detail: null, user, auth: authOf(auth) }
      const out = `${paint('green', '✔ accepted')}\n\n${rowsOf(result.value, paint)}`
      return { json: { portal: name, verdict: 'accepted', ...known }, out }
    }
    if (!isRejection(result.error)) throw result.error
    const { code, detail } = result.error
    const known = { code, detail, user: null, auth: null }
    const other = OTHER_FORMAT[name]
    const isOther = other && (await verify(makePortal(other, secret, ids))).ok
    return {
      code: EXIT.refused,
      json: { portal: name, verdict: 'refused', ...known },
      out: `${paint('red', '✖ refused')}  ${code}: ${detail ?? ''}\n`,
      err: isOther ? `It is valid as ${other}: pass --portal ${other}.\n` : `${MORE}${name}\n`,
    }
  },
}

const MORE = 'For the mistake behind it: countersign explain --portal '

function authOf({ tenant, keyId, issuedAt, expiresAt, nonce }: Verified['auth']): object {
  return { tenant, keyId, issuedAt, expiresAt, nonce }
}

function rowsOf({ user, auth }: Verified, paint: Paint): string {
  const rows = Object.entries<unknown>({ ...user, ...authOf(auth) }).filter(
    ([, value]) => value !== null,
  )
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => {
    const text = value instanceof Date ? value.toISOString() : visible(String(value))
    return `  ${paint('dim', name.padEnd(width))}  ${text}\n`
  })
  return lines.join('')
}
