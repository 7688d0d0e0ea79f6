import { Rejection } from '../rejection'
import { notProvided, type Field } from './fields'
import type { JsonObject } from './json'

/** The verified user. A property that the scheme cannot vouch for is `null`, never missing. */
export interface PortalUser {
  /** The scheme that vouches for this user. */
  readonly scheme: string
  /** Identifies the user within the scheme; `null` for a scheme that identifies no one. */
  readonly id: string | null
  readonly email: string | null
  readonly name: string | null
}

/** A field for every property of the user. */
export type UserTable<User extends PortalUser, Input> = {
  readonly [Name in Exclude<keyof User, 'scheme'>]: Field<
    User[Name],
    Name extends keyof Input ? Input[Name] : unknown
  >
}

/**
 * Where a scheme keeps each value. The verifier reads by this table and the signer writes by it:
 * the user first, then the other claims, each in the order of the table.
 */
export interface ClaimsTable<User extends PortalUser, Input> {
  readonly user: UserTable<User, Input>
  readonly issuedAt?: Field<number>
  readonly notBefore?: Field<number | null>
  readonly expiresAt?: Field<number> | Field<number | null>
  /** Compared with the portal's own id. */
  readonly audience?: Field<string>
  readonly nonce?: Field<string>
  /** Whether members that this table does not name are ignored or refused. */
  readonly unknown: 'drop' | 'refuse'
}

/** The claims about the credential itself. Times are in milliseconds since the epoch. */
export interface RegisteredClaims {
  readonly issuedAt: number | null
  readonly notBefore: number | null
  readonly expiresAt: number | null
  readonly audience: string | null
  readonly nonce: string | null
}

export interface Claims<User extends PortalUser> extends RegisteredClaims {
  readonly user: User
}

/** Reads claims by a table that was prepared once. */
export interface ClaimsReader<User extends PortalUser> {
  /** @throws Rejection `claims_invalid` */
  read(raw: JsonObject): Claims<User>
}

export function claimsReader<User extends PortalUser, Input>(
  scheme: string,
  table: ClaimsTable<User, Input>,
): ClaimsReader<User> {
  const names = Object.keys(table.user)
  const fields = Object.values<Field<unknown, never>>(table.user)
  const known = table.unknown === 'refuse' ? claimNames(table) : undefined
  const { issuedAt, notBefore, expiresAt, audience, nonce } = table

  function readUser(raw: JsonObject): User {
    const user: Record<string, unknown> = { scheme, id: null, email: null, name: null } // a shape that is quick to freeze
    for (let index = 0; index < fields.length; index++) {
      user[names[index] as string] = readField(fields[index] as Field<unknown>, raw) // within bounds
    }
    return Object.freeze(user) as unknown as User // the table has a field for every property
  }

  return {
    read(raw) {
      if (known) refuseUnknown(raw, known)
      return {
        user: readUser(raw),
        issuedAt: issuedAt ? readField(issuedAt, raw) : null,
        notBefore: notBefore ? readField(notBefore, raw) : null,
        expiresAt: expiresAt ? readField<number | null>(expiresAt, raw) : null,
        audience: audience ? readField(audience, raw) : null,
        nonce: nonce ? readField(nonce, raw) : null,
      }
    },
  }
}

/** Reads own members only: what a prototype holds was not signed. */
function readField<Out>(field: Field<Out, never>, raw: JsonObject): Out {
  return field.read(Object.hasOwn(raw, field.claim) ? raw[field.claim] : undefined)
}

function refuseUnknown(raw: JsonObject, known: ReadonlySet<string>): void {
  for (const name of Object.keys(raw)) {
    if (!known.has(name)) throw new Rejection('claims_invalid', 'contains an unknown member')
  }
}

function claimNames<User extends PortalUser, Input>(
  table: ClaimsTable<User, Input>,
): ReadonlySet<string> {
  const { user, unknown: _, ...others } = table
  const fields = [...Object.values<Field<unknown, never>>(user), ...Object.values(others)]
  return new Set(fields.map(({ claim }) => claim).filter((name) => name !== notProvided.claim))
}

/** Writes a user's properties and the claims about the credential as claims, in the order of the table. */
export function writeClaims<User extends PortalUser, Input>(
  table: ClaimsTable<User, Input>,
  user: Readonly<Record<string, unknown>>,
  registered: RegisteredClaims,
): JsonObject {
  const raw: Record<string, unknown> = {}
  const write = (field: Field<unknown, unknown>, value: unknown): void => {
    const written = field.write(value)
    if (written !== undefined) raw[field.claim] = written
  }
  const { user: userTable, unknown: _, ...others } = table
  for (const [name, field] of Object.entries(userTable)) write(field as Field<unknown>, user[name])
  for (const [name, field] of Object.entries(others)) {
    write(field as Field<unknown>, registered[name as keyof RegisteredClaims])
  }
  return raw
}
