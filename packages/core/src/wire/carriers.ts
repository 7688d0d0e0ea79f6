import { flag, readOptions } from '../options'
import { isRejection, Rejection } from '../rejection'
import type { RequestView } from '../request'
import { LIMITS } from './limits'
import { rawQuery, readParameter } from './parameters'

/** A credential as it arrived. Nothing in it is verified yet. */
export interface Credential<Value> {
  /** Which of the carrier's places held it. */
  readonly place: string
  readonly value: Value
}

/** A result that only the body of the request completes. */
export interface NeedsBody<Result> {
  /**
   * The form fields by which the body is searched for a credential; `null` where the rest of a
   * credential was sent elsewhere.
   */
  readonly fields: readonly string[] | null
  /**
   * Goes on with the body.
   * @param bytes the whole body, plain UTF-8; `null` where a searched body cannot be read
   */
  read(bytes: Uint8Array | null): Result
}

/** What a carrier finds on a request; `undefined` when nothing was sent there. */
export type Reading<Value> =
  Credential<Value> | undefined | NeedsBody<Credential<Value> | undefined>

/** Where the parts of a credential go on an outgoing request. */
export interface Outgoing {
  /** A query, encoded, without its `?`. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The fields of a form that a browser can post in place of headers and body. */
  readonly fields?: Readonly<Record<string, string>>
  /** What a page of the application hands to the portal's script, which sends it. */
  readonly page?: { readonly value: string; readonly identifier?: string }
}

/**
 * Knows where a credential sits on a request, and nothing about what is in it. `Output` is what a
 * signer returns where that is not a `Signed`.
 */
export interface Carrier<Value, Output = unknown> {
  /** What its credentials become when they are signed. @default a URL, or a request */
  readonly output?: 'form' | 'page'
  /** True where a browser can post its credentials as a form, too. */
  readonly posts?: true
  /** Never set. Carries the type of what a signer returns. */
  readonly gives?: Output | undefined
  /** Every place it reads. Two portals that share one must differ in shape. */
  readonly places: readonly string[]
  /** The query parameters among them, for `stripCredential` and `redactUrl`. */
  readonly parameters: readonly string[]
  /**
   * @throws Rejection `credential_ambiguous`, `credential_missing` (a part of it), `token_malformed`
   */
  read(request: RequestView): Reading<Value>
  /** Puts a signed credential on an outgoing request. */
  write(value: Value): Outgoing
}

export function needsBody<Result>(result: Result | NeedsBody<Result>): result is NeedsBody<Result> {
  return typeof result === 'object' && result !== null && 'fields' in result
}

/** Converts a result at once, or when the body has been read. */
export function afterBody<Result, Next>(
  result: Result | NeedsBody<Result>,
  convert: (result: Result) => Next,
): Next | NeedsBody<Next> {
  if (!needsBody(result)) return convert(result)
  return { fields: result.fields, read: (bytes) => convert(result.read(bytes)) }
}

/**
 * A query parameter: `?token=…`.
 * @param options `verbatim` writes the credential without percent-encoding, for alphabets that need
 *   none in a query
 */
export function query(
  name: string,
  options: { readonly verbatim?: boolean } = {},
): Carrier<string> {
  const { verbatim } = readOptions('query()', { verbatim: flag }, options)
  const place = `?${name}`
  return {
    places: [place],
    parameters: [name],
    read(request) {
      const value = readParameter(rawQuery(request.target), name)
      return value === undefined ? undefined : { place, value }
    },
    write: (value) => ({ query: `${name}=${verbatim ? value : encodeURIComponent(value)}` }),
  }
}

/**
 * `Authorization: Bearer …` (RFC 6750 section 2.1). Other auth schemes are ignored. A malformed
 * bearer token is rejected, not treated as missing.
 */
export const bearer: Carrier<string> = {
  places: ['authorization'],
  parameters: [],
  read(request) {
    const values = request.headers('authorization').map(trimmed)
    const bearers = values.filter((value) => /^bearer(?: |$)/i.test(value))
    if (bearers.length === 0) return undefined
    if (values.length > 1) {
      throw new Rejection('credential_ambiguous', '"authorization" is sent more than once')
    }
    const value = /^bearer +([\w.~+/=-]+)$/i.exec(bearers[0] as string)?.[1]
    if (value === undefined || value.length > LIMITS.credential) {
      throw new Rejection('token_malformed', '"authorization" is not one bearer token')
    }
    return { place: 'authorization', value }
  },
  write: (value) => ({ headers: { authorization: `Bearer ${value}` } }),
}

