import { Rejection } from './rejection'

/**
 * One claim: its name on the wire, and how its value is read and written. `read` sees the raw JSON
 * value, `undefined` where the claim is absent; `write` answers `undefined` to leave it out.
 */
export interface Field<Out, In = Out> {
  readonly claim: string
  /** @throws Rejection `claims_invalid` */
  read(raw: unknown): Out
  write(value: In): unknown
}

/** What an application may hand over where there may be nothing. */
export type Maybe<Value> = Value | null | undefined

const CONTROL = /\p{Cc}/u
const NOBODY = /^(?:null|undefined|none|nil|nan|\[object object\])$/i
const EMAIL = /^[^\s\p{Cc}"<>@]+@[^\s\p{Cc}"<>@]+$/u
const HTTP_URL = /^https?:\/\/[^\s\\"<>]+$/i

/** A user's id: 1 to 255 characters. A safe integer is read and written as its decimal string. */
export function identifier(claim: string): Field<string, string | number | bigint> {
  return {
    claim,
    read(raw) {
      const id = typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : raw
      const fits = isText(id, 255) && id !== '' && id.trim() === id && !NOBODY.test(id)
      return fits ? id : refuse(claim, 'is not the id of a user')
    },
    write: (value) =>
      typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : value,
  }
}

/** Text without control characters, at most `max` characters (UTF-16 units). */
export function text(claim: string, max = 1024): Field<string> {
  return {
    claim,
    read: (raw) =>
      isText(raw, max) ? raw : refuse(claim, `is not text of at most ${max} characters`),
    write: (value) => value,
  }
}

/** What makes a credential different from every other: 1 to 255 characters. */
export function nonce(claim: string): Field<string> {
  const inner = text(claim, 255)
  return { ...inner, read: (raw) => inner.read(raw) || refuse(claim, 'is empty') }
}

/** An e-mail address as far as a signature needs it: one `@`, nothing that breaks out of a header or a page. */
export function email(claim: string): Field<string> {
  return {
    claim,
    read: (raw) =>
      typeof raw === 'string' && raw.length <= 254 && EMAIL.test(raw)
        ? raw
        : refuse(claim, 'is not an e-mail address'),
    write: (value) => value,
  }
}

/** An absolute `http:` or `https:` URL of at most 2048 characters. */
export function httpUrl(claim: string): Field<string> {
  return {
    claim,
    read(raw) {
      const fits = isText(raw, 2048) && HTTP_URL.test(raw) && URL.canParse(raw)
      return fits ? raw : refuse(claim, 'is not an absolute http(s) URL')
    },
    write: (value) => value,
  }
}

const FIRST_MILLISECOND = 1e11
/** The end of the year 9999. */
export const LAST_MILLISECOND = 253_402_300_799_999

/** A moment in seconds since the epoch (RFC 7519 NumericDate). Ours to read and write in milliseconds. */
export function seconds(claim: string): Field<number> {
  return {
    claim,
    read: (raw) =>
      isMoment(raw) && raw < FIRST_MILLISECOND
        ? Math.round(raw * 1000)
        : refuse(claim, 'is not a time in seconds'),
    write: (ms) => Math.floor(ms / 1000),
  }
}

/** A moment in milliseconds since the epoch. */
export function millis(claim: string): Field<number> {
  return {
    claim,
    read: (raw) =>
      isMoment(raw) && raw >= FIRST_MILLISECOND && raw <= LAST_MILLISECOND
        ? raw
        : refuse(claim, 'is not a time in milliseconds'),
    write: (ms) => Math.floor(ms),
  }
}

/** Absent and `null` both read as `null`; nothing is written for it. */
export function optional<Out, In>(field: Field<Out, In>): Field<Out | null, Maybe<In>> {
  return {
    claim: field.claim,
    read: (raw) => (raw === undefined || raw === null ? null : field.read(raw)),
    write: (value) => (value === undefined || value === null ? undefined : field.write(value)),
  }
}

/** As `optional`, but written as `null`. */
export function nullable<Out, In>(field: Field<Out, In>): Field<Out | null, Maybe<In>> {
  const inner = optional(field)
  return { ...inner, write: (value) => inner.write(value) ?? null }
}

/** May be absent, but where it is there it must be right: `null` is refused. */
export function omissible<Out, In>(field: Field<Out, In>): Field<Out | null, Maybe<In>> {
  return {
    ...optional(field),
    read: (raw) => (raw === undefined ? null : field.read(raw)),
  }
}

/** For what a session must know of its user: a user without it counts as nobody signed in. */
export function sessionIdentity<Out, In>(field: Field<Out, In>): Field<Out, Maybe<In>> {
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

/** Reads a claim that another field writes. */
export function sameAs<Out>(field: Field<Out, never>): Field<Out, unknown> {
  return { claim: field.claim, read: (raw) => field.read(raw), write: () => undefined }
}

/** For what this scheme has no claim for. */
export const absent: Field<null, unknown> = { claim: '', read: () => null, write: () => undefined }

function isText(raw: unknown, max: number): raw is string {
  return typeof raw === 'string' && raw.length <= max && !CONTROL.test(raw)
}

function isMoment(raw: unknown): raw is number {
  return typeof raw === 'number' && Number.isFinite(raw) && raw >= 0
}

function refuse(claim: string, rule: string): never {
  throw new Rejection('claims_invalid', `"${claim}" ${rule}`)
}
