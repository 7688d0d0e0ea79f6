import { checkedText, refuse, text, type Field, type Maybe } from './fields'

/** A value of JSON without members: text of at most 1024 characters, without control characters. */
export type Scalar = string | number | boolean | null

/** What an application says about a user or a company beyond what the scheme knows by name. */
export type Attributes = Readonly<Record<string, Scalar>>

/** A company that a user belongs to. */
export interface Company {
  readonly id: string
  readonly name?: string | undefined
  /** More about it: text, numbers, `true`, `false` and `null`, also as an object of these. */
  readonly [member: string]: Scalar | Attributes | undefined
}

/** Lists of a user have at most this many entries. */
const MAX_ENTRIES = 64

/** `true` or `false`. */
export function flag(claim: string): Field<boolean> {
  return {
    claim,
    read: (raw) => (typeof raw === 'boolean' ? raw : refuse(claim, 'is neither true nor false')),
    write: (value) => value,
  }
}

/** `true` or `false` in a payload that holds nothing but text. */
export function textFlag(claim: string): Field<boolean> {
  return {
    claim,
    read(raw) {
      if (raw === 'true' || raw === 'false') return raw === 'true'
      return refuse(claim, 'is neither "true" nor "false"')
    },
    write: (value) => (typeof value === 'boolean' ? String(value) : value),
  }
}

/** A list of texts, each of 1 to 255 characters. */
export function textList(claim: string): Field<readonly string[]> {
  return {
    claim,
    read(raw) {
      if (!Array.isArray(raw) || raw.length > MAX_ENTRIES) {
        return refuse(claim, `is not a list of at most ${MAX_ENTRIES} texts`)
      }
      return Object.freeze(raw.map((each) => shortText(claim, each)))
    },
    write: (value) => value,
  }
}

/** A list of texts without commas, written as one text with commas between them. */
export function commaList(claim: string): Field<readonly string[]> {
  const list = textList(claim)
  return {
    claim,
    isText: true,
    read: (raw) => list.read(text(claim).read(raw).split(',')),
    write(value) {
      if (list.read(value).some((each) => each.includes(','))) refuse(claim, 'contains a comma')
      return value.join(',')
    },
  }
}

function shortText(claim: string, raw: unknown): string {
  if (typeof raw === 'string' && raw !== '') return checkedText(claim, raw, 255)
  return refuse(claim, 'contains something other than non-empty text')
}

/** An object of texts, numbers, `true`, `false` and `null`. */
export function attributes(claim: string): Field<Attributes> {
  return { claim, read: (raw) => readAttributes(claim, raw), write: (value) => value }
}

/**
 * Attributes that are claims of their own: all whose name begins with the prefix and that no other
 * field has. Claims that hold objects or lists are not read. Reads `null` where there are none.
 */
export function attributesAsClaims(prefix = ''): Field<Attributes | null, Maybe<Attributes>> {
  return {
    claim: `${prefix}…`,
    takes: (claim) => claim.startsWith(prefix),
    read(raw) {
      const flat = Object.entries(raw ?? {}).filter(
        ([, it]) => it === null || typeof it !== 'object',
      )
      const all = flat.map(([name, it]) => [name.slice(prefix.length), it] as const)
      return all.length === 0 ? null : readAttributes(`${prefix}…`, Object.fromEntries(all))
    },
    write(value) {
      const all = Object.entries(readAttributes(`${prefix}…`, value ?? {}))
      return Object.fromEntries(all.map(([name, it]) => [prefix + name, it]))
    },
  }
}

/**
 * A name that travels as first and last name. It is divided at the last space, so that joining both
 * gives the name back.
 */
export function fullName(first: string, last: string): Field<string | null, Maybe<string>> {
  const part = (claim: string, raw: unknown): string | null =>
    raw === undefined || raw === null || raw === '' ? null : text(claim).read(raw)
  return {
    claim: first,
    takes: (claim) => claim === first || claim === last,
    read(raw) {
      const members = new Map(Object.entries(raw as object)) // what this field takes
      const parts = [first, last].map((claim) => part(claim, members.get(claim)))
      return parts.filter((each) => each !== null).join(' ') || null
    },
    write(value) {
      if (value === undefined || value === null || value === '') return {}
      const name = text(first).read(value).trim()
      const space = name.lastIndexOf(' ')
      if (space === -1) return { [first]: name }
      return { [first]: name.slice(0, space), [last]: name.slice(space + 1) }
    },
  }
}

/** The companies of a user, each an object with an `id` and, where it has one, a `name`. */
export function companies(claim: string): Field<readonly Company[]> {
  return {
    claim,
    read(raw) {
      if (!Array.isArray(raw) || raw.length > MAX_ENTRIES) {
        return refuse(claim, `is not a list of at most ${MAX_ENTRIES} companies`)
      }
      return Object.freeze(raw.map((each) => readCompany(claim, each)))
    },
    write: (value) => value,
  }
}

function readCompany(claim: string, raw: unknown): Company {
  const { id, name, ...others } = plainObject(claim, raw)
  const more = Object.entries(others).map(([member, value]) => {
    const isNested = typeof value === 'object' && value !== null
    return [member, isNested ? readAttributes(claim, value) : scalar(claim, value)] as const
  })
  return Object.freeze({
    id: shortText(claim, id),
    ...(name !== undefined && { name: shortText(claim, name) }),
    ...Object.fromEntries(more),
  })
}

/** A copy, because what is read may belong to the application. */
function readAttributes(claim: string, raw: unknown): Attributes {
  const entries = Object.entries(plainObject(claim, raw))
  return Object.freeze(Object.fromEntries(entries.map(([name, it]) => [name, scalar(claim, it)])))
}

function plainObject(claim: string, raw: unknown): Readonly<Record<string, unknown>> {
  const prototype: unknown =
    typeof raw === 'object' && raw !== null ? Object.getPrototypeOf(raw) : 0
  if (prototype !== Object.prototype && prototype !== null) {
    return refuse(claim, 'is not a plain object')
  }
  const members = raw as Readonly<Record<string, unknown>> // has no prototype but Object's
  for (const name of Object.keys(members)) {
    if (name === '' || name === '__proto__') refuse(claim, 'has a member without a usable name')
    checkedText(claim, name, 255)
  }
  return members
}

function scalar(claim: string, raw: unknown): Scalar {
  if (typeof raw === 'string') return checkedText(claim, raw, 1024)
  if (raw === null || typeof raw === 'boolean' || Number.isFinite(raw)) return raw as Scalar // just seen
  return refuse(claim, 'has a member that is not text, a finite number, true, false or null')
}
