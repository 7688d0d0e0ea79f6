import { parseObject } from '@countersign/core'
import { describeVectors } from './support/vectors'

const parse = (text: string) => parseObject(Buffer.from(text, 'utf8'))

function nested(depth: number, leaf = '1'): string {
  return '{"a":'.repeat(depth) + leaf + '}'.repeat(depth)
}

function wide(members: number): string {
  return `{${Array.from({ length: members }, (_, index) => `"m${index}":${index}`).join()}}`
}

describe('reading what was signed', () => {
  it.each([
    ['nothing in it', '{}', {}],
    ['plain members', '{"a":"b","c":1.5,"d":null,"e":true}', { a: 'b', c: 1.5, d: null, e: true }],
    ['white space', ' {\n"a" :\t[ 1 , {} ]\r} ', { a: [1, {}] }],
    ['escapes', '{"\\u0061\\n":"\\"\\\\\\/"}', { 'a\n': '"\\/' }],
    ['letters beyond ASCII', '{"é":"😀"}', { é: '😀' }],
    ['an escaped pair', '{"a":"\\ud83d\\ude00"}', { a: '😀' }],
    ['one name on two levels', '{"a":{"a":{"b":1}},"b":1}', { a: { a: { b: 1 } }, b: 1 }],
    ['punctuation in strings', '{"a":"{\\"b\\":[","c}":"]}"}', { a: '{"b":[', 'c}': ']}' }],
    ['names that mean something in code', '{"constructor":1}', { constructor: 1 }],
  ])('takes an object with %s', (_, text, value) => {
    expect(parse(text)).toEqual(value)
  })

  it.each([
    '[]',
    '"a"',
    '1',
    'null',
    'true',
    '',
    ' ',
    '{}{}',
    '{"a":1}x',
    '{a:1}',
    "{'a':1}",
    '{"a":1,}',
  ])('takes one object only: %p', (text) => expect(parse(text)).toBeUndefined())

  it.each([
    ['plainly', '{"a":1,"a":2}'],
    ['with the same value', '{"a":"b","a":"b"}'],
    ['text first', '{"a":"b","a":1}'],
    ['text last', '{"a":1,"a":"b"}'],
    ['an object first', '{"a":{},"a":1}'],
    ['a list of names first', '{"a":["b","c"],"a":1}'],
    ['after unescaping', '{"a":1,"\\u0061":2}'],
    ['two spellings of an escape', '{"\\n":1,"\\u000A":2}'],
    ['beyond ASCII', '{"é":1,"\\u00e9":2}'],
    ['on the second level', '{"x":{"a":1,"b":2,"a":3}}'],
    ['in a list', '{"x":[1,{"a":1,"a":2}]}'],
    ['on the eighth level', `${'{"a":'.repeat(7)}{"b":1,"b":2}${'}'.repeat(7)}`],
    ['with white space between', '{"a" : 1 , "a"\n:2}'],
  ])('refuses a member that comes twice: %s', (_, text) => {
    expect(JSON.parse(text)).toBeDefined()
    expect(parse(text)).toBeUndefined()
  })

  it.each([
    '{"__proto__":1}',
    '{"a":{"__proto__":{}}}',
    '{"\\u005f_proto__":1}',
    '{"é":1,"__proto__":null}',
  ])('refuses a member that would be a prototype: %s', (text) =>
    expect(parse(text)).toBeUndefined(),
  )

  it.each(['{"a":"\\ud800"}', '{"a":"\\udc00\\ud800"}', '{"\\udfaa":1}', '{"a":["\\uD83D x"]}'])(
    'refuses half of a surrogate pair: %s',
    (text) => expect(parse(text)).toBeUndefined(),
  )

  it('takes eight levels and not nine, of objects or of lists', () => {
    expect(parse(nested(8))).toEqual(JSON.parse(nested(8)))
    expect(parse(nested(9))).toBeUndefined()
    expect(parse(nested(8, '[]'))).toBeUndefined()
    expect(parse(`{"a":${'['.repeat(7)}${']'.repeat(7)}}`)).toBeDefined()
    expect(parse(`{"a":${'['.repeat(8)}${']'.repeat(8)}}`)).toBeUndefined()
    expect(parse(nested(2_000))).toBeUndefined()
  })

  it('takes 64 members and not 65, on whatever level', () => {
    expect(Object.keys(parse(wide(64)) ?? {})).toHaveLength(64)
    expect(parse(wide(65))).toBeUndefined()
    expect(parse(`{"a":${wide(63)}}`)).toBeDefined()
    expect(parse(`{"a":${wide(64)}}`)).toBeUndefined()
    expect(parse(`{"a":[${wide(32)},${wide(32)}]}`)).toBeUndefined()
    expect(parse(wide(65).replace('"m0"', '"\\u006d0"'))).toBeUndefined()
  })

  it('refuses what is not UTF-8, and a byte order mark', () => {
    const bytes = (hex: string) => parseObject(Buffer.from(hex, 'hex'))
    expect(bytes('7b2261223a22ff227d')).toBeUndefined()
    expect(bytes('7b2261223a22eda080227d')).toBeUndefined()
    expect(bytes('efbbbf7b7d')).toBeUndefined()
    expect(bytes('fffe7b007d00')).toBeUndefined()
    expect(bytes('7b7d')).toEqual({})
  })
})

interface JsonTestSuite {
  readonly tests: readonly { readonly name: string; readonly hex: string }[]
}

/** Right by the grammar of JSON, and refused by ours: a name that comes twice. */
const TWICE = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']

describeVectors<JsonTestSuite>('json_test_suite.json', ({ tests }) => {
  const cases = tests.map(({ name, hex }) => ({ name, bytes: Buffer.from(hex, 'hex') }))
  const named = (kind: string) => cases.filter(({ name }) => name.startsWith(kind))
  const isObject = ({ bytes }: { bytes: Buffer }) => /^\s*\{/.test(bytes.toString('latin1'))

  it('takes every right object, and reads it as JSON.parse does', () => {
    const objects = named('y_').filter((each) => isObject(each) && !TWICE.includes(each.name))
    expect(objects).toHaveLength(10)
    for (const { name, bytes } of objects) {
      expect([name, parseObject(bytes)]).toEqual([name, JSON.parse(bytes.toString())])
    }
  })

  it('refuses what is right and no object, or holds a name twice', () => {
    const others = named('y_').filter((each) => !isObject(each) || TWICE.includes(each.name))
    expect(others).toHaveLength(85)
    for (const { name, bytes } of others)
      expect([name, parseObject(bytes)]).toEqual([name, undefined])
  })

  it('refuses everything wrong', () => {
    expect(named('n_')).toHaveLength(188)
    for (const { name, bytes } of named('n_')) {
      expect([name, parseObject(bytes)]).toEqual([name, undefined])
    }
  })

  it('refuses all that parsers may see either way', () => {
    expect(named('i_')).toHaveLength(35)
    for (const { name, bytes } of named('i_')) {
      expect([name, parseObject(bytes)]).toEqual([name, undefined])
    }
  })
})
