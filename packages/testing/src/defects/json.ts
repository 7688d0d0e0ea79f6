import { isUtf8 } from 'node:buffer'
import { LIMITS } from '@countersign/core'
import { isKnown, isMessage } from '../minting/format'
import { rows, type Recipe } from './defect'
import { signBytes, validJson } from './pieces'

/** Other bytes, signed as though they were the claims. */
const signed = (write: (json: string) => string | Uint8Array): Recipe => ({
  needs: isKnown,
  make(material) {
    const bytes = Buffer.from(write(validJson(material)) as string) // or bytes
    const isPlaceable = !isMessage(material.portal) || isUtf8(bytes) // the parameter holds only text
    return (isPlaceable ? material.place : material.placeAsUsual)(signBytes(material, bytes))
  },
})

/** One more member after the valid ones, as it is written. */
const member = (text: string): Recipe => signed((json) => `${json.slice(0, -1)},${text}}`)

/** One more member, whose value is not text. */
const bytes = (...value: readonly number[]): Recipe =>
  signed((json) =>
    Buffer.concat([
      Buffer.from(`${json.slice(0, -1)},"x":"`),
      Buffer.from(value),
      Buffer.from('"}'),
    ]),
  )

const DEEP = `"x":${'['.repeat(LIMITS.depth)}${']'.repeat(LIMITS.depth)}`

export const jsonRows = {
  ...rows('token_malformed', 'a broken promise', {
    notJson: ['of signed text that is not JSON', signed(() => 'not json')],
    arrayPayload: ['of a signed list instead of an object', signed((json) => `[${json}]`)],
    textPayload: ['of a signed string instead of an object', signed(() => '"someone"')],
    numberPayload: ['of a signed number instead of an object', signed(() => '42')],
    nullPayload: ['of a signed `null` instead of an object', signed(() => 'null')],
  }),
  ...rows('token_malformed', 'strictness', {
    duplicateMember: ['with a member twice', signed((it) => `{${first(it)},${it.slice(1)}`)],
    protoMember: ['with a member `__proto__`', member('"__proto__":{}')],
    bom: ['with a byte order mark', signed((json) => `\uFEFF${json}`)],
    invalidUtf8: ['with a byte that is not UTF-8', bytes(0xff)],
    trailingGarbage: ['with text after its JSON', signed((json) => `${json}{}`)],
    trailingComma: ['with a trailing comma', signed((json) => `${json.slice(0, -1)},}`)],
    singleQuotes: ['with single quotes', signed((json) => json.replaceAll('"', "'"))],
    comment: ['with a comment in its JSON', signed((json) => `${json}/**/`)],
    notANumber: ['with a member that is `NaN`', member('"x":NaN')],
    escapedDuplicateMember: [
      'with a member twice, once with an escaped name',
      signed((json) => `{${escapedName(first(json))},${json.slice(1)}`),
    ],
    nestedDuplicateMember: ['with a nested member twice', member('"x":{"a":1,"a":2}')],
    nestedProtoMember: ['with a nested member `__proto__`', member('"x":{"__proto__":{}}')],
    loneSurrogate: ['with half of a surrogate pair', member('"x":"\\ud800"')],
    overlongUtf8: ['with a slash in two bytes (overlong UTF-8)', bytes(0xc0, 0xaf)],
    utf16: ['in UTF-16', signed((json) => Buffer.from(json, 'utf16le'))],
    tooDeep: ['that is nested too deep', member(DEEP)],
    tooManyMembers: ['with too many members', signed(withTooManyMembers)],
  }),
}

/** The first member, as `"name":value`. */
function first(json: string): string {
  const [[name, value] = ['x', 0]] = Object.entries(JSON.parse(json) as object)
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`
}

/** Its name with the first character as an escape. */
function escapedName(text: string): string {
  const code = text.charCodeAt(1).toString(16).padStart(4, '0')
  return `"\\u${code}${text.slice(2)}`
}

function withTooManyMembers(json: string): string {
  const length = LIMITS.members + 1 - Object.keys(JSON.parse(json) as object).length
  const more = Array.from({ length }, (_, index) => `"x${index}":0`)
  return `${json.slice(0, -1)},${more.join()}}`
}
