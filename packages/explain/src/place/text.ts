import { MAC_LENGTH } from '@countersign/core'
import type { Note } from '../causes'
import type { Context } from '../context'
import { fieldsOf, jsonStrings, pairs, valuesOf, type Entry, type Sent } from '../given/sent'
import { cut } from '../given/text'
import { parameterIn } from './parameter'

/** Where a credential of one piece was found; `null` for nowhere. */
interface Located {
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
  if (sent.alone !== undefined) return { value: sent.alone, place }
  const [text, signature] = parameters.map((name) => inParameter(sent, name, context, note))
  if (!text) return outsideQuery(sent, place, note)
  if (!signature) return text
  if (!text.value && !signature.value) return { value: null, place }
  return { value: `${text.value ?? ''}.${signature.value ?? ''}`, place }
}

function inParameter(sent: Sent, name: string, context: Context, note: Note): Located {
  const bearer = context.bearer ? bearerOf(sent) : undefined
  const place = `?${name}`
  if (bearer) {
    const { problem, value, at } = bearer
    if (problem) note(problem, at, { name: 'The header "authorization"' })
    const isSent = sent.parameters.some((each) => each.name === name && each.value.length > 0)
    if (!isSent) return { value, place: 'authorization' }
    note('in-several-places', at, { places: `${place} and \`Authorization\`` })
  }
  const parameter = parameterIn(sent, name, note)
  if (!parameter) {
    const misplaced = misplacedIn(sent, name, place, note)
    if (!misplaced) note('missing', sent.text, { place })
    return misplaced ?? { value: null, place: null }
  }
  return { value: parameter.value !== '' ? wellEncoded(parameter, context, note) : null, place }
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

/** For a scheme that sends its credential in a field of a form, or in a header. */
function outsideQuery(sent: Sent, place: string, note: Note): Located {
  const [, field] = /^form (.+)$/.exec(place) ?? []
  const name = field ?? place
  const entries = field === undefined ? sent.headers : fieldsOf(sent.body)
  const [first, second] = valuesOf(entries, name)
  const facts = { name: `The ${field === undefined ? 'header' : 'field'} "${name}"` }
  if (second) note('repeated', second, facts)
  if (first?.length) return { value: first, place }
  const misplaced = field === undefined ? undefined : misplacedIn(sent, name, place, note)
  if (!misplaced) note('part-missing', sent.body, facts)
  return misplaced ?? { value: null, place: null }
}

/** Under another name or in another place: another parameter, a header, the fragment, the body. */
function misplacedIn(sent: Sent, name: string, wanted: string, note: Note): Located | undefined {
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
    ['in-authorization', 'authorization', bearer?.value, bearer?.at],
    ['in-fragment', `#${hidden?.name}`, hidden?.value, hidden?.pair],
    ['in-body', 'body', inBody?.value, inBody?.value],
  ] as const
  for (const [id, place, value, at] of places) {
    if (!value || !at) continue
    note(id, at, { place: wanted })
    return { value, place }
  }
  return undefined
}
