import { base64, base64Lines, compactForm, hashedIdentifier, hex } from '@countersign/core'
import { resultOf } from '../support/codes'

const hash = 'ab'.repeat(32)

describe('an identifier and its hash', () => {
  const codec = hashedIdentifier('id')

  it.each(['', 'ada', `.${hash}`])('need both: %j', (value) => {
    expect(resultOf(() => codec.open(value))).toBe('token_malformed')
  })

  it('are divided at the last dot', () => {
    const { input, signature } = codec.open(`ada@example.com.${hash}`)
    expect([input, signature]).toEqual([['ada@example.com'], hash])
  })
})

describe('base64 with line breaks', () => {
  const bytes = Buffer.alloc(100, 'é')
  const line = bytes.toString('base64')
  const lines = (length: number) => line.replace(new RegExp(`.{1,${length}}`, 'g'), '$&\n')

  it.each<readonly [string, string, Buffer | undefined]>([
    ['one line', line, bytes],
    ["Ruby's lines", lines(60), bytes],
    ['lines of 76', lines(76), undefined],
    ['no break at the end', lines(60).trimEnd(), undefined],
    ['a break too many', `${lines(60)}\n`, undefined],
    ['breaks of two characters', lines(60).replaceAll('\n', '\r\n'), undefined],
  ])('is decoded in two forms: %s', (_, text, expected) => {
    expect(base64Lines.decode(text)).toEqual(expected)
  })
})

it('a form signs its bytes where the format says so', () => {
  const codec = compactForm({ payload: base64, signature: hex, signs: 'bytes' })
  const { input, finish } = codec.seal({ name: 'Ada & Co' }, null)
  expect(input).toEqual([Buffer.from('name=Ada+%26+Co')])
  expect(codec.open(finish(hash)).input).toEqual(input)
})
