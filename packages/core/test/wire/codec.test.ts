import {
  base64,
  base64Lines,
  base64url,
  base64urlPadded,
  claimsOf,
  compact,
  compactForm,
  hashedIdentifier,
  hex,
} from '@countersign/core'
import { resultOf, thrown } from '../support/errors'

const claims = Buffer.from('{"a":1}')
const mac = Buffer.alloc(32, 0xab)
const [asHex, asUrl] = [hex.encode(mac), base64url.encode(mac)]
const signedText = compact({ payload: base64urlPadded, signature: hex, signs: 'text' })
const signedBytes = compact({ payload: base64url, signature: base64url, signs: 'bytes' })
const standard = compact({ payload: base64, signature: base64, signs: 'text' })

describe('the codec `compact`', () => {
  it('describes its format as data', () => {
    const format = { compact: true, header: null, payload: base64urlPadded, signature: hex }
    expect(signedText).toMatchObject({ ...format, signs: 'payload text' })
    expect(signedBytes).toMatchObject({ payload: base64url, signs: 'payload bytes' })
  })

  it.each([
    ['the text as sent, with padding', signedText, `eyJhIjoxfQ==.${asHex}`, ['eyJhIjoxfQ==']],
    ['the text as sent, without padding', signedText, `eyJhIjoxfQ.${asHex}`, ['eyJhIjoxfQ']],
    ['the decoded bytes', signedBytes, `eyJhIjoxfQ.${asUrl}`, [claims]],
  ])('opens a credential that signs %s', (_, codec, sent, input) => {
    const signature = sent.slice(sent.indexOf('.') + 1)
    expect(codec.open(sent)).toEqual({
      tenant: null,
      input,
      signature,
      payload: claims,
      beside: null,
    })
  })

  it.each([
    ['hex', signedText, 64],
    ['base64', standard, 44],
    ['base64url', signedBytes, 43],
  ])('recognizes its shape by the length of a signature in %s', (_, { shape }, length) => {
    const [right, wrong] = [`a!.${'!'.repeat(length)}`, '!'.repeat(length)]
    expect(shape?.test(right)).toBe(true)
    for (const sent of [wrong, `${right}f`, `a.${right}`, `a.${wrong.slice(1)}`, '']) {
      expect([sent, shape?.test(sent)]).toEqual([sent, false])
    }
  })

  it.each([
    ['padded', signedText, `eyJhIjoiw6kifQ==.${asHex}`],
    ['unpadded', signedBytes, `eyJhIjoiw6kifQ.${asHex}`],
    ['standard base64', standard, `eyJhIjoiw6kifQ==.${asHex}`],
  ])('seals compact JSON, %s, and opens it again', (_, codec, sent) => {
    const { input, finish } = codec.seal({ a: 'é' }, null)
    expect(finish(asHex)).toBe(sent)
    const envelope = codec.open(finish(codec.signature.encode(mac)))
    expect([envelope.input, claimsOf(envelope)]).toEqual([input, { a: 'é' }])
  })
})

describe('the claims of an envelope', () => {
  const envelope = { tenant: null, input: [], signature: '', payload: claims, beside: null }
  const read = (parts: Partial<typeof envelope> | object) =>
    resultOf(() => claimsOf({ ...envelope, ...parts }))

  it.each([
    ['are the members of the payload', {}, { a: 1 }],
    ['include those beside the payload', { beside: { b: 2 } }, { a: 1, b: 2 }],
    ['may not be both in the payload and beside it', { beside: { a: 1 } }, 'claims_invalid'],
    ['are one object', { payload: Buffer.from('[1]') }, 'token_malformed'],
    ['are strict JSON', { payload: Buffer.from('{"a":1,"a":2}') }, 'token_malformed'],
  ])('%s', (_, parts, result) => {
    expect(read(parts)).toEqual(result)
  })
})

describe('a malformed credential', () => {
  it.each([
    ['SECRET', /"\."/],
    [`eyJhIjoxfQ-=.${asHex}`, /^the payload .*padded base64url/],
    ['eyJhIjoxfQ.', /^the signature is empty$/],
    [`eyJhIjoxfQ.${asUrl}`, /^the signature is base64url, and hex was expected$/],
    [`eyJhIjoxfQ.${asHex.toUpperCase()}ab`, /^the signature is upper-case hex/],
    [`eyJhIjoxfQ.${asHex}ab`, /^the signature is (?!upper)/],
    ['eyJhIjoxfQ.SECRET', /^the signature is (?!.*SECRET)/],
  ])('is explained without what was sent: %s', (sent, detail) => {
    const error = thrown(() => signedText.open(sent))
    expect(error).toMatchObject({ status: 401, detail: expect.stringMatching(detail) })
    expect(JSON.stringify(error)).not.toContain('SECRET')
  })
})

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
