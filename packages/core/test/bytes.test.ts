import { base64, base64url, base64urlPadded, hex, type Encoding } from '@countersign/core'
import fc from 'fast-check'
import { asBuffer, decodeUtf8 } from '../src/bytes'
import { describeVectors } from './support/vectors'

const encodings: readonly Encoding[] = [hex, base64, base64url, base64urlPadded]

function expectRefused({ decode }: Encoding, texts: readonly string[]): void {
  for (const text of texts) expect([text, decode(text)]).toEqual([text, undefined])
}

describe('a strict encoding', () => {
  it.each(encodings)('reads back what it writes: $name', ({ encode, decode }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(decode(encode(bytes))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it.each(encodings)('reads nothing but what it would write: $name', (encoding) => {
    const alphabet = fc.constantFrom(...'AQgw09afAF+/-_= \n.%ſé'.split(''))
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 9 }), (text) => {
        const bytes = encoding.decode(text)
        if (!bytes) return
        const spellings = [encoding.encode(bytes)]
        if (encoding === base64urlPadded) spellings.push(base64url.encode(bytes))
        expect(spellings).toContain(text)
      }),
      { numRuns: 2_000 },
    )
  })

  it('writes a view of bytes, not the memory that it looks into', () => {
    const view = new Uint8Array([0, 0x66, 0x6f, 0x6f, 0]).subarray(1, 4)
    expect(encodings.map(({ encode }) => encode(view))).toEqual(['666f6f', 'Zm9v', 'Zm9v', 'Zm9v'])
    expect(asBuffer(view).buffer).toBe(view.buffer)
  })

  it('refuses hexadecimal of another spelling', () => {
    expectRefused(hex, ['0', '0A', 'AB', 'zz', '0g', 'abzz', ' ab', 'ab ', 'ab\n', '0x', 'ａｂ'])
    expect(hex.decode('00ff')).toEqual(Buffer.from([0, 255]))
    expect(hex.decode('')).toEqual(Buffer.alloc(0))
  })

  it('refuses base64 of another spelling', () => {
    const spareBits = ['Zh==', 'Zm9=', 'Zv=='] // RFC 4648 section 3.5
    const foreign = ['Zm9v\n', ' Zm9v', 'Zm 9v', '-_-_', 'Zm9v.', 'Zm9vſ', 'Zm9v\0']
    expectRefused(base64, ['Zg', 'Zg=', 'Zg===', 'Zm8', '=', 'Z===', 'Z', ...spareBits, ...foreign])
  })

  it('refuses URL-safe base64 of another spelling', () => {
    expectRefused(base64url, ['Zg==', 'Zm8=', 'Z', 'Zh', 'Zm9', '+/+/', 'Zm9v ', 'Zm9v\n', 'Zm9vŁ'])
    expect(base64url.decode('-_-_')).toEqual(Buffer.from([0xfb, 0xff, 0xbf]))
  })

  it('refuses padding that is neither whole nor absent', () => {
    expectRefused(base64urlPadded, ['Zg=', 'Zg===', 'Zm9v=', 'Zm8==', 'Zh==', 'Zh', '+/+/', 'Z=g='])
    for (const text of ['Zg==', 'Zg'])
      expect(base64urlPadded.decode(text)).toEqual(Buffer.from('f'))
  })

  it('refuses characters that Node would take for others', () => {
    const lookAlike = String.fromCharCode(0x0100 + 'Z'.charCodeAt(0)) // its low byte is a "Z"
    for (const encoding of encodings) expectRefused(encoding, [`${lookAlike}m9v`, `${lookAlike}0`])
  })
})

describe('UTF-8', () => {
  it('keeps a byte order mark, so that what reads it can refuse it', () => {
    expect(decodeUtf8(Buffer.from('\ufeff{}'))).toBe('\ufeff{}')
  })

  it.each([
    ['a stray continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half of a character', [0xe2, 0x82]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined()
  })
})

describeVectors<readonly (readonly [string, readonly number[] | null])[]>(
  'wpt_base64.json',
  (rows) => {
    it('reads what is the one spelling of its bytes, and refuses all that is forgiven elsewhere', () => {
      expect(rows).toHaveLength(71)
      for (const [text, bytes] of rows) {
        const canonical = bytes !== null && btoa(String.fromCharCode(...bytes)) === text
        const expected = canonical ? Buffer.from(bytes) : undefined
        expect([text, base64.decode(text)]).toEqual([text, expected])
      }
    })
  },
)

interface RfcExamples {
  readonly rfc4648_s10: readonly {
    readonly text: string
    readonly base64: string
    readonly base64url: string
  }[]
}

describeVectors<RfcExamples>('rfc_examples.json', ({ rfc4648_s10: rows }) => {
  it('writes and reads the examples of RFC 4648 section 10', () => {
    expect(rows).toHaveLength(7)
    for (const row of rows) {
      const bytes = Buffer.from(row.text)
      expect(base64.encode(bytes)).toBe(row.base64)
      expect(base64url.encode(bytes)).toBe(row.base64url)
      expect(base64urlPadded.encode(bytes)).toBe(row.base64)
      expect(base64.decode(row.base64)).toEqual(bytes)
      expect(base64url.decode(row.base64url)).toEqual(bytes)
    }
  })
})
