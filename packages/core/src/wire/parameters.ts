import { Rejection } from '../rejection'
import type { RequestView } from '../request'
import { decodeUtf8 } from './bytes'
import type { JsonObject } from './json'
import { LIMITS } from './limits'

/** The query of a request target as it was sent, without `?` and without a fragment. */
export function rawQuery(target: string): string {
  const fragment = target.indexOf('#')
  const end = fragment === -1 ? target.length : fragment
  const start = target.indexOf('?')
  return start === -1 || start > end ? '' : target.slice(start + 1, end)
}

/**
 * Reads one parameter of a raw query. Percent-encoding is decoded and a `+` stays a `+`; names are
 * decoded and matched case-sensitively.
 * @returns `undefined` when the parameter is absent or empty
 * @throws Rejection `credential_ambiguous` for a repeated parameter or one with `[…]`,
 *   `token_malformed` for a value that does not decode or is too long
 */
export function readParameter(query: string, name: string): string | undefined {
  let found: string | undefined
  for (let start = 0, end = 0; start < query.length; start = end + 1) {
    const ampersand = query.indexOf('&', start)
    end = ampersand === -1 ? query.length : ampersand
    const pair = query.slice(start, end)
    const equals = pair.indexOf('=')
    if (!isCalled(equals === -1 ? pair : pair.slice(0, equals), name)) continue
    if (found !== undefined)
      throw new Rejection('credential_ambiguous', `"${name}" is sent more than once`)
    found = equals === -1 ? '' : pair.slice(equals + 1)
  }
  return found ? decodeValue(found, name) : undefined
}

/** @throws Rejection `credential_ambiguous` for `name[…]`, which parsers read as lists and objects */
function isCalled(sentName: string, name: string): boolean {
  if (sentName === name) return true
  const decoded = sentName.includes('%') ? (percentDecode(sentName) ?? sentName) : sentName
  if (decoded.startsWith(`${name}[`)) {
    throw new Rejection('credential_ambiguous', `"${name}" is sent as a list or an object`)
  }
  return decoded === name
}

function decodeValue(sent: string, name: string): string {
  const value = sent.length > LIMITS.credential * 3 ? undefined : percentDecode(sent)
  if (value === undefined || value.length > LIMITS.credential) {
    throw new Rejection('token_malformed', `"${name}" is too long or not percent-encoded UTF-8`)
  }
  return value
}

export function isForm(request: RequestView): boolean {
  const type = request.headers('content-type')[0] ?? ''
  return /^application\/x-www-form-urlencoded(?:[;\s]|$)/i.test(type.trim())
}

/**
 * The fields of a form (WHATWG URL section 5).
 * @returns `undefined` when the form is not percent-encoded UTF-8
 * @throws Rejection `credential_ambiguous` for a repeated field
 */
export function readForm(text: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const [name, value] = fieldOf(pair)
    if (name === undefined || value === undefined) return undefined
    if (fields.has(name))
      throw new Rejection('credential_ambiguous', 'a form field is sent more than once')
    fields.set(name, value)
  }
  return fields
}

/**
 * The fields of a form as claims, all of them text.
 * @returns `undefined` where a field is repeated or called `__proto__`, for more than 64 fields, and
 *   for anything but percent-encoded UTF-8
 */
export function parseForm(bytes: Uint8Array): JsonObject | undefined {
  const pairs = decodeUtf8(bytes)?.split('&') ?? []
  const fields: Record<string, string> = {}
  for (const pair of pairs) {
    if (!pair.includes('=')) return undefined
    const [name, value] = fieldOf(pair)
    if (!name || value === undefined || name === '__proto__') return undefined
    if (Object.hasOwn(fields, name)) return undefined
    fields[name] = value
  }
  return pairs.length > 0 && pairs.length <= LIMITS.members ? fields : undefined
}

function fieldOf(pair: string): readonly (string | undefined)[] {
  const [name = '', ...value] = pair.replaceAll('+', ' ').split('=')
  return [percentDecode(name), percentDecode(value.join('='))]
}

function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
