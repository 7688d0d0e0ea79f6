import { LIMITS, parseObject } from '@countersign/core'
import fc from 'fast-check'
import { describeVectors } from '../support/vectors'

const parse = (text: string) => parseObject(Buffer.from(text, 'utf8'))

const nested = (depth: number, leaf = '1') => '{"a":'.repeat(depth) + leaf + '}'.repeat(depth)

const wide = (members: number) =>
  `{${Array.from({ length: members }, (_, index) => `"m${index}":${index}`).join()}}`

describe('the strict JSON parser', () => {
  it.each([
    ['values of every type', '{"a":"b","c":-1.5e3,"d":null,"e":true,"f":[],"g":{}}'],
    ['one name on several levels', '{"a":{"a":{"b":1}},"b":[{"a":1},{"a":2}]}'],
    ['punctuation in its strings', '{"a":"{\\"b\\":[","c}":"]}","d:":"a"}'],
    ['names that objects inherit', '{"constructor":1,"toString":2}'],
    ['eight levels of objects', nested(8)],
    ['eight levels, the last a list', nested(7, '[]')],
    ['64 members', wide(64)],
    ['64 members on two levels', `{"a":${wide(63)}}`],
  ])('accepts an object with %s', (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  it.each([
    ['anything but one object', ['[]', '"a"', '1', 'null', 'true', '', ' ', '{}{}', '{"a":1}x']],
    ['what is not JSON', ['{a:1}', "{'a':1}", '{"a":1,}', '{"a":01}', '{"a":"\n"}']],
    ['a repeated member', ['{"a":1,"a":2}', '{"a":"b","a":"b"}', '{"a":"b","a":1}']],
    ['a repeated member beside objects', ['{"a":{},"a":1}', '{"a":["b"],"a":1}', '{"a":1,"a":{}}']],
    ['a repeated member in another spelling', ['{"a":1,"\\u0061":2}', '{"é":1,"\\u00e9":2}']],
    ['a repeated member in two escapes', ['{"\\n":1,"\\u000A":2}']],
    ['a repeated member further inside', ['{"x":{"a":1,"b":2,"a":3}}', '{"x":[1,{"a":1,"a":2}]}']],
    ['a repeated member on the eighth level', [nested(7, '{"b":1,"b":2}')]],
    ['a repeated member after white space', ['{"a" : 1 , "a"\n:2}', '{"x":{"a" : 1 , "a"\n:2}}']],
    ['a member called __proto__', ['{"__proto__":1}', '{"a":{"__proto__":{}}}']],
    ['half of a surrogate pair', ['{"a":"\\ud800"}', '{"\\udfaa":1}', '{"a":["\\uD83D x"]}']],
    ['a surrogate pair in the wrong order', ['{"a":"\\udc00\\ud800"}']],
    ['nine levels', [nested(9), nested(8, '[]'), nested(1, '['.repeat(8) + ']'.repeat(8))]],
    ['two thousand levels', [nested(2_000)]],
    ['65 members', [wide(65), nested(1, wide(64)), nested(1, `[${wide(32)},${wide(32)}]`)]],
    ['65 members, one escaped', [wide(65).replace('"m0"', '"\\u006d0"')]],
  ])('rejects %s', (_, texts) => {
    for (const text of texts) expect([text, parse(text)]).toEqual([text, undefined])
    expect([LIMITS.depth, LIMITS.members]).toEqual([8, 64])
  })

  it.each([
    ['a byte that is not UTF-8', '7b2261223a22ff227d'],
    ['a surrogate in UTF-8', '7b2261223a22eda080227d'],
    ['a byte order mark', 'efbbbf7b7d'],
    ['UTF-16', 'fffe7b007d00'],
  ])('rejects %s', (_, digits) => {
    expect(parseObject(Buffer.from(digits, 'hex'))).toBeUndefined()
  })
})

interface JsonTestSuite {
  readonly tests: readonly { readonly name: string; readonly hex: string }[]
}

/** Valid JSON that we reject: a repeated member. */
const REPEATED = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']

describeVectors<JsonTestSuite>('json_test_suite.json', ({ tests }) => {
  const cases = tests.map(({ name, hex }) => ({ name, bytes: Buffer.from(hex, 'hex') }))
  const [accepted, rejected] = [true, false].map((is) =>
    cases.filter(({ name, bytes }) => {
      const isObject = name.startsWith('y_') && /^\s*\{/.test(bytes.toString('latin1'))
      return (isObject && !REPEATED.includes(name)) === is
    }),
  )

  it('its valid objects are read as `JSON.parse` reads them', () => {
    expect(accepted).toHaveLength(10)
    for (const { name, bytes } of accepted ?? []) {
      expect([name, parseObject(bytes)]).toEqual([name, JSON.parse(bytes.toString())])
    }
  })

  it('its other texts are rejected, also those that implementations may accept', () => {
    expect(rejected).toHaveLength(85 + 188 + 35)
    for (const { name, bytes } of rejected ?? []) {
      expect([name, parseObject(bytes)]).toEqual([name, undefined])
    }
  })
})

const often = (usual: readonly string[], odd: readonly string[]) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...usual), weight: 60 },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  )
const leaf = often(
  ['1', '-0', '0.5e3', 'null', 'true', '"b"', '"é"', '"\\n:"', '"{"', '""', '"\\ud83d\\ude00"'],
  ['"\\ud800"', '01', '"\\x"', '1e999', ''],
)
const name = often(
  [...'abcdefghijklmnop'.split('').map((letter) => `"${letter}"`), '"\\u0071"', '"é" ', '""'],
  ['"__proto__"', '"\\u0061"', '"\\u005f_proto__"', "'a'"],
)

