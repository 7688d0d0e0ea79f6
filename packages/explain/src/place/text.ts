import { LIMITS, MAC_LENGTH } from '@countersign/core'
import { apartText } from '../apart/apart'
import type { Note } from '../causes'
import type { Context } from '../context'
import { fieldsOf, jsonStrings, pairs, valuesOf, type Entry, type Sent } from '../given/sent'
import { cut } from '../given/text'
import { entryOf, type Located } from './entry'

/** What was found in one place; `null` for a place without a value, and for no place. */
interface Piece {
  readonly value: string | null
  readonly place: string | null
}

/** Names that a parameter with a credential has in this field. */
const USUAL_NAMES =
  /^(?:amp;)?(?:token|sig|signature|jwt|sso|auth|auth_token|access_token|id_token|payload|hash|data)$/i

/** Finds a credential of one piece where it should be, or else where it should not be. */
export function findText(sent: Sent, context: Context, note: Note): Located {
  const { parameters, places } = context.portal.scheme.carrier
  const place = places[0] ?? ''
  const wanted = parameters.length > 0 ? parameters.map((name) => `?${name}`) : [place]
  const pieces = sent.alone
    ? [{ value: sent.alone, place }]
    : wanted.map((each) => pieceIn(sent, each, context, note))
  const missing = wanted.filter((_, index) => pieces[index]?.place === null).map(shown)
  if (missing.length > 0) note('missing', sent.text, { place: missing.join(' and ') })
  const [first, second] = pieces.map(({ value }) => value)
  if (!first && !second) return { place: pieces[0]?.place ?? null, ways: [] }
  const value = second === undefined ? (first ?? '') : `${first ?? ''}.${second ?? ''}`
  const length = `${value.length} characters`
  const facts = { name: 'credential', length, limit: String(LIMITS.credential) }
  if (value.length > LIMITS.credential) note('too-long', value, facts)
  return { place: pieces[0]?.place ?? place, ways: apartText(value, context) }
}

/** @param place `?name` for a parameter, `form name` for a field of a form */
function pieceIn(sent: Sent, place: string, context: Context, note: Note): Piece {
  const name = place.replace(/^(?:\?|form )/, '')
  const isField = place !== `?${name}`
  const bearer = context.bearer ? bearerOf(sent) : undefined
  const entries = isField ? fieldsOf(sent.body) : sent.parameters
  const isSent = entries.some((each) => each.name === name && each.value.length > 0)
  if (bearer) {
    const { problem, value, at } = bearer
    if (problem) note(problem, at, { name: 'The header "authorization"' })
    if (!isSent) return { value, place: 'authorization' }
    note('in-several-places', at, { places: `${place} and \`Authorization\`` })
  }
  const entry = entryOf(entries, name, isField ? 'field' : 'parameter', note)
  if (entry) return { value: entry.value && wellEncoded(entry, context, note), place }
  return misplacedIn(sent, name, shown(place), note) ?? { value: null, place: null }
}

function shown(place: string): string {
  return place.replace(/^form (.*)$/, 'the field "$1" of a form')
}

/** The value without what is not percent-encoded UTF-8. The bytes of a binary signature are kept. */
function wellEncoded({ value, pair }: Entry, { portal }: Context, note: Note): string {
  if (isUtf8(pair)) return value
  const rest = value.replaceAll(/[\u0080-\u00FF]+|%/g, '')
  const last = rest.slice(rest.lastIndexOf('.') + 1)
  const wanted = portal.scheme.codec.signature.encode(new Uint8Array(MAC_LENGTH))
  if (last.length === wanted.length) {
    note('percent-encoding-broken', pair)
    return rest
  }
  const [, raw = pair] = cut(pair, '=')
  return raw.replaceAll(/%[0-9A-Fa-f]{2}/g, (byte) => {
    return String.fromCharCode(Number.parseInt(byte.slice(1), 16))
  })
}

function isUtf8(encoded: string): boolean {
  try {
    return typeof decodeURIComponent(encoded) === 'string'
  } catch {
    return false
  }
}

/** What `Authorization: Bearer …` contains; `undefined` where there is no such header. */
function bearerOf(sent: Sent) {
  const values = valuesOf(sent.headers, 'authorization')
  const [first, second] = values.filter((each) => /^bearer(?: |$)/i.test(each))
  if (!first) return undefined
  const [value, rest] = first.slice(6).trim().split(' ')
  const isMalformed = rest !== undefined || !value?.length
  const problem = second ? 'repeated' : isMalformed ? 'bearer-malformed' : null
  return { value: value?.length ? value : null, at: second ?? first, problem } as const
}

/** Under another name or in another place: another parameter, a header, the fragment, the body. */
function misplacedIn(sent: Sent, name: string, wanted: string, note: Note): Piece | undefined {
  const isAlike = ({ name: each, value }: Entry): boolean =>
    value.length > 0 && (USUAL_NAMES.test(each) || each.toLowerCase() === name.toLowerCase())
  const misnamed = sent.parameters.find(isAlike)
  if (misnamed) {
    const isEscaped = misnamed.name.startsWith('amp;')
    const facts = { sent: isEscaped ? '&amp;' : misnamed.name, name }
    const [{ length }] = cut(misnamed.pair, '=')
    note(isEscaped ? 'html-escaped' : 'parameter-name', [misnamed.pair, 0, length], facts)
    return { value: misnamed.value, place: `?${misnamed.name}` }
  }
  const bearer = bearerOf(sent)
  const hidden = pairs(sent.fragment).find(isAlike)
  const inBody = [...jsonStrings(sent.body), ...fieldsOf(sent.body)].find(isAlike)
  const places = [
    [IN_HEADER, 'authorization', bearer?.value, bearer?.at],
    [IN_FRAGMENT, `#${hidden?.name}`, hidden?.value, hidden?.pair],
    ['in the body of the request', 'body', inBody?.value, inBody?.value],
  ] as const
  for (const [where, place, value, at] of places) {
    if (!value || !at) continue
    note('misplaced', at, { sent: where, place: wanted })
    return { value, place }
  }
  return undefined
}

const IN_HEADER = 'in the `Authorization` header, which is read where the guard has `bearer` set'
const IN_FRAGMENT = 'behind the "#" of the URL, which browsers do not send to the server'
