import { ConfigError } from '../config-error'
import type { Portal } from '../portal'
import type { AnySigned } from '../wire/page-carriers'

/** What goes with a signed credential. */
interface Extras {
  /** Parameters of the portal that it wants back. */
  readonly echo: Readonly<Record<string, string>>
  /** What is added to the query for a page in an iframe. */
  readonly embed: string | undefined
  /** Whether a browser posts it, where the portal takes a form beside something else. */
  readonly asForm: boolean
  /** Milliseconds since the epoch; `Infinity` for never. */
  readonly expiresAt: number
}

/** Where a signed credential goes, and what is sent along. */
export function addressed(portal: Portal, value: unknown, extras: Extras): AnySigned {
  const { echo, embed, asForm, expiresAt } = extras
  const { address, carrier, codec } = portal.scheme
  const { query, headers, body, fields, page } = carrier.write(value)
  if (page) return { ...page, expiresAt: expiresAt === Infinity ? null : expiresAt }
  const url = addressOf(portal)
  if (fields && (asForm || carrier.output === 'form')) {
    return { url, fields: { ...fields, ...echo }, expiresAt }
  }
  const beside = address.query?.(requireIds(portal))
  const echoed = Object.entries(echo).map(([name, it]) => `${name}=${encodeURIComponent(it)}`)
  const parameters = [query, beside, ...echoed, embed].filter((each) => each !== undefined)
  return {
    url: parameters.length === 0 ? url : `${url}?${parameters.join('&')}`,
    ...(codec.compact && { token: value as string }), // a compact codec's credential is text
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
    expiresAt,
  }
}

/** The portal's page for signed users, without a query. */
export function addressOf(portal: Portal): string {
  return portal.baseUrl + portal.scheme.address.path(requireIds(portal))
}

/** @throws ConfigError where the portal was made without an id that signing needs */
export function requireIds({ ids, baseUrl, scheme }: Portal): Readonly<Record<string, string>> {
  const missing =
    Object.keys(ids).find((id) => ids[id] === undefined) ?? /\{(\w+)\}/.exec(baseUrl)?.[1]
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
