import { absent, type Field } from './fields'
import type { JsonObject } from './json'
import { Rejection } from './rejection'

/** The verified person. A property that the scheme cannot vouch for is `null`, never missing. */
export interface PortalUser {
  /** The scheme that vouches for this user. */
  readonly scheme: string
  /** What identifies the user in that scheme; `null` where it names nobody. */
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
 * Where a scheme keeps each thing. The verifier reads by this table and the signer writes by it:
 * the user first, then the other claims, each in the order in which it stands here.
 */
export interface ClaimsTable<User extends PortalUser, Input> {
  readonly user: UserTable<User, Input>
  readonly issuedAt?: Field<number>
  readonly notBefore?: Field<number | null>
  readonly expiresAt?: Field<number> | Field<number | null>
  /** Whom the credential is meant for: compared with the portal's own id. */
  readonly audience?: Field<string>
  readonly nonce?: Field<string>
  /** What becomes of members that this table does not name. */
  readonly unknown: 'drop' | 'refuse'
}

/** The claims that are about the credential, times in milliseconds since the epoch. */
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

/** A claims table made ready: what construction can do is not done for each request. */
export interface ClaimsReader<User extends PortalUser> {
  /** @throws Rejection `claims_invalid` */
  read(raw: JsonObject): Claims<User>
}

type AnyField = Field<unknown, never>

export function claimsReader<User extends PortalUser, Input>(
  scheme: string,
  table: ClaimsTable<User, Input>,
): ClaimsReader<User> {
  const fields = Object.entries<AnyField>(table.user).map(([name, field]) => ({ name, field }))
  const known = table.unknown === 'refuse' ? new Set(claimNames(table)) : undefined
  const { issuedAt, notBefore, expiresAt, audience, nonce } = table

  function readUser(raw: JsonObject): User {
    const user: Record<string, unknown> = { scheme }
    for (const { name, field } of fields) user[name] = readField(field, raw)
    return Object.freeze(user) as unknown as User // the table has a field for every property
  }

  return {
    read(raw) {
      if (known) refuseStrangers(raw, known)
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

/** What the application's user looks like as claims, in the order of the table. */
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

/** Own members only: what a prototype holds was not signed. */
function readField<Out>(field: Field<Out, never>, raw: JsonObject): Out {
  return field.read(Object.hasOwn(raw, field.claim) ? raw[field.claim] : undefined)
}

function refuseStrangers(raw: JsonObject, known: ReadonlySet<string>): void {
  for (const name of Object.keys(raw)) {
    if (!known.has(name))
      throw new Rejection('claims_invalid', 'holds a member that this scheme does not know')
  }
}

function claimNames<User extends PortalUser, Input>(table: ClaimsTable<User, Input>): string[] {
  const { user, unknown: _, ...others } = table
  const fields: AnyField[] = [...Object.values<AnyField>(user), ...Object.values<AnyField>(others)]
  return fields.map((field) => field.claim).filter((name) => name !== absent.claim)
}
