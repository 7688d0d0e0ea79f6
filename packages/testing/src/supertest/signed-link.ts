import { ConfigError, type InputOf, type Portal } from '@countersign/core'
import { MINT_OPTIONS, mintOne, type MintOptions } from '../mint'
import { assertOptions, mistake } from '../mistake'

/** How a link is signed, and to where. */
export interface SignedLinkOptions extends Omit<MintOptions, 'method' | 'carrier'> {
  /** Where the app has the page, or page and query. @default the path of the portal's own links */
  readonly path?: string | undefined
}

/**
 * A signed link: path and query, for `request(app).get(await signedLink(portal, user))`. Rejects as
 * `mint` does, and with a `ConfigError` for a portal whose credentials fit into no link.
 */
export async function signedLink<P extends Portal>(
  portal: P,
  user: InputOf<P>,
  given: SignedLinkOptions = {},
): Promise<string> {
  assertOptions('signedLink()', given, `${MINT_OPTIONS} path`)
  const { path, ...options } = given
  const page = path ?? pathOf(portal)
  const carrier = portal.scheme.codec.compact ? undefined : 'parameter'
  const { query } = await mintOne(portal, user, { ...options, carrier })
  if (query !== '') return `${page}${page.includes('?') ? '&' : '?'}${query}`
  if (options.defect === 'missing') return page
  throw mistake(
    `A credential of ${portal.scheme.name} does not travel in a link`,
    'Sign the request: signed(request(app).post(…), portal, user)',
  )
}

function pathOf({ scheme, ids, baseUrl }: Portal): string {
  const missing = scheme.address.ids.find((id) => ids[id] === undefined)
  if (missing !== undefined) {
    throw new ConfigError('id_missing', {
      problem: `The path of a signed link of ${scheme.name} needs "${missing}"`,
      fix: `Pass "${missing}" to ${scheme.name}(), or the \`path\` of your own page`,
    })
  }
  const base = new URL(baseUrl).pathname.replace(/\/$/, '')
  return base + scheme.address.path(ids as Readonly<Record<string, string>>) // none is missing
}
