import { createVerifier, isRejection, type PortalUser, type Verified } from '@countersign/core'
import { requestOf } from '@countersign/explain'
import { guardOf } from '../portals'
import { readCredential } from '../sources'
import { painter, visible } from '../style'
import type { Terminal } from '../terminal'
import { openPortal, timeOf, type VerifyingOptions } from './options'
import { type Action, printJson } from '../command'
import { EXIT } from '../failure'

/** Asks core, and prints the user. Uses nothing up. */
export const verifyCommand: Action = async (credential, given, terminal) => {
  const options = given as unknown as VerifyingOptions // as cli.ts defines them
  const now = timeOf(options, terminal)
  const { portal } = await openPortal(options, terminal)
  const text = await readCredential(credential, terminal)
  const bearer = options.bearer ?? false
  const verifier = createVerifier(portal, {
    ...guardOf(portal),
    consume: 'manual',
    bearer,
    now: () => now,
  })
  const result = await verifier.verify(requestOf(text, portal))
  if (!result.ok && !isRejection(result.error)) throw result.error
  if (options.json) printJson(terminal, 'verify', jsonOf(options.portal, result))
  else if (result.ok) printVerified(result.value, terminal)
  else printRefused(options, `${result.error.code}: ${result.error.detail ?? ''}`, terminal)
  return result.ok ? EXIT.valid : EXIT.refused
}

type Result = Awaited<ReturnType<ReturnType<typeof createVerifier>['verify']>>

function jsonOf(portal: string, result: Result): object {
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

function printRefused({ portal }: VerifyingOptions, problem: string, terminal: Terminal): void {
  const paint = painter(terminal.stdout, terminal)
  terminal.stdout.write(`${paint('red', '✖ refused')}  ${problem}\n`)
  terminal.stderr.write(`For the mistake behind it: countersign explain --portal ${portal}\n`)
}
