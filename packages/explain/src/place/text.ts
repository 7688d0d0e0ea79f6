import { MAC_LENGTH, type Codec } from '@countersign/core'
import { found, type Found } from '../causes'
import type { Context } from '../context'
import { latin1Decoded, type Piece } from '../given/piece'
import { valuesOf, type Parameter, type Sent } from '../given/sent'
import { formValue, pairs } from '../given/url'
import { jsonStrings } from '../given/json-strings'

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
export function findText(sent: Sent, { portal, bearer }: Context): TextPlace {
  const name = portal.scheme.carrier.parameters[0]
  if (name === undefined) return inHeader(sent, portal.scheme.carrier.places[0] ?? '')
  const own = sent.parameters.filter((each) => each.name === name)
  const listed = sent.parameters.filter((each) => each.name.startsWith(`${name}[`))
  const bearers = bearer ? bearerOf(sent) : undefined
  const chosen = own.find((each) => each.value.length > 0) ?? listed[0]
  if (chosen === undefined) return bearers ?? elsewhere(sent, name, own[0])
  const { value, found: spelling } = wellEncoded(chosen, portal.scheme.codec)
  const problems = [
    ...repeated(own, listed, name),
    ...(bearers ? [found('in-several-places', bearers.range, severalPlaces(name))] : []),
    ...spelling,
  ]
  return { value, place: `?${name}`, found: problems }
}

/** The value without what is not percent-encoded UTF-8. The bytes of a binary signature are kept. */
function wellEncoded(
  { value, pair }: Parameter,
  { signature }: Codec<unknown>,
): { readonly value: Piece; readonly found: readonly Found[] } {
  if (isUtf8(pair.text)) return { value, found: [] }
  const rest = value.rewrite(/[\u0080-\u00FF]+|%/g, () => '')
  const last = rest.text.slice(rest.text.lastIndexOf('.') + 1)
  const isWhole = last.length === signature.encode(new Uint8Array(MAC_LENGTH)).length
  if (isWhole) return { value: rest, found: [found('percent-encoding-broken', value.range)] }
  return { value: latin1Decoded(pair).slice(pair.text.indexOf('=') + 1), found: [] }
}

function isUtf8(encoded: string): boolean {
  try {
    return typeof decodeURIComponent(encoded) === 'string'
  } catch {
    return false
  }
}

function severalPlaces(name: string) {
  return { places: `?${name} and \`Authorization\`` }
}

function repeated(
  own: readonly Parameter[],
  listed: readonly Parameter[],
  name: string,
): readonly Found[] {
  const list = listed[0]
  if (list) {
    return [found('parameter-list', list.pair.range, { sent: list.name, name })]
  }
  return own[1] ? [found('parameter-repeated', own[1].pair.range, { name })] : []
}

/** What `Authorization: Bearer …` contains; `undefined` where there is no such header. */
function bearerOf(sent: Sent): (TextPlace & { readonly range: Piece['range'] }) | undefined {
  const values = valuesOf(sent.headers, 'authorization')
  const [first, second] = values.filter(({ text }) => /^bearer(?: |$)/i.test(text))
  if (!first) return undefined
  const { range } = first
  const [value, rest] = first.slice(6).trim().split(' ')
  const problems = second
    ? [found('header-repeated', second.range, { name: 'authorization' })]
    : rest || !value?.length
      ? [found('bearer-malformed', range)]
      : []
  return { value: value?.length ? value : null, place: 'authorization', found: problems, range }
}

/** For a scheme of one's own that sends its credential in a header. */
function inHeader(sent: Sent, name: string): TextPlace {
  const [first, second] = valuesOf(sent.headers, name.toLowerCase())
  if (!first?.length) {
    return { value: null, place: null, found: [found('header-missing', sent.body.range, { name })] }
  }
  const problems = second ? [found('header-repeated', second.range, { name })] : []
  return { value: first, place: name, found: problems }
}

/** The credential under another name or in another place, or none at all. */
function elsewhere(sent: Sent, name: string, empty: Parameter | undefined): TextPlace {
  const place = `?${name}`
  if (empty) {
    return { value: null, place, found: [found('parameter-empty', empty.pair.range, { name })] }
  }
  const misnamed = sent.parameters.find((each) => isNamedLike(each, name))
  if (misnamed) {
    const { pair, value } = misnamed
    const nameRange = pair.rangeOf(0, Math.max(0, pair.text.indexOf('=')))
    const id = misnamed.name.startsWith('amp;') ? 'html-escaped' : 'parameter-name'
    const facts = { sent: id === 'html-escaped' ? '&amp;' : misnamed.name, name }
    return { value, place: `?${misnamed.name}`, found: [found(id, nameRange, facts)] }
  }
  const authorization = bearerOf(sent)
  if (authorization?.value) {
    const problem = found('in-authorization', authorization.range, { place })
    return { ...authorization, found: [problem] }
  }
  const hidden = sent.fragment && pairs(sent.fragment).find((each) => isNamedLike(each, name))
  if (hidden) {
    const { value, pair } = hidden
    return { value, place: `#${hidden.name}`, found: [found('in-fragment', pair.range)] }
  }
  return inBody(sent, name) ?? nowhere(sent, place)
}

function nowhere(sent: Sent, place: string): TextPlace {
  return { value: null, place: null, found: [found('missing', [0, sent.text.length], { place })] }
}

function isNamedLike({ name, value }: Parameter, wanted: string): boolean {
  const isUsual = USUAL_NAMES.test(name) || name.toLowerCase() === wanted.toLowerCase()
  return isUsual && value.length > 0
}

/** The credential as a member of a JSON body or as a field of a form. */
function inBody({ body }: Sent, name: string): TextPlace | undefined {
  const value = inJson(body) ?? inForm(body, name)
  if (!value) return undefined
  return { value, place: 'body', found: [found('in-body', value.range, { place: `?${name}` })] }
}

function inForm(body: Piece, name: string): Piece | undefined {
  const field = pairs(body).find((each) => isNamedLike(each, name))
  return field && formValue(field)
}

function inJson(body: Piece): Piece | undefined {
  try {
    JSON.parse(body.text)
  } catch {
    return undefined
  }
  return [...jsonStrings(body)].find(([member]) => USUAL_NAMES.test(member))?.[1]
}
