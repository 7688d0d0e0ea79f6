import { ConfigError } from '../config-error'
import type { Portal } from '../portal'

/** What the frontend hands to the portal. */
export interface Signed {
  /** The URL to open, or to post to. */
  readonly url: string
  /** The credential as text, for schemes that have one. */
  readonly token?: string
  /** To be sent along, for schemes that sign a request. */
  readonly headers?: Readonly<Record<string, string>>
  /** To be sent byte for byte. */
  readonly body?: string
  /** When the portal stops accepting it, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/**
 * Where a signed credential goes, and what is sent along.
 * @param embed what is added to the query for a page in an iframe
 */
export function addressed(
  portal: Portal,
  value: unknown,
  embed: string | undefined,
): Omit<Signed, 'expiresAt'> {
  const { address, carrier, codec } = portal.scheme
  const { query, headers, body } = carrier.write(value)
  const parameters = [query, embed].filter((each) => each !== undefined).join('&')
  const page = portal.baseUrl + address.path(requireIds(portal))
  return {
    url: parameters === '' ? page : `${page}?${parameters}`,
    ...(codec.compact && { token: value as string }), // a compact codec's credential is text
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  }
}

/** @throws ConfigError where the portal was made without an id that signing needs */
export function requireIds({ ids, scheme }: Portal): Readonly<Record<string, string>> {
  const missing = Object.keys(ids).find((id) => ids[id] === undefined)
  if (missing === undefined) return ids as Readonly<Record<string, string>>
  throw new ConfigError('id_missing', {
    problem: `Signing for ${scheme.name} needs "${missing}"`,
    fix: `Pass it: ${scheme.name}({ ${missing}, secret })`,
  })
}

/** @throws ConfigError where the portal has no page for iframes */
export function embedParameter({ scheme }: Portal): string {
  if (scheme.address.embed !== undefined) return scheme.address.embed
  throw new ConfigError('option_invalid', {
    problem: `${scheme.name} has no page for iframes`,
    fix: 'Leave out `embed`',
  })
}
