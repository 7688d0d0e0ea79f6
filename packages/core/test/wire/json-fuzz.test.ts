import { parseObject } from '@countersign/core'
import fc from 'fast-check'
import { readStrictly } from '../support/json-oracle'

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
