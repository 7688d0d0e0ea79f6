import { isRejection, Rejection } from '../rejection'
import { notProvided, type Field, type Maybe, type Mistaken } from './fields'
import type { JsonObject } from './json'

/** The verified user. A property that the scheme does not sign is `null`, never missing. */
export interface PortalUser {
  /** The scheme that signed this user. */
  readonly scheme: string
  /** Identifies the user within the scheme; `null` for a scheme that identifies no one. */
  readonly id: string | null
  readonly email: string | null
  readonly name: string | null
}

/**
 * The user that an application passes to a signer: what the verified user will have, and with an `id`
 * that may be a number.
 * @typeParam Needs the properties that must be there
 * @typeParam Mistakes names that are written for an optional property by mistake, as for `Mistaken`
 */
export type UserInput<User extends PortalUser, Needs extends keyof User, Mistakes = unknown> = {
  readonly [Name in Needs]: Name extends 'id' ? string | number | bigint : User[Name]
} & {
  readonly [Name in Exclude<keyof User, Needs | 'scheme'>]?: Maybe<
    Name extends 'id' ? string | number | bigint : User[Name]
  >
} & Mistaken<Mistakes>

/**
 * Where a scheme keeps each value. The verifier reads by this table and the signer writes by it:
 * the user first, then the other claims, each in the order of the table.
 */
export interface ClaimsTable<User extends PortalUser, Input> {
  /** A field for every property of the user. */
  readonly user: {
    readonly [Name in Exclude<keyof User, 'scheme'>]: Field<
      User[Name],
      Name extends keyof Input ? Input[Name] : unknown
    >
  }
  readonly issuedAt?: Field<number> | Field<number | null>
  readonly notBefore?: Field<number | null>
  readonly expiresAt?: Field<number> | Field<number | null>
  /** Compared with the portal's own id. */
  readonly audience?: Field<string>
  readonly nonce?: Field<string>
  /** Claims that have one value in every credential: `{ scope: 'user' }`. */
  readonly fixed?: Readonly<Record<string, string>>
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
  const all = Object.entries<Field<unknown, never>>(table.user)
  const names = all.filter(([, { takes }]) => !takes).map(([name]) => name)
  const fields = all.map(([, field]) => field).filter(({ takes }) => !takes)
  const takers = all.filter(([, { takes }]) => takes)
  const own = claimNames(table)
  const readRest = takers.length > 0 ? restReader(takers, own) : undefined
  const known = table.unknown === 'refuse' ? own : undefined
  const fixed = table.fixed && Object.entries(table.fixed)
  const { issuedAt, notBefore, expiresAt, audience, nonce } = table

  function readUser(raw: JsonObject): User {
    const user: Record<string, unknown> = { scheme, id: null, email: null, name: null } // a shape that is quick to freeze
    for (let index = 0; index < fields.length; index++) {
      user[names[index] as string] = readField(fields[index] as Field<unknown>, raw) // within bounds
    }
    if (readRest) Object.assign(user, readRest(raw))
    return Object.freeze(user) as unknown as User // the table has a field for every property
  }

  return {
    read(raw) {
      if (known) refuseUnknown(raw, known, takers)
      if (fixed) checkFixed(raw, fixed)
      return {
        user: readUser(raw),
        issuedAt: issuedAt ? readField<number | null>(issuedAt, raw) : null,
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
  if (Object.hasOwn(raw, field.claim)) return field.read(raw[field.claim])
  try {
    return field.read(undefined)
  } catch (error) {
    throw isRejection(error) ? new Rejection(error.code, `"${field.claim}" is missing`) : error
  }
}

type NamedField = readonly [name: string, field: Field<unknown, never>]

function refuseUnknown(
  raw: JsonObject,
  known: ReadonlySet<string>,
  takers: readonly NamedField[],
): void {
  for (const name of Object.keys(raw)) {
    if (known.has(name) || takers.some(([, field]) => field.takes?.(name))) continue
    throw new Rejection('claims_invalid', 'the payload contains an unknown member')
  }
}

function checkFixed(raw: JsonObject, fixed: readonly (readonly [string, string])[]): void {
  for (const [name, value] of fixed) {
    if (!Object.hasOwn(raw, name) || raw[name] !== value)
      throw new Rejection('claims_invalid', `"${name}" is not "${value}"`)
  }
}

/** Reads the properties that are made of several claims. */
function restReader(takers: readonly NamedField[], others: ReadonlySet<string>) {
  const readOne = (raw: JsonObject) => {
    const free = Object.entries(raw).filter(([claim]) => !others.has(claim))
    return ([name, field]: NamedField) => {
      const taken = free.filter(([claim]) => field.takes?.(claim))
      return [name, field.read(Object.fromEntries(taken))] as const
    }
  }
  return (raw: JsonObject) => Object.fromEntries(takers.map(readOne(raw)))
}

/** The claims that belong to one field each, and those with one value. */
function claimNames<User extends PortalUser, Input>(
  table: ClaimsTable<User, Input>,
): ReadonlySet<string> {
  const { user, unknown: _, fixed = {}, ...others } = table
  const fields = [...Object.values<Field<unknown, never>>(user), ...Object.values(others)]
  const single = fields.filter(({ takes }) => !takes).map(({ claim }) => claim)
  return new Set([...single, ...Object.keys(fixed)].filter((name) => name !== notProvided.claim))
}

/**
 * Writes a user's properties and the claims about the credential as claims, in the order of the table.
 * @throws Rejection `user_invalid` for an attribute that has the name of another claim
 */
export function writeClaims<User extends PortalUser, Input>(
  table: ClaimsTable<User, Input>,
  user: Readonly<Record<string, unknown>>,
  registered: RegisteredClaims,
): JsonObject {
  const raw: Record<string, unknown> = {}
  const write = (field: Field<unknown, unknown>, value: unknown): void => {
    const written = field.write(value)
    if (field.takes) Object.assign(raw, unreserved(written as JsonObject, claimNames(table)))
    else if (written !== undefined) raw[field.claim] = written
  }
  const { user: userTable, unknown: _, fixed, ...others } = table
  for (const [name, field] of Object.entries(userTable)) write(field as Field<unknown>, user[name])
  for (const [name, field] of Object.entries(others)) {
    write(field as Field<unknown>, registered[name as keyof RegisteredClaims])
  }
  return fixed ? { ...raw, ...fixed } : raw
}

function unreserved(written: JsonObject, reserved: ReadonlySet<string>): JsonObject {
  const name = Object.keys(written).find((each) => reserved.has(each))
  if (name === undefined) return written
  throw new Rejection('user_invalid', `an attribute is called "${name}", as a claim of its own is`)
}
