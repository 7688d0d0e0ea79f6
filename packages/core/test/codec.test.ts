import {
  base64,
  base64url,
  base64urlPadded,
  compact,
  hex,
  malformed,
  type CompactOptions,
} from '@countersign/core'
import fc from 'fast-check'
import { expectRejection, thrown } from './support/errors'

const mac = Buffer.alloc(32, 0xab)
const asText = compact({ payload: base64urlPadded, signature: hex, signs: 'text' })
const asBytes = compact({ payload: base64url, signature: base64url, signs: 'bytes' })
const standard = compact({ payload: base64, signature: base64, signs: 'text' })

function expectMalformed(work: () => unknown): void {
  expectRejection(thrown(work), 'token_malformed')
}

describe('a compact credential', () => {
  it('is signed over the text of its payload', () => {
    const { input, signature, tenant, claims } = asText.open(`eyJhIjoxfQ==.${hex.encode(mac)}`)
    expect({ input, signature, tenant }).toEqual({
      input: ['eyJhIjoxfQ=='],
      signature: mac,
      tenant: null,
    })
    expect(claims()).toEqual({ a: 1 })
  })

  it('is signed over the text as it was sent, with its padding or without', () => {
    expect(asText.open(`eyJhIjoxfQ.${hex.encode(mac)}`).input).toEqual(['eyJhIjoxfQ'])
  })

  it('is signed over the bytes of its payload, where the scheme says so', () => {
    const { input } = asBytes.open(`eyJhIjoxfQ.${base64url.encode(mac)}`)
    expect(input).toEqual([Buffer.from('{"a":1}')])
  })

  it.each([
    ['nothing', ''],
    ['one segment', 'eyJhIjoxfQ'],
    ['three segments', `eyJhIjoxfQ.${hex.encode(mac)}.x`],
    ['an empty payload', `.${hex.encode(mac)}`],
    ['an empty signature', 'eyJhIjoxfQ.'],
    ['a short signature', `eyJhIjoxfQ.${hex.encode(mac.subarray(1))}`],
    ['a long signature', `eyJhIjoxfQ.${hex.encode(mac)}ab`],
    ['upper case', `eyJhIjoxfQ.${hex.encode(mac).toUpperCase()}`],
    ['another encoding', `eyJhIjoxfQ.${base64url.encode(mac)}`],
    ['a foreign character', `eyJhIjox!Q.${hex.encode(mac)}`],
    ['white space', `eyJhIjoxfQ .${hex.encode(mac)}`],
  ])('is malformed with %s', (_, sent) => {
    expectMalformed(() => asText.open(sent))
  })

  it('shows no claims before they are asked for, and then strict ones', () => {
    const { claims } = asBytes.open(
      `${base64url.encode(Buffer.from('[1]'))}.${base64url.encode(mac)}`,
    )
    expectMalformed(claims)
  })

  it('knows its own shape', () => {
    expect(asText.shape).toBe('2 segments, signature of 64 characters')
    expect(standard.shape).toBe('2 segments, signature of 44 characters')
    expect(asBytes.shape).toBe('2 segments, signature of 43 characters')
    expect(asText.fits(`a.${'f'.repeat(64)}`)).toBe(true)
    expect(asText.fits(`a.${'!'.repeat(64)}`)).toBe(true)
    for (const sent of ['a', `a.${'f'.repeat(63)}`, `a.b.${'f'.repeat(64)}`, '']) {
      expect(asText.fits(sent)).toBe(false)
    }
  })

  it('may have a signature of another length', () => {
    const long: CompactOptions = {
      payload: base64url,
      signature: hex,
      signs: 'text',
      signatureLength: 64,
    }
    const { signature } = compact(long).open(`eyJhIjoxfQ.${'ab'.repeat(64)}`)
    expect(signature).toHaveLength(64)
    expectMalformed(() => compact(long).open(`eyJhIjoxfQ.${'ab'.repeat(32)}`))
  })

  it.each([
    ['padded text', asText],
    ['bytes', asBytes],
    ['standard base64', standard],
  ])('opens what it sealed: %s', (_, codec) => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string()), (claims) => {
        const { input, finish } = codec.seal(claims, null)
        const envelope = codec.open(finish(mac))
        expect(envelope.input).toEqual(input)
        expect(envelope.signature).toEqual(mac)
        expect(envelope.claims()).toEqual(claims)
      }),
    )
  })

  it('writes compact JSON, padded where the encoding says so', () => {
    expect(asText.seal({ a: 1 }, null).finish(mac)).toBe(`eyJhIjoxfQ==.${hex.encode(mac)}`)
  })

  it('names what cannot be read, never what it was', () => {
    expect(thrown(() => malformed('the payload'))).toMatchObject({
      code: 'token_malformed',
      status: 401,
      detail: 'the payload cannot be read',
    })
  })
})
