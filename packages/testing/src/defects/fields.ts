import { isRejection, type Field, type JsonObject, type Portal } from '@countersign/core'
import { isKnown } from '../minting/format'
import type { Material } from '../minting/material'
import type { Recipe } from './defect'

/** A field of a claims table, whatever its type. */
export type AnyField = Field<unknown, never>

export type FieldOf = (portal: Portal) => AnyField | undefined

/** The claims about the credential itself. */
type Registered = 'issuedAt' | 'notBefore' | 'expiresAt' | 'audience' | 'nonce'
const REGISTERED = ['issuedAt', 'notBefore', 'expiresAt', 'audience', 'nonce'] as const

export function registered(name: Registered): FieldOf {
  return ({ scheme }) => scheme.claims[name] as AnyField | undefined // their types differ, their shape does not
}

/** The field of one of the user's properties; `undefined` where the scheme has no claim for it. */
export function userField(name: string): FieldOf {
  return ({ scheme }) => {
    const table = scheme.claims.user as Readonly<Record<string, AnyField>>
    return Object.hasOwn(table, name) && table[name]?.claim ? table[name] : undefined
  }
}

export function userFields(portal: Portal): readonly AnyField[] {
  return Object.keys(portal.scheme.claims.user).flatMap((name) => userField(name)(portal) ?? [])
}

/** The names of all claims that the scheme has. */
export function claimNames(portal: Portal): readonly string[] {
  const about = REGISTERED.flatMap((name) => registered(name)(portal) ?? [])
  return [...userFields(portal), ...about].map(({ claim }) => claim)
}

/** The field that decides when a credential ends: its expiry, or its time of issue. */
export const endField: FieldOf = (portal) =>
  registered('expiresAt')(portal) ?? registered('issuedAt')(portal)

/** The field that distinguishes one user's credential from another's. */
export const whoseField: FieldOf = (portal) =>
  userField('id')(portal) ?? registered('nonce')(portal)

/** The claims with each time written as its own field writes it. @param times milliseconds since the epoch */
export function withTimes(
  { portal, claims }: Material,
  times: Partial<Readonly<Record<Registered, number>>>,
): JsonObject {
  const written = Object.entries(times).flatMap(([name, ms]) => {
    const field = registered(name as Registered)(portal) // one of its own keys
    return field ? [[field.claim, field.write(ms as never)]] : [] // a time is written from milliseconds
  })
  return { ...claims, ...(Object.fromEntries(written) as JsonObject) }
}

/** The claims with another value for one; without it for `undefined`. */
export function withClaim(claims: JsonObject, name: string, value: unknown): JsonObject {
  const { [name]: _, ...others } = claims
  return value === undefined ? others : { ...claims, [name]: value }
}

/** True where a scheme has the field, and the field refuses the value. */
export function refuses(field: AnyField | undefined, value: unknown): boolean {
  try {
    field?.read(value)
    return false
  } catch (error) {
    return isRejection(error) && error.code === 'claims_invalid'
  }
}

/** One claim has a value that its field refuses: the first of several; no value for `undefined`. */
export function bad(fieldOf: FieldOf, ...values: readonly unknown[]): Recipe {
  const isPlain = values.every((value) => typeof value === 'string')
  return {
    needs(portal) {
      const field = fieldOf(portal)
      return values.some((value) => refuses(field, value)) && (isPlain || isKnown(portal))
    },
    make({ portal, claims, sign, place }) {
      const field = fieldOf(portal)
      const value = values.find((each) => refuses(field, each))
      return place(sign(withClaim(claims, field?.claim ?? '', value)))
    },
  }
}
