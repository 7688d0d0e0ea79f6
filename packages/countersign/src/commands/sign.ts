import {
  createSigner,
  type Signed as SignedUrl,
  type SignedForm,
  type SignedIdentifier,
  type SignedValue,
} from '@countersign/core'
import type { CommandModule, Options } from '../command'
import { openPortal, seconds, textOf, withUser } from '../options'
import { namesOf, type Opened } from '../portals'
import { painter, visible } from '../style'

/** Prints the URL alone on standard output, so that it can be piped, and the rest on the other. */
export const command: CommandModule = {
  examples: [
    'countersign sign -p featkit --slug acme --secret-env FEATKIT_SECRET --id 42 --name Ada',
    'countersign sign -p harlyy --business-id b_1 --survey-id s_1 --secret-file harlyy.secret --expires-in 7d',
  ],
  define: (own, argv) => void withUser(own, argv),
  async run(options, terminal) {
    const read = (name: string) => textOf(options, name)
    const signed = await sign(await openPortal(options, terminal), read)
    const paint = painter(terminal.stderr, terminal)
    return {
      json: jsonOf(options, signed),
      out: `${linkOf(signed)}\n`,
      err: paint('dim', `${summary(options.portal, read, signed)}\n`),
    }
  },
}

/** What the signer of any portal returns: a URL, a request, a form, or a value for a page. */
export type Signed = Partial<Omit<SignedUrl & SignedForm & SignedIdentifier, 'expiresAt'>> &
  Pick<SignedValue, 'expiresAt'>

type Read = (name: string) => string | undefined

/**
 * Signs a user of whom everything is text, or JSON for anything else.
 * @param read the text of a property of the user, of `nonce` and of `expiresIn`
 */
export function sign({ name, portal, now }: Opened, read: Read): Promise<Signed> {
  const signer = createSigner(portal, { now })
  const properties = namesOf(name).user.flatMap((each) => {
    const text = read(each)
    return text === undefined ? [] : [[each, valueOf(text)]]
  })
  const user = Object.fromEntries(properties) as never // the signer checks it
  const life = read('expiresIn')
  const expiresIn = life === undefined ? undefined : seconds(life)
  return signer.sign(user, { nonce: read('nonce'), expiresIn }) as Promise<Signed> // of any portal
}

function valueOf(text: string): unknown {
  try {
    return /^(?:\{|\[|true$|false$)/.test(text) ? JSON.parse(text) : text
  } catch {
    return text
  }
}

/** What is signed, on one line: a request as the link that the portal's own client makes of it. */
export function linkOf({ url = '', headers, body, fields, value, ...rest }: Signed): string {
  const { identifier, expiresAt } = rest
  if (value !== undefined) return identifier === undefined ? value : `${identifier}.${value}`
  if (!headers) return fields ? String(new URLSearchParams(fields)) : url
  const reply = JSON.stringify({ url, headers, body, expiresAt })
  return `${url}?data=${encodeURIComponent(Buffer.from(reply, 'utf8').toString('base64'))}`
}

export function jsonOf({ portal }: Options, signed: Signed): object {
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

export function summary(name: string, read: Read, signed: Signed): string {
  const { url, headers, fields, expiresAt } = signed
  const texts = namesOf(name).user.flatMap((each) => read(each) ?? [])
  const who = texts.map(visible).join(', ') || 'one use'
  const what = url === undefined ? 'value' : fields && !headers ? 'form' : 'link'
  return `${name} ${what} for ${who}, valid until ${endOf(expiresAt)}`
}
