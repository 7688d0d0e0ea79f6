import { ConfigError, type InputOf, type Portal } from '@countersign/core'
import { mistake } from '../mistake'
import { mint, type MintOptions } from '../mint'

/** How a link is signed, and to where. */
export interface SignedLinkOptions extends Omit<MintOptions, 'method' | 'carrier'> {
  /**
   * Where the app under test has the page, with a query of its own perhaps.
   * @default the path that the portal's own links have, which needs the portal's ids
   */
  readonly path?: string | undefined
  /**
   * The whole URL, as a user is sent it, instead of path and query, as an app sees it.
   * @default false
   */
  readonly whole?: boolean | undefined
}

/**
 * A signed link: path and query, for `request(app).get(await signedLink(portal, user))`.
 *
 * Rejects as `mint` does, and with a `ConfigError` for a portal whose credentials fit into no link.
 */
export async function signedLink<P extends Portal>(
  portal: P,
  user: InputOf<P>,
  options: SignedLinkOptions = {},
): Promise<string> {
  const { path, whole = false, ...how } = options
  const base = whole ? portal.baseUrl : new URL(portal.baseUrl).pathname.replace(/\/$/, '')
  const page = path ?? pathOf(portal)
  const carrier = portal.scheme.codec.compact ? undefined : 'parameter'
  const { request, before } = await mint(portal, user, { ...how, carrier })
  if (request.query === '' && how.defect !== 'missing')
    throw mistake(
      `A credential of ${portal.scheme.name} does not travel in a link`,
      'Sign the request: signed(request(app).post(…), portal, user)',
    )
  if (before.length > 0)
    throw mistake(
      `A link of ${portal.scheme.name} is replayed by using it twice`,
      'Leave out `defect`, and send the same link in two requests',
    )
  const query = request.query && `${page.includes('?') ? '&' : '?'}${request.query}`
  return `${path === undefined || whole ? base : ''}${page}${query}`
}

function pathOf({ scheme, ids }: Portal): string {
  const missing = scheme.address.ids.find((id) => ids[id] === undefined)
  if (missing === undefined) return scheme.address.path(ids as Readonly<Record<string, string>>) // none is missing
  throw new ConfigError('id_missing', {
    problem: `The path of a signed link of ${scheme.name} needs "${missing}"`,
    fix: `Pass "${missing}" to ${scheme.name}(), or the \`path\` of your own page`,
  })
}
