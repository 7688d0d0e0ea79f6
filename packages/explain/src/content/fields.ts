import {
  isRejection,
  type ClaimsTable,
  type Field,
  type Portal,
  type PortalUser,
} from '@countersign/core'

/** What a claim is for. */
export type Role = 'id' | 'user' | 'time' | 'audience' | 'nonce'

/** A claim that a portal reads. */
export interface ClaimField {
  readonly claim: string
  readonly role: Role
  /** The property of the user, or the name in the claims table. */
  readonly property: string
  readonly field: Field<unknown, never>
}

/** Every claim that a portal reads, each once. */
export function claimFields({ scheme }: Portal): readonly ClaimField[] {
  const { user, unknown: _, ...about } = scheme.claims as ClaimsTable<PortalUser, never>
  const users = Object.entries<Field<unknown, never>>(user).map(([property, field]) =>
    claimField(property === 'id' ? 'id' : 'user', property, field),
  )
  const others = Object.entries(about).map(
    ([property, field]) => claimField(roleOf(property), property, field as Field<unknown, never>), // each is a field
  )
  const all = [...others, ...users].filter(({ claim }) => claim !== '')
  return all.filter(({ claim }, index) => all.findIndex((each) => each.claim === claim) === index)
}

function claimField(role: Role, property: string, field: Field<unknown, never>): ClaimField {
  return { claim: field.claim, role, property, field }
}

function roleOf(property: string): Role {
  return property === 'audience' || property === 'nonce' ? property : 'time'
}

/** True where the portal accepts this value for a claim. */
export function accepts({ field }: ClaimField, value: unknown): boolean {
  try {
    field.read(value)
    return true
  } catch (error) {
    if (isRejection(error)) return false
    throw error
  }
}

/** A moment to see a unit by. */
const SAMPLE = 1_700_000_000_000

export function unitOf({ field }: ClaimField): 'seconds' | 'milliseconds' {
  return field.write(SAMPLE as never) === SAMPLE ? 'milliseconds' : 'seconds' // a time is written from milliseconds
}
