import { createSigner, type Portal, type Signed } from '@countersign/core'
import type { Action } from '../action'
import { seconds } from '../duration'
import { EXIT } from '../exit'
import { printJson } from '../json'
import { painter, visible } from '../style'
import type { Terminal } from '../terminal'
import { openPortal, userOf, type SigningOptions } from './options'

/** Prints the URL alone on standard output, so that it can be piped, and the rest on the other. */
export const signCommand: Action = async (_, given, terminal) => {
  const options = given as unknown as SigningOptions // as cli.ts defines them
  const signed = await sign(options, terminal)
  if (options.json) {
    printJson(terminal, 'sign', resultOf(options, signed))
    return EXIT.valid
  }
  const paint = painter(terminal.stderr, terminal)
  terminal.stdout.write(`${linkOf(signed)}\n`)
  terminal.stderr.write(paint('dim', `${summary(options, signed)}\n`))
  return EXIT.valid
}

export async function sign(options: SigningOptions, terminal: Terminal): Promise<Signed> {
  const user = userOf(options)
  const { portal } = await openPortal(options, terminal)
  return signFor(portal, user, options, terminal.now())
}

/** @param now milliseconds since the epoch */
export function signFor(
  portal: Portal,
  user: object,
  { nonce, expiresIn, embed }: Pick<SigningOptions, 'nonce' | 'expiresIn' | 'embed'>,
  now: number,
): Promise<Signed> {
  const signer = createSigner(portal, { now: () => now })
  const life = expiresIn === undefined ? undefined : seconds(expiresIn)
  return signer.sign(user as never, { nonce, embed, expiresIn: life }) // the signer checks the user
}

/** A signed request as the link that the portal's own client makes of it. */
export function linkOf({ url, headers, body, expiresAt }: Signed): string {
  if (!headers) return url
  const reply = JSON.stringify({ url, headers, body, expiresAt })
  return `${url}?data=${encodeURIComponent(Buffer.from(reply, 'utf8').toString('base64'))}`
}

export function resultOf({ portal }: SigningOptions, signed: Signed): object {
  const { token = null, headers = null, body = null, expiresAt } = signed
  const expires = new Date(expiresAt).toISOString()
  return { portal, url: linkOf(signed), token, headers, body, expiresAt: expires }
}

export function summary(options: SigningOptions, { expiresAt }: Signed): string {
  const who = Object.values(userOf(options)).map(visible).join(', ') || 'one use'
  return `${options.portal} link for ${who}, valid until ${new Date(expiresAt).toISOString()}`
}
