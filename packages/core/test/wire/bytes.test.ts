import { base64, base64url, base64urlPadded, hex, type Encoding } from '@countersign/core'
import fc from 'fast-check'
import { decodeUtf8 } from '../../src/wire/bytes'
import { describeVectors } from '../support/vectors'

const encodings: readonly Encoding[] = [hex, base64, base64url, base64urlPadded]

describe('an encoding', () => {
  it.each(encodings)('decodes what it has encoded: $name', ({ encode, decode }) => {
    const reads = (bytes: Uint8Array) => expect(decode(encode(bytes))).toEqual(Buffer.from(bytes))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), reads))
  })

  it.each(encodings)('decodes nothing but what it would encode: $name', (encoding) => {
    const character = fc.constantFrom(...'AQgw09afAF+/-_= \n.%ſé'.split(''))
    const isCanonical = (text: string) => {
      const bytes = encoding.decode(text)
      if (!bytes) return
      const spellings = [encoding.encode(bytes)]
      if (encoding === base64urlPadded) spellings.push(base64url.encode(bytes))
      expect(spellings).toContain(text)
    }
    const texts = fc.string({ unit: character, maxLength: 9 })
    fc.assert(fc.property(texts, isCanonical), { numRuns: 2_000 })
  })

  it.each<readonly [Encoding, string, string]>([
    [hex, '|00ff', '0|0A|AB|zz|abzz| ab|ab\n|0x|ａｂ'],
    [base64, '|Zg==|Zm8=|Zm9v|+/+/', 'Zg|Zg=|Zg===|Zm8|=|Zh==|Zm9=|-_-_|Zm9v\n| Zm9v|Zm9v.|Śm9v'],
    [base64url, '|Zg|Zm8|Zm9v|-_-_', 'Zg==|Zm8=|Z|Zh|Zm9|+/+/|Zm9v |Zm9v\n|Zm 9v|Śm9v'],
    [base64urlPadded, '|Zg|Zg==|Zm8|Zm8=|-_-_', 'Zg=|Zg===|Zm9v=|Zm8==|Zh==|Zh|+/+/|Z=g=|=|Śm9v'],
  ])('rejects every other spelling: $name', ({ decode }, accepted, rejected) => {
    for (const text of accepted.split('|'))
      expect([text, decode(text)]).toEqual([text, expect.any(Buffer)])
    for (const text of rejected.split('|')) expect([text, decode(text)]).toEqual([text, undefined])
  })

  it('encodes a view without the memory around it', () => {
    const view = new Uint8Array([0, 0x66, 0x6f, 0x6f, 0]).subarray(1, 4)
    expect(encodings.map(({ encode }) => encode(view))).toEqual(['666f6f', 'Zm9v', 'Zm9v', 'Zm9v'])
  })
})

describeVectors<readonly (readonly [string, readonly number[] | null])[]>(
  'wpt_base64.json',
  (rows) => {
    it('its texts are decoded only where they are the one spelling of their bytes', () => {
      expect(rows).toHaveLength(71)
      for (const [text, bytes] of rows) {
        const isCanonical = bytes !== null && btoa(String.fromCharCode(...bytes)) === text
        const expected = isCanonical ? Buffer.from(bytes) : undefined
        expect([text, base64.decode(text)]).toEqual([text, expected])
      }
    })
  },
)

describe('UTF-8', () => {
  it('is decoded as a strict TextDecoder decodes it, with its byte order mark', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const expected = (bytes: Uint8Array) => {
      try {
        return strict.decode(bytes)
      } catch {
        return undefined
      }
    }
    const agrees = (bytes: Uint8Array) => expect(decodeUtf8(bytes)).toBe(expected(bytes))
    const right = ['a', 'é', '€', '😀', '\uFFFD', '\ufeff', '\ufeff\uFFFD'].map((text) =>
      Buffer.from(text),
    )
    const stray = ['80', 'c0af', 'e282', 'eda080', 'f4908080', 'ff'].map((text) =>
      Buffer.from(text, 'hex'),
    )
    for (const piece of [...right, ...stray]) agrees(piece)
    const pieces = fc.array(fc.constantFrom(...right, ...right, ...stray), { maxLength: 6 })
    fc.assert(fc.property(pieces, (parts) => agrees(Buffer.concat(parts))))
  })
})