/** JSON with an occasional fault. */
const { value: json } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 9, depthSize: 'medium' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' ,')}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map((member) => member.join(':')).join()}}`),
  ),
}))

describe('the strict JSON parser and a second implementation', () => {
  it('agree about objects with every kind of fault', () => {
    let accepted = 0
    const agree = (text: string) => {
      const value = parseObject(Buffer.from(text))
      expect(value).toEqual(readStrictly(Buffer.from(text)))
      if (value) accepted++
    }
    fc.assert(fc.property(json, agree), { numRuns: 2_000 })
    expect(accepted).toBeGreaterThan(200)
  })

  it('agree about objects with one byte changed', () => {
    const byte = fc.constantFrom(...Buffer.from('{}[]",:\\u0a\xff \n', 'latin1'))
    const agree = (text: string, place: number, changed: number) => {
      const bytes = Buffer.from(`{"x":${text}}`)
      bytes[place % bytes.length] = changed
      expect(parseObject(bytes)).toEqual(readStrictly(bytes))
    }
    fc.assert(fc.property(json, fc.nat(), byte, agree), { numRuns: 1_000 })
  })
})

/**
 * What `parseObject` must return, worked out in another way: from the value, and from the number of
 * names in the text, as a repeated member leaves one over.
 * @returns `undefined` for what must be refused
 */
function readStrictly(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const strings = text.match(/"(?:[^"\\]|\\.)*"\s*:?/g) ?? []
    const names = strings.filter((token) => token.endsWith(':'))
    const value: unknown = JSON.parse(text)
    const seen = membersIn(value)
    const isStrict = seen.length === names.length && seen.length <= 64 && depthOf(value) <= 8
    const isObject = text.trim().startsWith('{')
    return isObject && isStrict && !seen.includes('__proto__') && isWhole(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The names of all members, on all levels. */
function membersIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const names = Array.isArray(value) ? [] : Object.keys(value)
  return [...names, ...Object.values(value).flatMap(membersIn)]
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

/** Half of a surrogate pair cannot be written in UTF-8: `JSON.stringify` escapes it, and nothing else above U+001F. */
function isWhole(value: unknown): boolean {
  return !/(?<!\\)(?:\\\\)*\\ud/.test(JSON.stringify(value))
}
