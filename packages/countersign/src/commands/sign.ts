import {
  createSigner,
  type Portal,
  type Signed as SignedUrl,
  type SignedForm,
  type SignedIdentifier,
  type SignedValue,
} from '@countersign/core'
import { printJson, type CommandModule } from '../command'
import { EXIT } from '../failure'
import { openPortal, seconds, userOf, withUser, type SigningOptions } from '../options'
import { painter, visible } from '../style'
import type { Terminal } from '../terminal'

/** Prints the URL alone on standard output, so that it can be piped, and the rest on the other. */
export const command: CommandModule<SigningOptions> = {
  examples: [
    'countersign sign -p featkit --slug acme --secret-env FEATKIT_SECRET --id 42 --name Ada',
    'countersign sign -p harlyy --business-id b_1 --survey-id s_1 --secret-file harlyy.secret --expires-in 7d',
  ],
  define: (own, argv) => void withUser(own, argv),
  async run(options, terminal) {
    const signed = await sign(options, terminal)
    if (options.json) printJson(terminal, 'sign', resultOf(options, signed))
    else {
      terminal.stdout.write(`${linkOf(signed)}\n`)
      const paint = painter(terminal.stderr, terminal)
      terminal.stderr.write(paint('dim', `${summary(options, signed)}\n`))
    }
    return EXIT.valid
  },
}

/** What the signer of any portal returns: a URL, a request, a form, or a value for a page. */
export type Signed = Partial<Omit<SignedUrl & SignedForm & SignedIdentifier, 'expiresAt'>> &
  Pick<SignedValue, 'expiresAt'>

export async function sign(options: SigningOptions, terminal: Terminal): Promise<Signed> {
  const user = userOf(options)
  const { portal } = await openPortal(options, terminal)
  return signFor(portal, user, options, terminal.now())
}

/** @param now milliseconds since the epoch */
export function signFor(
  portal: Portal,
  user: object,
  { nonce, expiresIn }: Omit<SigningOptions, 'portal'>,
  now: number,
): Promise<Signed> {
  const signer = createSigner(portal, { now: () => now })
  const life = expiresIn === undefined ? undefined : seconds(expiresIn)
  return signer.sign(user as never, { nonce, expiresIn: life }) as Promise<Signed> // of any portal; the signer checks the user
}

/** What is signed, on one line: a request as the link that the portal's own client makes of it. */
export function linkOf({ url = '', headers, body, fields, value, ...rest }: Signed): string {
  const { identifier, expiresAt } = rest
  if (value !== undefined) return identifier === undefined ? value : `${identifier}.${value}`
  if (!headers) return fields ? String(new URLSearchParams(fields)) : url
  const reply = JSON.stringify({ url, headers, body, expiresAt })
  return `${url}?data=${encodeURIComponent(Buffer.from(reply, 'utf8').toString('base64'))}`
}

export function resultOf({ portal }: SigningOptions, signed: Signed): object {
  const { token = null, headers = null, body = null, fields = null } = signed
  const { value = null, identifier = null, expiresAt } = signed
  const url = headers ? linkOf(signed) : (signed.url ?? null)
  const time = expiresAt && new Date(expiresAt).toISOString()
  return { portal, url, token, headers, body, fields, value, identifier, expiresAt: time }
}

/** @param time `null` for never */
export function endOf(time: number | null): string {
  return time === null ? 'the secret changes' : new Date(time).toISOString()
}

export function summary(
  options: SigningOptions,
  { url, headers, fields, expiresAt }: Signed,
): string {
  const values = Object.values(userOf(options) as Record<string, unknown>)
  const texts = values.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
  const who = texts.map(visible).join(', ') || 'one use'
  const what = url === undefined ? 'value' : fields && !headers ? 'form' : 'link'
  return `${options.portal} ${what} for ${who}, valid until ${endOf(expiresAt)}`
}
