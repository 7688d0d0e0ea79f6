import { createVerifier, type Portal, type VerifierOptions } from '@countersign/core'
import * as schemes from '@countersign/core/schemes'

/** Ids of a portal by their names, and `baseUrl`. */
export type Ids = Readonly<Record<string, unknown>>

/** A portal that the command line knows. */
export interface PortalEntry {
  /** @throws ConfigError for a secret or an id that cannot be right */
  make(secret: string, ids: Ids): Portal
  readonly ids: readonly string[]
  /** The properties of the users that it signs. */
  readonly user: readonly string[]
}

type Factory = (options: Ids & { readonly secret: string }) => Portal

/** The schemes of core, and modes that are formats of their own. */
const FACTORIES: Readonly<Record<string, Factory>> = {
  ...(schemes as unknown as Readonly<Record<string, Factory>>), // the entry exports factories
  'seggwat-jwt': (options) => schemes.seggwat({ ...options, mode: 'jwt' }),
}

/** Never signs anything. In hex, as some portals want their secrets. */
const SPECIMEN_SECRET = '5bec1e5'.repeat(10)

/** By the name of the factory, as the command line spells it: `identifier-hash`. */
export const PORTALS: ReadonlyMap<string, PortalEntry> = new Map(
  Object.entries(FACTORIES).map(([name, factory]) => [portalName(name), entryOf(factory)]),
)

function entryOf(factory: Factory): PortalEntry {
  const { scheme } = factory({ secret: SPECIMEN_SECRET })
  const ids = scheme.address.ids
  return {
    make: (secret, given) => {
      const known = [...ids, 'baseUrl'].filter((name) => given[name] !== undefined)
      return factory({ secret, ...Object.fromEntries(known.map((name) => [name, given[name]])) })
    },
    ids,
    user: Object.entries(scheme.claims.user)
      .filter(([, { isReadOnly }]) => !isReadOnly)
      .map(([name]) => name),
  }
}

export function portalEntry(name: string): PortalEntry {
  return PORTALS.get(name) as PortalEntry // the command line takes no others
}

/** What its guard needs: a link without any time is accepted only where its nonce is kept. */
export function guardOf({ scheme }: Portal): Pick<VerifierOptions, 'nonceRetention'> {
  const { claims, limits, singleUse } = scheme
  const isTimeless = singleUse && !claims.expiresAt && !claims.issuedAt
  return isTimeless ? { nonceRetention: limits.maxLifetime } : {}
}

/** The other portals with the same secret: a credential may be for one of them. */
export function otherPortals(name: string, secret: string, ids: Ids): readonly Portal[] {
  const own = portalEntry(name).make(secret, ids).scheme.name
  return [...PORTALS].flatMap(([other, { make }]) => {
    if (other === name) return []
    try {
      const portal = make(secret, ids)
      if (portal.scheme.name === own) return [] // in another mode
      createVerifier(portal, { consume: 'manual' })
      return [portal]
    } catch {
      return [] // it has other rules for secrets, or needs an id
    }
  })
}

/** `identifier-hash`, also for `identifierHash`, which is the name in code. */
export function portalName(given: string): string {
  return optionName(given).slice(2)
}

/** `--workspace-id` for `workspaceId`, `--avatar-url` for `avatarURL`. */
export function optionName(property: string): string {
  return `--${property.replaceAll(/(?<=[a-z])[A-Z]+/g, (capitals) => `-${capitals}`).toLowerCase()}`
}

/** The same name as commander keeps it: `avatarUrl` for `avatarURL`. */
export function optionKey(property: string): string {
  return optionName(property)
    .slice(2)
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
