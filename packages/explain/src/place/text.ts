import { MAC_LENGTH } from '@countersign/core'
import { found, some } from '../causes'
import type { Context } from '../context'
import { jsonStrings } from '../given/json-strings'
import { Piece } from '../given/piece'
import { formValue, pairs, valuesOf, type Parameter, type Sent } from '../given/sent'
import { parameterIn, type Located } from './located'

/** Names that a parameter with a credential has in this field. */
const USUAL_NAMES =
  /^(?:amp;)?(?:token|sig|signature|jwt|sso|auth|auth_token|access_token|id_token|payload|hash|data)$/i

/** Finds a credential of one piece where it should be, or else where it should not be. */
export function findText(sent: Sent, context: Context): Located<Piece> {
  const { parameters, places } = context.portal.scheme.carrier
  const place = places[0] ?? ''
  if (sent.alone) return { value: sent.alone, place, found: [] }
  const [first, second] = parameters
  if (first === undefined) return outsideQuery(sent, place)
  const text = inParameter(sent, first, context)
  if (second === undefined) return text
  const signature = inParameter(sent, second, context)
  const nothing = Piece.absent('')
  const dot = Piece.absent('.', text.value?.range)
  const value = (text.value ?? nothing).concat(dot).concat(signature.value ?? nothing)
  const isFound = text.value !== null || signature.value !== null
  return { value: isFound ? value : null, place, found: [...text.found, ...signature.found] }
}

function inParameter(sent: Sent, name: string, context: Context): Located<Piece> {
  const { parameter, found: problems } = parameterIn(sent, name)
  const bearer = context.bearer ? bearerOf(sent) : undefined
  if (!parameter) return bearer ?? elsewhere(sent, name, problems)
  const { value, isBroken } = wellEncoded(parameter, context)
  const places = `?${name} and \`Authorization\``
  const more = some(
    bearer && found('in-several-places', bearer.range, { places }),
    isBroken && found('percent-encoding-broken', value.range),
  )
  return { value, place: `?${name}`, found: [...problems, ...more] }
}

/** The value without what is not percent-encoded UTF-8. The bytes of a binary signature are kept. */
function wellEncoded({ value, pair }: Parameter, { portal }: Context) {
  if (isUtf8(pair.text)) return { value, isBroken: false }
  const rest = value.rewrite(/[\u0080-\u00FF]+|%/g, () => '')
  const last = rest.text.slice(rest.text.lastIndexOf('.') + 1)
  const wanted = portal.scheme.codec.signature.encode(new Uint8Array(MAC_LENGTH))
  if (last.length === wanted.length) return { value: rest, isBroken: true }
  const [, raw = pair] = pair.cut('=')
  const latin1 = raw.rewrite(/%[0-9A-Fa-f]{2}/g, (byte) => {
    return String.fromCharCode(Number.parseInt(byte.slice(1), 16))
  })
  return { value: latin1, isBroken: false }
}

function isUtf8(encoded: string): boolean {
  try {
    return typeof decodeURIComponent(encoded) === 'string'
  } catch {
    return false
  }
}

/** What `Authorization: Bearer …` contains; `undefined` where there is no such header. */
function bearerOf(sent: Sent): (Located<Piece> & Pick<Piece, 'range'>) | undefined {
  const values = valuesOf(sent.headers, 'authorization')
  const [first, second] = values.filter(({ text }) => /^bearer(?: |$)/i.test(text))
  if (!first) return undefined
  const { range } = first
  const [value, rest] = first.slice(6).trim().split(' ')
  const isMalformed = rest !== undefined || !value?.length
  const problems = some(
    second && found('header-repeated', second.range, { name: 'authorization' }),
    !second && isMalformed && found('bearer-malformed', range),
  )
  return { value: value?.length ? value : null, place: 'authorization', found: problems, range }
}

/** For a scheme that sends its credential in a field of a form, or in a header. */
function outsideQuery(sent: Sent, place: string): Located<Piece> {
  const [, field] = /^form (.+)$/.exec(place) ?? []
  const name = field ?? place
  const fields = pairs(sent.body).filter((each) => each.name === name)
  const isHeader = field === undefined
  const headers = isHeader ? valuesOf(sent.headers, name.toLowerCase()) : []
  const [first, second] = [...headers, ...fields.map(formValue)]
  if (first?.length) {
    const problem = second && found('header-repeated', second.range, { name })
    return { value: first, place, found: some(problem) }
  }
  const missing = found(isHeader ? 'header-missing' : 'field-missing', sent.body.range, { name })
  const misplaced = isHeader ? undefined : inParameterOrBody(sent, name, place)
  return misplaced ?? { value: null, place: null, found: [missing] }
}

/** The credential under another name or in another place, or none at all. */
function elsewhere(sent: Sent, name: string, empty: Located<Piece>['found']): Located<Piece> {
  const place = `?${name}`
  if (empty.length > 0) return { value: null, place, found: empty }
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
function inParameterOrBody(sent: Sent, name: string, place: string): Located<Piece> | undefined {
  const misnamed = sent.parameters.find((each) => isNamedLike(each, name))
  if (misnamed) {
    const { range } = misnamed.pair.cut('=')[0]
    const problem = misnamed.name.startsWith('amp;')
      ? found('html-escaped', range, { sent: '&amp;' })
      : found('parameter-name', range, { sent: misnamed.name, name })
    return { value: misnamed.value, place: `?${misnamed.name}`, found: [problem] }
  }
  const json = [...(jsonStrings(sent.body) ?? [])].find(([member]) => USUAL_NAMES.test(member))?.[1]
  const field = pairs(sent.body).find((each) => isNamedLike(each, name))
  const value = json ?? (field && formValue(field))
  return value && { value, place: 'body', found: [found('in-body', value.range, { place })] }
}
