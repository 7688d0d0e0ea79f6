import { LIMITS } from '@countersign/core'
import { rows, type Recipe } from './defect'

/** One more member after the valid ones, as it is written. */
const member = (text: string): Recipe => ({ json: (json) => `${json.slice(0, -1)},${text}}` })

const DEEP = `"x":${'['.repeat(LIMITS.depth)}${']'.repeat(LIMITS.depth)}`

export const jsonRows = {
  ...rows('token_malformed', 'a broken promise', {
    notJson: ['of signed text that is not JSON', { json: () => 'not json' }],
    arrayPayload: ['of a signed list instead of an object', { json: (json) => `[${json}]` }],
    nullPayload: ['of a signed `null` instead of an object', { json: () => 'null' }],
  }),
  ...rows('token_malformed', 'strictness', {
    duplicateMember: ['with a member twice', { json: (it) => `{${first(it)},${it.slice(1)}` }],
    bom: ['with a byte order mark', { json: (json) => `\uFEFF${json}` }],
    invalidUtf8: [
      'with a byte that is not UTF-8',
      { json: (json) => Buffer.from(`${json.slice(0, -1)},"x":"\xFF"}`, 'latin1') },
    ],
    escapedDuplicateMember: [
      'with a member twice, once with an escaped name',
      { json: (json) => `{${escapedName(first(json))},${json.slice(1)}` },
    ],
    nestedDuplicateMember: ['with a nested member twice', member('"x":{"a":1,"a":2}')],
    protoMember: ['with a member `__proto__`', member('"__proto__":{}')],
    nestedProtoMember: ['with a nested member `__proto__`', member('"x":{"__proto__":{}}')],
    utf16: ['in UTF-16', { json: (json) => Buffer.from(json, 'utf16le') }],
    loneSurrogate: ['with half of a surrogate pair', member('"x":"\\ud800"')],
    trailingGarbage: ['with text after its JSON', { json: (json) => `${json}{}` }],
    trailingComma: ['with a trailing comma', { json: (json) => `${json.slice(0, -1)},}` }],
    singleQuotes: ['with single quotes', { json: (json) => json.replaceAll('"', "'") }],
    comment: ['with a comment in its JSON', { json: (json) => `${json}/**/` }],
    notANumber: ['with a member that is `NaN`', member('"x":NaN')],
    tooDeep: ['that is nested too deep', member(DEEP)],
    tooManyMembers: ['with too many members', { json: withTooManyMembers }],
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
