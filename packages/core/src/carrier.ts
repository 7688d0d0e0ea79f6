import type { Awaitable } from './awaitable'
import { MAX_CREDENTIAL, rawQuery, readParameter } from './parameters'
import { Rejection } from './rejection'
import type { RequestView } from './request'

/** A credential as it arrived. Still untrusted. */
export interface Found<Sent> {
  /** Which of a carrier's places held it. */
  readonly place: string
  readonly sent: Sent
}

/** Where the parts of a credential go on an outgoing request. */
export interface Placement {
  /** A query, encoded, without its `?`. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Knows where a credential sits on a request, and nothing about what is in it. */
export interface Carrier<Sent> {
  /** Each place it looks at. Two portals that share one must differ in shape. */
  readonly places: readonly string[]
  /** The query parameters among them: what `stripCredential` takes out of a URL. */
  readonly parameters: readonly string[]
  /**
   * @returns `undefined` when nothing was sent at all
   * @throws Rejection `credential_ambiguous`, `credential_missing` (a part of it), `token_malformed`
   */
  read(request: RequestView): Awaitable<Found<Sent> | undefined>
  write(sent: Sent): Placement
}

export interface QueryOptions {
  /**
   * Write the credential as it is. For alphabets that need no escape in a query.
   * @default false
   */
  readonly verbatim?: boolean
}

/** A query parameter: `?token=…`. */
export function query(name: string, { verbatim = false }: QueryOptions = {}): Carrier<string> {
  const place = `?${name}`
  return {
    places: [place],
    parameters: [name],
    read(request) {
      const sent = readParameter(rawQuery(request.target), name)
      return sent === undefined ? undefined : { place, sent }
    },
    write: (sent) => ({ query: `${name}=${verbatim ? sent : encodeURIComponent(sent)}` }),
  }
}

/**
 * `Authorization: Bearer …` (RFC 6750 section 2.1). Another scheme is no credential of ours; a
 * bearer that does not parse is a bad one, not an absent one.
 */
export const bearer: Carrier<string> = {
  places: ['authorization'],
  parameters: [],
  read(request) {
    const values = request.headers('authorization').map(trimmed)
    const bearers = values.filter((value) => /^bearer(?: |$)/i.test(value))
    if (bearers.length === 0) return undefined
    if (values.length > 1)
      throw new Rejection('credential_ambiguous', 'more than one Authorization')
    const sent = /^bearer +([\w.~+/=-]+)$/i.exec(bearers[0] as string)?.[1]
    if (sent === undefined || sent.length > MAX_CREDENTIAL) {
      throw new Rejection('token_malformed', 'not one bearer token')
    }
    return { place: 'authorization', sent }
  },
  write: (sent) => ({ headers: { authorization: `Bearer ${sent}` } }),
}

/**
 * The one value of a header, without the white space around it; `undefined` when absent or empty.
 * @throws Rejection `credential_ambiguous` when it is there twice
 */
export function singleHeader(request: RequestView, name: string): string | undefined {
  const values = request.headers(name)
  if (values.length > 1) throw new Rejection('credential_ambiguous', `"${name}" is there twice`)
  return values[0] === undefined ? undefined : trimmed(values[0]) || undefined
}

/**
 * Optional white space around a field value is no part of it (RFC 9110 section 5.6.3). Not a
 * pattern: one that looks for the end of a run takes the square of its length.
 */
function trimmed(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value[start])) start++
  while (end > start && isBlank(value[end - 1])) end--
  return value.slice(start, end)
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
