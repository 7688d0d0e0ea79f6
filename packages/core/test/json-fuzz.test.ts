import { parseObject } from '@countersign/core'
import fc from 'fast-check'
import { readStrictly } from './support/json-oracle'

const parse = (text: string) => parseObject(Buffer.from(text, 'utf8'))

const rarely = (usual: readonly string[], odd: readonly string[]) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...usual), weight: 60 },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  )
const leaf = rarely(
  ['1', '-0', '0.5e3', 'null', 'true', '"b"', '"é"', '"\\n:"', '"{"', '""', '"\\ud83d\\ude00"'],
  ['"\\ud800"', '01', '"\\x"', '1e999', ''],
)
const name = rarely(
  'abcdefghijklmnop'
    .split('')
    .map((letter) => `"${letter}"`)
    .concat('"\\u0071"', '"é" ', '""'),
  ['"__proto__"', '"\\u0061"', '"\\u005f_proto__"', "'a'"],
)

/** JSON with, now and then, a fault that only a second look finds. */
const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 9, depthSize: 'medium' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' ,')}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map((member) => member.join(':')).join()}}`),
  ),
}))

describe('reading, against a reader written another way', () => {
  it('agrees about objects with every kind of fault', () => {
    let accepted = 0
    fc.assert(
      fc.property(jsonText, (text) => {
        const bytes = Buffer.from(text)
        const value = parseObject(bytes)
        expect(value).toEqual(readStrictly(bytes))
        if (value) accepted++
      }),
      { numRuns: 6_000 },
    )
    expect(accepted).toBeGreaterThan(600)
  })

  it('agrees about objects with one byte changed', () => {
    const edits = fc.tuple(
      jsonText,
      fc.nat(),
      fc.constantFrom(...Buffer.from('{}[]",:\\u0a\xff \n')),
    )
    fc.assert(
      fc.property(edits, ([text, place, byte]) => {
        const bytes = Buffer.from(`{"x":${text}}`)
        bytes[place % bytes.length] = byte
        expect(parseObject(bytes)).toEqual(readStrictly(bytes))
      }),
      { numRuns: 3_000 },
    )
  })

  it('agrees with itself about flat objects, plain and with every letter escaped', () => {
    const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor')
    const scalar = fc.oneof(
      fc.constantFrom('x', '', 'y:'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    )
    const escaped = (text: string) =>
      `"${text
        .split('')
        .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('')}"`
    const write = (members: [string, unknown][], quote: (text: string) => string) =>
      `{${members.map(([member, value]) => `${quote(member)}:${typeof value === 'string' ? quote(value) : String(value)}`).join()}}`
    fc.assert(
      fc.property(fc.array(fc.tuple(key, scalar), { maxLength: 6 }), (members) => {
        expect(parse(write(members, JSON.stringify))).toEqual(parse(write(members, escaped)))
      }),
      { numRuns: 2_000 },
    )
  })
})
