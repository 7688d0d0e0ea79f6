import type { ClaimsTable, Field, JsonObject, Portal, PortalUser } from '@countersign/core'
import type { Bench } from '../minting/bench'

/** A field of a claims table, whatever it holds. */
export type AnyField = Field<unknown, never>

/** The field that says who the user is. */
export function identityField({ scheme }: Portal): AnyField | undefined {
  return present(scheme.claims.user.id)
}

/** The field of one of the user's properties. */
export function userField({ scheme }: Portal, name: string): AnyField | undefined {
  const table = scheme.claims.user as Readonly<Record<string, AnyField>>
  return Object.hasOwn(table, name) ? present(table[name]) : undefined
}

export function userFields({ scheme }: Portal): readonly AnyField[] {
  return Object.values<AnyField>(scheme.claims.user).filter((field) => present(field))
}

/** The names of all claims that the scheme knows. */
export function claimNames(portal: Portal): readonly string[] {
  const about = (['issuedAt', 'notBefore', 'expiresAt', 'audience', 'nonce'] as const).flatMap(
    (name) => registeredField(portal, name) ?? [],
  )
  return [...userFields(portal), ...about].map(({ claim }) => claim)
}

/** What stands in a scheme's table for what it has no claim for has no name. */
function present(field: AnyField | undefined): AnyField | undefined {
  return field && field.claim !== '' ? field : undefined
}

/** The claims about the credential. */
export type Registered = 'issuedAt' | 'notBefore' | 'expiresAt' | 'audience' | 'nonce'

export function registeredField({ scheme }: Portal, name: Registered): AnyField | undefined {
  const table: ClaimsTable<PortalUser, never> = scheme.claims
  return table[name] as AnyField | undefined // their types differ, their shape does not
}

/** The field that says when it ends: its expiry, or its issue where the scheme has a window. */
export function endField(portal: Portal): AnyField | undefined {
  return registeredField(portal, 'expiresAt') ?? registeredField(portal, 'issuedAt')
}

/** Each moment written as its own field writes it. @param moments milliseconds since the epoch */
export function withTimes(
  { portal, claims }: Bench,
  moments: Partial<Readonly<Record<Registered, number>>>,
): JsonObject {
  const written = Object.entries(moments).flatMap(([name, ms]) => {
    const field = registeredField(portal, name as Registered) // one of its own keys
    return field ? [[field.claim, field.write(ms as never)]] : [] // a time is written from milliseconds
  })
  return { ...claims, ...(Object.fromEntries(written) as JsonObject) }
}

/** The claims with another value for one; without it for `undefined`. */
export function withClaim(claims: JsonObject, name: string, value: unknown): JsonObject {
  const { [name]: _, ...others } = claims
  return value === undefined ? others : { ...claims, [name]: value }
}

/** When the right one was issued, or ends, in milliseconds. */
export function momentOf({ claims }: Bench, field: AnyField): number {
  return field.read(claims[field.claim]) as number // a time is read as milliseconds
}
