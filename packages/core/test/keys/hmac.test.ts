import crypto, { createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { oneShotHmac, streamingHmac, type Hmac } from '../../src/keys/key'
import { CURRENT } from '../support/secrets'
import { describeVectors } from '../support/vectors'

/** The two ways to compute HMAC-SHA256. */
const paths: readonly (readonly [string, (secret: Uint8Array) => Hmac])[] = [
  ['two one-shot hashes', (secret) => oneShotHmac(secret, crypto.hash)],
  ['createHmac', (secret) => streamingHmac(createSecretKey(secret))],
]

function expected(secret: Uint8Array, input: readonly (string | Uint8Array)[]): string {
  const mac = createHmac('sha256', secret)
  for (const piece of input) mac.update(piece)
  return mac.digest('hex')
}

describe.each(paths)('HMAC-SHA256 by %s', (_, hmacOf) => {
  it('is right for keys of 1 to 200 bytes', () => {
    for (let length = 1; length <= 200; length++) {
      const secret = Buffer.alloc(length, length)
      const hmac = hmacOf(secret)
      for (const input of [[''], ['first'], ['a longer second input']]) {
        expect([length, hmac(input, 'hex')]).toEqual([length, expected(secret, input)])
      }
    }
  })

  it('is right for inputs of 0 to 20,000 bytes, whatever was signed before', () => {
    const secret = Buffer.from(CURRENT)
    const hmac = hmacOf(secret)
    const pieces = ['a', 'é', '€', '😀', '\ud800'].map((unit) => (n: number) => unit.repeat(n))
    const kinds = [...pieces, (n: number) => Buffer.alloc(n, 0xfe)]
    for (const length of [20_000, 0, 1, 63, 64, 490, 491, 1_471, 1_472, 1_473, 1_536, 5_000, 3]) {
      for (const [kind, make] of kinds.entries()) {
        for (const input of [[make(length)], [make(length), '.', make(9)], ['x', make(length)]]) {
          expect([kind, length, hmac(input, 'hex')]).toEqual([
            kind,
            length,
            expected(secret, input),
          ])
        }
      }
    }
  })

  it('is right for random keys and pieces, in every spelling', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme-composite', maxLength: 600 }),
      fc.uint8Array({ maxLength: 900 }),
    )
    const secrets = fc.uint8Array({ minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(secrets, fc.array(piece, { maxLength: 5 }), (secret, input) => {
        const hmac = hmacOf(secret)
        const digest = Buffer.from(expected(secret, input), 'hex')
        for (const spelling of ['hex', 'base64', 'base64url'] as const) {
          expect(hmac(input, spelling)).toBe(digest.toString(spelling))
        }
      }),
    )
  })

  describeVectors<Rfc4231>('rfc4231_hmac_sha256.json', ({ tests }) => {
    it('its seven cases are right', () => {
      expect(tests).toHaveLength(7)
      for (const { tc, key, msg, tag } of tests) {
        const mac = hmacOf(Buffer.from(key, 'hex'))([Buffer.from(msg, 'hex')], 'hex')
        expect([tc, mac.slice(0, tag.length)]).toEqual([tc, tag]) // one of them is truncated
      }
    })
  })

  describeVectors<Wycheproof>('hmac_sha256_test.json', ({ testGroups }) => {
    it('its whole tags are equal or different as they should be', () => {
      const rows = testGroups.flatMap(({ tagSize, tests }) => (tagSize === 256 ? tests : []))
      expect(rows).toHaveLength(87)
      for (const { tcId, key, msg, tag, result } of rows) {
        const mac = hmacOf(Buffer.from(key, 'hex'))([Buffer.from(msg, 'hex')], 'hex')
        expect([tcId, mac === tag]).toEqual([tcId, result === 'valid'])
      }
    })
  })
})

interface Rfc4231 {
  readonly tests: readonly (Readonly<Record<'key' | 'msg' | 'tag', string>> & {
    readonly tc: number
  })[]
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly tagSize: number
    readonly tests: readonly (Readonly<Record<'key' | 'msg' | 'tag' | 'result', string>> & {
      readonly tcId: number
    })[]
  }[]
}
