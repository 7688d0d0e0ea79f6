import { MAC_LENGTH } from '@countersign/core'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import { jsonStrings } from '../given/json-strings'
import { Piece } from '../given/piece'
import { formValue, pairs, valuesOf, type Parameter, type Sent } from '../given/sent'

/** Where a credential of one piece was found. */
export interface TextPlace {
  /** `null` where none was found. */
  readonly value: Piece | null
  readonly place: string | null
  readonly found: readonly Found[]
}

/** Names that a parameter with a credential has in this field. */
const USUAL_NAMES =
  /^(?:amp;)?(?:token|sig|signature|jwt|sso|auth|auth_token|access_token|id_token|payload|hash|data)$/i

/** Finds a credential where it should be, or else where it should not be. */
export function findText(sent: Sent, context: Context): TextPlace {
  const { parameters, places } = context.portal.scheme.carrier
  const place = places[0] ?? ''
  if (sent.alone) return { value: sent.alone, place, found: [] }
  const [first, second] = parameters
  if (first === undefined) return outsideQuery(sent, place)
  if (second === undefined) return inParameter(sent, first, context)
  const text = inParameter(sent, first, context)
  const signature = inParameter(sent, second, context)
  const value = Piece.absent('.', text.value?.range).concat(signature.value ?? Piece.absent(''))
  const isFound = text.value !== null || signature.value !== null
  const problems = [...text.found, ...signature.found]
  return { value: isFound ? (text.value?.concat(value) ?? value) : null, place, found: problems }
}

function inParameter(sent: Sent, name: string, context: Context): TextPlace {
  const own = sent.parameters.filter((each) => each.name === name)
  const listed = sent.parameters.find((each) => each.name.startsWith(`${name}[`))
  const bearer = context.bearer ? bearerOf(sent) : undefined
  const chosen = own.find((each) => each.value.length > 0) ?? listed
  if (!chosen) return bearer ?? elsewhere(sent, name, own[0])
  const { value, found: spelling } = wellEncoded(chosen, context)
  const places = `?${name} and \`Authorization\``
  return {
    value,
    place: `?${name}`,
    found: [
      ...(listed ? [found('parameter-list', listed.pair.range, { sent: listed.name, name })] : []),
      ...(own[1] && !listed ? [found('parameter-repeated', own[1].pair.range, { name })] : []),
      ...(bearer ? [found('in-several-places', bearer.range, { places })] : []),
      ...spelling,
    ],
  }
}

/** The value without what is not percent-encoded UTF-8. The bytes of a binary signature are kept. */
function wellEncoded({ value, pair }: Parameter, { portal }: Context): Omit<TextPlace, 'place'> {
  if (isUtf8(pair.text)) return { value, found: [] }
  const rest = value.rewrite(/[\u0080-\u00FF]+|%/g, () => '')
  const last = rest.text.slice(rest.text.lastIndexOf('.') + 1)
  const wanted = portal.scheme.codec.signature.encode(new Uint8Array(MAC_LENGTH))
  if (last.length === wanted.length) {
    return { value: rest, found: [found('percent-encoding-broken', value.range)] }
  }
  const latin1 = pair.slice(pair.text.indexOf('=') + 1).rewrite(/%[0-9A-Fa-f]{2}/g, (byte) => {
    return String.fromCharCode(Number.parseInt(byte.slice(1), 16))
  })
  return { value: latin1, found: [] }
}

function isUtf8(encoded: string): boolean {
  try {
    return typeof decodeURIComponent(encoded) === 'string'
  } catch {
    return false
  }
}

/** What `Authorization: Bearer …` contains; `undefined` where there is no such header. */
function bearerOf(sent: Sent): (TextPlace & Pick<Piece, 'range'>) | undefined {
  const values = valuesOf(sent.headers, 'authorization')
  const [first, second] = values.filter(({ text }) => /^bearer(?: |$)/i.test(text))
  if (!first) return undefined
  const { range } = first
  const [value, rest] = first.slice(6).trim().split(' ')
  const isMalformed = rest !== undefined || !value?.length
  const problems = second
    ? [found('header-repeated', second.range, { name: 'authorization' })]
    : isMalformed
      ? [found('bearer-malformed', range)]
      : []
  return { value: value?.length ? value : null, place: 'authorization', found: problems, range }
}

/** For a scheme that sends its credential in a field of a form, or in a header. */
function outsideQuery(sent: Sent, place: string): TextPlace {
  const [, field] = /^form (.+)$/.exec(place) ?? []
  const name = field ?? place
  const values =
    field === undefined
      ? valuesOf(sent.headers, name.toLowerCase())
      : pairs(sent.body).flatMap((each) => (each.name === name ? [formValue(each)] : []))
  const [first, second] = values
  const kind = field === undefined ? 'header' : 'field'
  if (!first?.length) {
    const misplaced = field === undefined ? undefined : inParameterOrBody(sent, name, place)
    const missing = found(`${kind}-missing`, sent.body.range, { name })
    return misplaced ?? { value: null, place: null, found: [missing] }
  }
  const problems = second ? [found('header-repeated', second.range, { name })] : []
  return { value: first, place, found: problems }
}

/** The credential under another name or in another place, or none at all. */
function elsewhere(sent: Sent, name: string, empty: Parameter | undefined): TextPlace {
  const place = `?${name}`
  if (empty) {
    return { value: null, place, found: [found('parameter-empty', empty.pair.range, { name })] }
  }
  const authorization = bearerOf(sent)
  const hidden = sent.fragment && pairs(sent.fragment).find((each) => isNamedLike(each, name))
  const isMisnamed = sent.parameters.some((each) => isNamedLike(each, name))
  if (!isMisnamed && authorization?.value) {
    return { ...authorization, found: [found('in-authorization', authorization.range, { place })] }
  }
  if (!isMisnamed && hidden) {
    const problem = found('in-fragment', hidden.pair.range)
    return { value: hidden.value, place: `#${hidden.name}`, found: [problem] }
  }
  const missing = found('missing', [0, sent.text.length], { place })
  return inParameterOrBody(sent, name, place) ?? { value: null, place: null, found: [missing] }
}

function isNamedLike({ name, value }: Parameter, wanted: string): boolean {
  const isUsual = USUAL_NAMES.test(name) || name.toLowerCase() === wanted.toLowerCase()
  return isUsual && value.length > 0
}

/** In a parameter of another name, as a member of a JSON body, or as a field of a form. */
function inParameterOrBody(sent: Sent, name: string, place: string): TextPlace | undefined {
  const misnamed = sent.parameters.find((each) => isNamedLike(each, name))
  if (misnamed) {
    const { pair, value } = misnamed
    const range = pair.rangeOf(0, Math.max(0, pair.text.indexOf('=')))
    const isEscaped = misnamed.name.startsWith('amp;')
    const facts = { sent: isEscaped ? '&amp;' : misnamed.name, name }
    const problem = found(isEscaped ? 'html-escaped' : 'parameter-name', range, facts)
    return { value, place: `?${misnamed.name}`, found: [problem] }
  }
  const json = [...(jsonStrings(sent.body) ?? [])].find(([member]) => USUAL_NAMES.test(member))?.[1]
  const field = pairs(sent.body).find((each) => isNamedLike(each, name))
  const value = json ?? (field && formValue(field))
  return value && { value, place: 'body', found: [found('in-body', value.range, { place })] }
}