/**
 * The one value of a header, without surrounding white space; `undefined` when absent or empty.
 * @throws Rejection `credential_ambiguous` for a repeated header
 */
export function singleHeader(request: RequestView, name: string): string | undefined {
  const values = request.headers(name)
  if (values.length > 1) {
    throw new Rejection('credential_ambiguous', `"${name}" is sent more than once`)
  }
  return values[0] === undefined ? undefined : trimmed(values[0]) || undefined
}

/**
 * Optional white space around a field value is not part of it (RFC 9110 section 5.6.3). Not a
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

/**
 * Several places for one credential. Two at once are ambiguous; the first is written to, and the
 * first that is a form.
 */
export function oneOf<Value, Output>(
  primary: Carrier<Value, Output>,
  ...others: readonly Carrier<Value>[]
): Carrier<Value, Output> {
  const carriers = [primary, ...others]
  return {
    ...primary,
    ...(carriers.some(({ posts }) => posts) && { posts: true }),
    places: carriers.flatMap(({ places }) => places),
    parameters: carriers.flatMap(({ parameters }) => parameters),
    read: (request) =>
      afterBody(readEach(carriers, request), (all) => all.find((found) => found !== undefined)),
    write(value) {
      const fields = carriers.map((each) => each.write(value).fields).find((each) => each)
      return { ...primary.write(value), ...(fields && { fields }) }
    },
  }
}

/** What each of several carriers found. Carriers of different portals may share a place. */
export type Findings<Value> = readonly (Credential<Value> | undefined)[]

/** A credential was sent in one of these places, and cannot be read. */
interface Broken {
  readonly places: readonly string[]
  readonly error: Rejection
}

/**
 * Reads a request with several carriers. Ambiguity is reported before anything that is wrong with
 * one of the credentials.
 * @returns what each carrier found, in their order
 * @throws Rejection `credential_ambiguous`, or the error where no carrier reads what was sent
 */
export function readEach<Value>(
  carriers: readonly Carrier<Value>[],
  request: RequestView,
): Findings<Value> | NeedsBody<Findings<Value>> {
  const attempts = carriers.map((carrier) => attempt(carrier, () => carrier.read(request)))
  const waiting = attempts.filter((each) => needsBody(each))
  if (waiting.length === 0) return fromOnePlace(attempts as Attempt<Value>[]) // none needs the body
  return {
    fields: waiting.some(({ fields }) => fields === null)
      ? null
      : waiting.flatMap(({ fields }) => fields ?? []),
    read: (bytes) =>
      fromOnePlace(
        attempts.map((each, index) =>
          needsBody(each)
            ? attempt(carriers[index] as Carrier<Value>, () => each.read(bytes))
            : each,
        ),
      ),
  }
}

type Attempt<Value> = Credential<Value> | Broken | undefined

function attempt<Result>(
  { places }: Pick<Carrier<never>, 'places'>,
  read: () => Result,
): Result | Broken {
  try {
    return read()
  } catch (error) {
    const wasSent =
      isRejection(error) && /^(?:credential_missing|token_malformed)$/.test(error.code)
    if (wasSent) return { places, error }
    throw error
  }
}

function fromOnePlace<Value>(attempts: readonly Attempt<Value>[]): Findings<Value> {
  const sent = attempts.filter((each) => each !== undefined)
  if (sent.length > 1) assertOnePlace(sent.map(placesOf))
  const isWhole = sent.some((each) => !('error' in each)) // another portal reads the same place
  return attempts.map((each) => {
    if (each === undefined || !('error' in each)) return each
    if (!isWhole) throw each.error
    return undefined
  })
}

function assertOnePlace(sent: readonly (readonly string[])[]): void {
  const shared = sent[0]?.filter((place) => sent.every((places) => places.includes(place)))
  if (shared?.length !== 0) return
  const all = [...new Set(sent.flat())]
  throw new Rejection('credential_ambiguous', `credentials are sent in ${all.join(' and ')}`)
}

function placesOf<Value>(attempt: Credential<Value> | Broken): readonly string[] {
  return 'error' in attempt ? attempt.places : [attempt.place]
}
