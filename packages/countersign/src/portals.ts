import { createVerifier, type Portal, type VerifierOptions } from '@countersign/core'
import * as schemes from '@countersign/core/schemes'
import { optionName } from './command'

/** Ids of a portal by their names, and `baseUrl`. */
export type Ids = Readonly<Record<string, unknown>>

type Factory = (options: Ids & { readonly secret: string }) => Portal

/** A portal of which everything is known. */
export interface Opened {
  readonly name: string
  readonly portal: Portal
  readonly secret: string
  readonly ids: Ids
  /** Milliseconds since the epoch. */
  now(): number
}

/** The schemes of core, and modes that are formats of their own, by the names on the command line. */
export const PORTALS: ReadonlyMap<string, Factory> = new Map(
  Object.entries({
    ...(schemes as unknown as Readonly<Record<string, Factory>>), // the entry exports factories
    'seggwat-jwt': (options: Parameters<Factory>[0]) =>
      schemes.seggwat({ ...options, mode: 'jwt' }),
  }).map(([name, factory]) => [optionName(name).slice(2), factory]),
)

/** The name of a portal, also for `identifierHash`, which is the name in code. */
export function knownName(given: string): string | undefined {
  const name = optionName(given).slice(2)
  return PORTALS.has(name) ? name : undefined
}

/** Of a portal with two formats, the name of the other one. */
export const OTHER_FORMAT: Readonly<Record<string, string>> = {
  seggwat: 'seggwat-jwt',
  'seggwat-jwt': 'seggwat',
}

/** Never signs anything. In hex, as some portals want their secrets. */
const SPECIMEN_SECRET = '5bec1e5'.repeat(10)

/** The ids of a portal, the properties of the users that it signs, and what else can be chosen. */
export function namesOf(portal: string): {
  readonly ids: readonly string[]
  readonly user: readonly string[]
  readonly more: readonly ('nonce' | 'expiresIn')[]
} {
  const { scheme } = factoryOf(portal)({ secret: SPECIMEN_SECRET })
  const user = Object.entries(scheme.claims.user).filter(([, { isReadOnly }]) => !isReadOnly)
  const nonce = scheme.singleUse?.by === 'nonce' ? (['nonce'] as const) : []
  const expiresIn = scheme.limits.window === undefined ? (['expiresIn'] as const) : []
  const more = [...nonce, ...expiresIn]
  return { ids: scheme.address.ids, user: user.map(([name]) => name), more }
}

/** @throws ConfigError for a secret or an id that cannot be right */
export function makePortal(name: string, secret: string, ids: Ids): Portal {
  const known = ['baseUrl', ...namesOf(name).ids].filter((each) => ids[each] !== undefined)
  return factoryOf(name)({ secret, ...Object.fromEntries(known.map((each) => [each, ids[each]])) })
}

function factoryOf(name: string): Factory {
  return PORTALS.get(name) as Factory // the command line takes no others
}

/** What its guard needs: a link without any time is accepted only where its nonce is kept. */
export function guardOf({ scheme }: Portal): Pick<VerifierOptions, 'nonceRetention'> {
  const { claims, limits, singleUse } = scheme
  const isTimeless = singleUse && !claims.expiresAt && !claims.issuedAt
  return isTimeless ? { nonceRetention: limits.maxLifetime } : {}
}

/** The other portals with the same secret: a credential may be for one of them, whatever its ids. */
export function otherPortals({ name, secret, ids }: Opened): readonly Portal[] {
  const others = [...PORTALS.keys()].filter((each) => each !== name && each !== OTHER_FORMAT[name])
  return others.flatMap((other) => {
    try {
      const unknown = namesOf(other).ids.map((id) => [id, 'unknown'])
      const portal = makePortal(other, secret, { ...Object.fromEntries(unknown), ...ids })
      createVerifier(portal, guardOf(portal))
      return [portal]
    } catch {
      return [] // it has other rules for secrets, or needs a server
    }
  })
}
