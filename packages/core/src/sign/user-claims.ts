import type { Portal } from '../portal'
import { isRejection, Rejection } from '../rejection'
import { isMisspelt } from '../spelling'
import { writeClaims, type RegisteredClaims } from '../wire/claims'
import type { Field } from '../wire/fields'
import type { JsonObject } from '../wire/json'

/**
 * Writes the application's user as claims. Whatever is wrong with the user is found before anything
 * is signed.
 * @throws Rejection `user_invalid` with a detail that names the user's property and the rule,
 *   `unauthenticated` for a user without the property that identifies them
 */
export function userClaims(
  portal: Portal,
  user: unknown,
  registered: RegisteredClaims,
): JsonObject {
  if (typeof user !== 'object' || user === null) throw invalid('the user is not an object')
  const { claims } = portal.scheme
  const fields = Object.entries<Field<unknown>>(claims.user as Record<string, Field<unknown>>) // each is one
  const written = fields.filter(([, field]) => !field.isReadOnly)
  refuseMisspelt(user, written)
  const properties: Record<string, unknown> = {}
  for (const [name, field] of written) {
    properties[name] = ownValue(user, name)
    assertWritable(name, field, properties[name])
  }
  return writeClaims(claims, properties, registered)
}

/** Getters are not called and prototypes not searched: only what the user plainly has is signed. */
function ownValue(user: object, name: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(user, name)
  if (descriptor && Object.hasOwn(descriptor, 'value')) return descriptor.value
  if (!descriptor && !isInherited(user, name)) return undefined
  throw invalid(
    `"${name}" is ${descriptor ? 'a getter' : 'inherited'}: return a plain object, such as user.toObject() (Mongoose), user.get({ plain: true }) (Sequelize) or { ${name}: user.${name} }`,
  )
}

function isInherited(user: object, name: string): boolean {
  for (let each = Object.getPrototypeOf(user); each; each = Object.getPrototypeOf(each)) {
    if (each !== Object.prototype && Object.hasOwn(each as object, name)) return true
  }
  return false
}

/** Reads back what would be written, so that an error can name the user's own property. */
function assertWritable(name: string, field: Field<unknown>, value: unknown): void {
  if (typeof value === 'string' && /\p{Cs}/u.test(value)) {
    throw invalid(`"${name}" contains half a surrogate pair`)
  }
  try {
    field.read(field.write(value))
  } catch (error) {
    if (!isRejection(error) || error.code !== 'claims_invalid') throw error
    if (value === undefined || value === null) throw invalid(`"${name}" is missing`)
    const problem = error.detail.replace(`"${field.claim}"`, `"${name}"`)
    const isObject = name === 'id' && typeof value === 'object' // as of MongoDB
    throw invalid(isObject ? `${problem}. Convert it: String(user.id)` : problem)
  }
}

/** A property that was meant for one that is absent would be left out without a word. */
function refuseMisspelt(
  user: object,
  fields: readonly (readonly [string, Field<unknown>])[],
): void {
  const absent = fields.filter(([name]) => !Object.hasOwn(user, name) && !isInherited(user, name))
  for (const property of Object.keys(user)) {
    if (fields.some(([name]) => name === property)) continue
    const [meant] =
      absent.find(([, { claim }]) => claim === property) ??
      absent.find(([name]) => isMisspelt(property, name)) ??
      []
    if (meant === undefined) continue
    throw invalid(`the user has a property "${property}". Did you mean "${meant}"?`)
  }
}

function invalid(detail: string): Rejection {
  return new Rejection('user_invalid', detail)
}
