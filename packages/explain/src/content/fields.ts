import {
  isRejection,
  type ClaimsTable,
  type Field,
  malformed,
  type Portal,
  type PortalUser,
} from '@countersign/core'

/** What a claim is for. */
type Role = 'id' | 'user' | 'time' | 'audience' | 'nonce' | 'fixed'

/** A claim that a portal reads. */
export interface ClaimField {
  readonly claim: string
  readonly role: Role
  /** The property of the user, or the name in the claims table. */
  readonly property: string
  readonly field: Field<unknown, never>
}

/**
 * Every claim that a portal reads, each once: of the user, then about the credential. Fields that
 * read several claims are not among them.
 */
export function claimFields({ scheme }: Portal): readonly ClaimField[] {
  const { user, fixed = {}, unknown: _, ...about } = scheme.claims as ClaimsTable<PortalUser, never>
  const users = Object.entries<Field<unknown, never>>(user).filter(([, field]) => !field.takes)
  const own = (name: string): boolean =>
    users.some(([, field]) => !field.isReadOnly && field.claim === name)
  const others = ['nonce', 'issuedAt', 'notBefore', 'expiresAt', 'audience'] as const
  const all = [
    ...users.map(([property, field]) =>
      claimField(property === 'id' ? 'id' : 'user', property, field),
    ),
    ...others.flatMap((property) => {
      const field = about[property] as Field<unknown, never> | undefined // of any kind
      return field ? [claimField(roleOf(property), property, field)] : []
    }),
    ...Object.entries(fixed).map(([claim, value]) =>
      claimField('fixed', value, constant(claim, value)),
    ),
  ].filter(({ claim }) => claim !== '')
  return all.filter((each, index) => {
    const isLast = all.findLastIndex(({ claim }) => claim === each.claim) === index
    return own(each.claim) ? !each.field.isReadOnly : isLast
  })
}

/** A claim that always has the same value. */
function constant(claim: string, wanted: string): Field<unknown, never> {
  return {
    claim,
    read: (raw) => (raw === wanted ? raw : malformed(`${claim} is not "${wanted}"`)),
    write: () => wanted,
  }
}

function claimField(role: Role, property: string, field: Field<unknown, never>): ClaimField {
  return { claim: field.claim, role, property, field }
}

function roleOf(property: string): Role {
  return property === 'audience' || property === 'nonce' ? property : 'time'
}

/** True where the portal accepts this value for a claim. */
export function accepts({ field }: Pick<ClaimField, 'field'>, value: unknown): boolean {
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

export function unitOf(field: Pick<Field<unknown, never>, 'write'>): 'seconds' | 'milliseconds' {
  return field.write(SAMPLE as never) === SAMPLE ? 'milliseconds' : 'seconds' // a time is written from milliseconds
}

export function isRequired(field: Field<unknown, never>): boolean {
  return !accepts({ field }, undefined)
}
