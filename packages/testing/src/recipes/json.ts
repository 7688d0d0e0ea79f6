import { isUtf8 } from 'node:buffer'
import { LIMITS } from '@countersign/core'
import { goodJson, isKnown, signBytes } from './craft'
import type { Recipe, Recipes } from './recipe'

/** Other bytes, signed as though they were the claims. */
const signedAs = (write: (json: string) => string | Uint8Array): Recipe => ({
  needs: isKnown,
  how(bench) {
    const bytes = Buffer.from(write(goodJson(bench)) as string) // or bytes
    const { message } = bench.anatomy
    const place = message && !isUtf8(bytes) ? bench.placeAsUsual : bench.place // no text can hold it
    return place(signBytes(bench, bytes))
  },
})

/** One more member behind the right ones, as it is written. */
const withMember = (member: string): Recipe => signedAs((json) => `${json.slice(0, -1)},${member}}`)

/** The object of the claims is a level, too. */
const LEVELS = LIMITS.depth

export const jsonDefects: Recipes<'json'> = {
  notJson: signedAs(() => 'not json'),
  arrayPayload: signedAs((json) => `[${json}]`),
  textPayload: signedAs(() => '"someone"'),
  numberPayload: signedAs(() => '42'),
  nullPayload: signedAs(() => 'null'),
  trailingGarbage: signedAs((json) => `${json}{}`),
  trailingComma: signedAs((json) => `${json.slice(0, -1)},}`),
  singleQuotes: signedAs((json) => json.replaceAll('"', "'")),
  comment: signedAs((json) => `${json}/**/`),
  notANumber: withMember('"x":NaN'),
  duplicateMember: signedAs((json) => `{${firstMember(json)},${json.slice(1)}`),
  escapedDuplicateMember: signedAs((json) => `{${escapedName(firstMember(json))},${json.slice(1)}`),
  nestedDuplicateMember: withMember('"x":{"a":1,"a":2}'),
  protoMember: withMember('"__proto__":{}'),
  nestedProtoMember: withMember('"x":{"__proto__":{}}'),
  loneSurrogate: withMember('"x":"\\ud800"'),
  bom: signedAs((json) => `\uFEFF${json}`),
  invalidUtf8: signedAs((json) => withString(json, [0xff])),
  overlongUtf8: signedAs((json) => withString(json, [0xc0, 0xaf])),
  utf16: signedAs((json) => Buffer.from(json, 'utf16le')),
  tooDeep: withMember(`"x":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`),
  tooManyMembers: signedAs((json) => {
    const own = Object.keys(JSON.parse(json) as object).length
    const length = LIMITS.members + 1 - own
    const more = Array.from({ length }, (_, index) => `"x${index}":0`)
    return `${json.slice(0, -1)},${more.join()}}`
  }),
}

/** `"name":value`, as it stands. */
function firstMember(json: string): string {
  const [[name, value] = ['x', 0]] = Object.entries(JSON.parse(json) as object)
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`
}

/** Its name with the first character as an escape. */
function escapedName(member: string): string {
  const code = member.charCodeAt(1).toString(16).padStart(4, '0')
  return `"\\u${code}${member.slice(2)}`
}

/** One more member, whose value is not text. */
function withString(json: string, bytes: readonly number[]): Buffer {
  const [start, end] = [`${json.slice(0, -1)},"x":"`, '"}']
  return Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(end)])
}
