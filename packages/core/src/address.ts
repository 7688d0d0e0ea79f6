import { ConfigError } from './config-error'
import type { Portal } from './portal'

/** What the frontend hands to the portal. */
export interface Signed {
  /** Where to go, or where to post to. */
  readonly url: string
  /** The credential as text, for the schemes that have one. */
  readonly token?: string
  /** To be sent along, for the schemes that sign a request. */
  readonly headers?: Readonly<Record<string, string>>
  /** To be sent as it is, byte for byte. */
  readonly body?: string
  /** When the portal stops accepting it, in milliseconds since the epoch. */
  readonly expiresAt: number
}

interface Destination {
  readonly ids: Readonly<Record<string, string>>
  /** What the query gets for an iframe. */
  readonly embed: string | undefined
}

/** Where a signed credential goes, and what goes along. */
export function addressed(
  portal: Portal,
  sent: unknown,
  { ids, embed }: Destination,
): Omit<Signed, 'expiresAt'> {
  const { address, carrier, codec } = portal.scheme
  const { query, headers, body } = carrier.write(sent)
  const parameters = [query, embed].filter((each) => each !== undefined)
  const url = [portal.baseUrl + address.path(ids), ...parameters.slice(0, 1)].join('?')
  return {
    url: [url, ...parameters.slice(1)].join('&'),
    ...(codec.compact && { token: sent as string }), // a compact codec's credential is text
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  }
}

/** @throws ConfigError where the portal has no page for iframes */
export function embedded({ scheme }: Portal): string {
  if (scheme.address.embed !== undefined) return scheme.address.embed
  throw new ConfigError('option_invalid', {
    problem: `${scheme.name} has no page for iframes`,
    fix: 'Leave out `embed`',
  })
}
