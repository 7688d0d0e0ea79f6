import { ConfigError, type Portal } from '@countersign/core'

/** Stands where an id only decorates a URL. */
const ANY_ID = 'kit'

/**
 * A portal that can sign, made of one that perhaps only verifies: the ids that its URL alone needs
 * are filled in, and the tenant takes the place of an id that the portal was made without.
 * @throws ConfigError where nobody says whom a credential is meant for
 */
export function signingPortal(portal: Portal, tenant: string | undefined): Portal {
  const { scheme, keys } = portal
  const audience = scheme.audience === undefined ? null : audienceOf(portal, tenant)
  const filled = Object.entries(portal.ids).map(([name, id]) => [name, id ?? ANY_ID])
  const ids = Object.fromEntries(filled) as Record<string, string>
  if (scheme.audience !== undefined && audience !== null) ids[scheme.audience] = audience
  const keysOf: typeof keys.keysOf = (name, now) => keys.keysOf(tenant ?? name, now)
  return { ...portal, ids, audience, keys: { ...keys, keysOf } }
}

function audienceOf({ scheme, audience, keys }: Portal, tenant: string | undefined): string {
  const known = tenant ?? audience
  if (known !== null) return known
  if (!scheme.claims.audience && keys.known) return ANY_ID // one secret serves every name
  throw new ConfigError('audience_missing', {
    problem: `Nobody says whom a credential of ${scheme.name} is to be meant for`,
    fix: `Pass "${scheme.audience}" to ${scheme.name}(), or \`tenant\` to what signs`,
  })
}
