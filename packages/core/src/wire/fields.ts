import { Rejection } from '../rejection'

/**
 * One claim: its name in the payload, and how its value is read and written. `read` receives the raw
 * JSON value (`undefined` for an absent claim); `write` returns `undefined` to leave the claim out.
 */
export interface Field<Out, In = Out> {
  readonly claim: string
  /** A claim of text: where it is optional, an empty string counts as absent. */
  readonly isText?: boolean
  /** The signer writes no claim for it. */
  readonly isReadOnly?: boolean
  /**
   * For a field of several claims: whether one of the claims that no other field has belongs to it.
   * Then `read` receives an object of those, and `write` returns one.
   */
  takes?(claim: string): boolean
  /** @throws Rejection `claims_invalid` */
  read(raw: unknown): Out
  /** @returns the claim's JSON value; `undefined` to leave the claim out */
  write(value: In): unknown
}

/** A value that an application may leave out. */
export type Maybe<Value> = Value | null | undefined

/**
 * Names that are written for an optional property by mistake, with the right ones: TypeScript refuses
 * them, as the signer does. Mark each `@deprecated`, so that editors do not offer it.
 */
export type Mistaken<Names> = { readonly [Name in keyof Names]?: DidYouMean<Names[Name]> }

/** No value has this type: its name is the error. */
export interface DidYouMean<Name> {
  readonly [meant]: Name
}
declare const meant: unique symbol

const CONTROL = /\p{Cc}/u
const NOT_AN_ID = /^(?:null|undefined|none|nil|nan|\[object object\])$/i
const EMAIL = /^[^\s\p{Cc}"<>@]+@[^\s\p{Cc}"<>@]+$/u
const HTTP_URL = /^https?:\/\/[^\s\p{Cc}\\"<>]+$/iu

/** A user's id: 1 to 255 characters. A safe integer is read and written as its decimal string. */
export function identifier(claim: string): Field<string, string | number | bigint> {
  return {
    claim,
    read(raw) {
      const id = typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : raw
      if (typeof id !== 'string') return refuse(claim, 'is neither a string nor a safe integer')
      if (id === '' || id.trim() !== id) {
        return refuse(claim, 'is empty, or begins or ends with white space')
      }
      if (NOT_AN_ID.test(id))
        return refuse(claim, 'is text such as "null": a missing value was converted to text')
      return checkedText(claim, id, 255)
    },
    write: (value) =>
      typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : value,
  }
}

/** Text without control characters, `min` to `max` UTF-16 code units. */
export function text(claim: string, max = 1024, min = 0): Field<string> {
  return {
    claim,
    isText: true,
    read(raw) {
      if (typeof raw !== 'string') return refuse(claim, 'is not a string')
      if (raw.length >= min) return checkedText(claim, raw, max)
      return refuse(claim, raw === '' ? 'is empty' : `is shorter than ${min} characters`)
    },
    write: (value) => value,
  }
}

/** The value that makes a one-time credential unique: text of 1 to 255 characters. */
export function nonce(claim: string): Field<string> {
  return { ...text(claim, 255, 1), isText: false }
}

/**
 * An e-mail address of at most 254 characters: one `@`, no white space, control characters, double
 * quotes or angle brackets. It is not parsed further.
 */
export function email(claim: string): Field<string> {
  return {
    claim,
    isText: true,
    read: (raw) =>
      typeof raw === 'string' && raw.length <= 254 && EMAIL.test(raw)
        ? raw
        : refuse(claim, 'is not an e-mail address of at most 254 characters'),
    write: (value) => value,
  }
}

/** An absolute `http:` or `https:` URL of at most 2048 characters. */
export function httpUrl(claim: string): Field<string> {
  return {
    claim,
    isText: true,
    read(raw) {
      const isText = typeof raw === 'string' && raw.length <= 2048
      if (isText && HTTP_URL.test(raw) && URL.canParse(raw)) return raw
      return refuse(claim, 'is not an absolute http(s) URL of at most 2048 characters')
    },
    write: (value) => value,
  }
}

/** The first number of milliseconds that is accepted, and the first number of seconds that is not. */
const SECONDS_END = 1e11
/** The last millisecond of the year 9999. */
export const LAST_MILLISECOND = 253_402_300_799_999

/** A time in seconds since the epoch (RFC 7519 NumericDate). Read and written in milliseconds. */
export function seconds(claim: string): Field<number> {
  return {
    claim,
    read: (raw) =>
      isTime(raw) && raw < SECONDS_END
        ? Math.round(raw * 1000)
        : refuse(claim, 'is not a time in seconds since 1970'),
    write: (ms) => Math.floor(ms / 1000),
  }
}

/** A time in milliseconds since the epoch. */
export function millis(claim: string): Field<number> {
  return {
    claim,
    read: (raw) =>
      isTime(raw) && raw >= SECONDS_END && raw <= LAST_MILLISECOND
        ? raw
        : refuse(claim, 'is not a time in milliseconds since 1970'),
    write: (ms) => Math.floor(ms),
  }
}

function isTime(raw: unknown): raw is number {
  return typeof raw === 'number' && Number.isFinite(raw) && raw >= 0
}

/** Reads `null` for an absent claim, for `null` and, in a claim of text, for `""`. Writes nothing for them. */
export function optional<Out, In>(field: Field<Out, In>): Field<Out | null, Maybe<In>> {
  const isAbsent = (value: unknown): value is null | undefined =>
    value === undefined || value === null || (value === '' && field.isText === true)
  return {
    claim: field.claim,
    read: (raw) => (isAbsent(raw) ? null : field.read(raw)),
    write: (value) => (isAbsent(value) ? undefined : field.write(value)),
  }
}

/** Like `optional`, but an absent value is written as `null`. */
export function nullable<Out, In>(field: Field<Out, In>): Field<Out | null, Maybe<In>> {
  const inner = optional(field)
  return { ...inner, write: (value) => inner.write(value) ?? null }
}

/** Like `optional`, but `null` in a payload is refused. */
export function optionalNotNull<Out, In>(field: Field<Out, In>): Field<Out | null, Maybe<In>> {
  return { ...optional(field), read: (raw) => (raw === undefined ? null : field.read(raw)) }
}

/** A claim that identifies the session's user: a user without it counts as signed out. */
export function requiredInSession<Out, In>(field: Field<Out, In>): Field<Out, Maybe<In>> {
  return {
    ...field,
    write(value) {
      if (value === undefined || value === null || value === '') {
        throw new Rejection('unauthenticated', `the user has no "${field.claim}"`)
      }
      return field.write(value)
    },
  }
}

/** Reads the claim of another field and writes nothing. */
export function derivedFrom<Out>(field: Field<Out, never>): Field<Out, unknown> {
  const { claim } = field
  return { claim, isReadOnly: true, read: (raw) => field.read(raw), write: () => undefined }
}

/** A property for which the scheme has no claim: always `null`. */
export const notProvided: Field<null, unknown> = {
  claim: '',
  isReadOnly: true,
  read: () => null,
  write: () => undefined,
}

export function checkedText(claim: string, value: string, max: number): string {
  if (value.length > max) return refuse(claim, `is longer than ${max} characters`)
  return CONTROL.test(value) ? refuse(claim, 'contains a control character') : value
}

/** @throws Rejection `claims_invalid`, always */
export function refuse(claim: string, problem: string): never {
  throw new Rejection('claims_invalid', `"${claim}" ${problem}`)
}
