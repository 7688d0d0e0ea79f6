import { createSecretKey } from 'node:crypto'
import { hmacSha256, hs256, Key } from '@countersign/core'
import { hmac } from './support/forge'
import { CURRENT, FOREIGN } from './support/secrets'
import { describeVectors } from './support/vectors'

function keyOf(secret: Uint8Array | string): Key {
  return new Key(createSecretKey(Buffer.from(secret as string)), { id: null, notAfter: Infinity }) // both overloads copy
}

const key = keyOf(CURRENT)

describe('HMAC with SHA-256', () => {
  it('takes its input in pieces that follow one another', () => {
    const whole = hmac(CURRENT, 'a.é{}')
    expect(hmacSha256.sign(key, ['a.é{}'])).toEqual(whole)
    expect(hmacSha256.sign(key, ['a', '.', 'é', Buffer.from('{}')])).toEqual(whole)
  })

  it('verifies what it signed, under that key and for that input only', () => {
    const signature = hmacSha256.sign(key, ['a'])
    expect(hmacSha256.verify(key, ['a'], signature)).toBe(true)
    expect(hmacSha256.verify(key, ['b'], signature)).toBe(false)
    expect(hmacSha256.verify(keyOf(FOREIGN), ['a'], signature)).toBe(false)
  })

  it('takes a signature of another length for a wrong one', () => {
    const signature = hmacSha256.sign(key, ['a'])
    const lengths = [
      signature.subarray(0, 31),
      Buffer.concat([signature, signature]),
      Buffer.alloc(0),
    ]
    for (const other of lengths) expect(hmacSha256.verify(key, ['a'], other)).toBe(false)
  })

  it('sees every bit', () => {
    const signature = hmacSha256.sign(key, ['a'])
    for (let bit = 0; bit < 256; bit++) {
      const changed = Buffer.from(signature)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(hmacSha256.verify(key, ['a'], changed)).toBe(false)
    }
  })

  it('is the same for JWTs, but for the length of its keys', () => {
    expect(hs256.sign(key, ['a'])).toEqual(hmacSha256.sign(key, ['a']))
    expect([hmacSha256.minKeyLength, hs256.minKeyLength]).toEqual([16, 32])
    expect([hmacSha256.length, hs256.length]).toEqual([32, 32])
  })
})

interface WycheproofMac {
  readonly testGroups: readonly {
    readonly tagSize: number
    readonly tests: readonly {
      readonly tcId: number
      readonly key: string
      readonly msg: string
      readonly tag: string
      readonly result: string
    }[]
  }[]
}

describeVectors<WycheproofMac>('hmac_sha256_test.json', ({ testGroups }) => {
  const rows = testGroups.flatMap(({ tagSize, tests }) => tests.map((row) => ({ ...row, tagSize })))
  const verify = (row: (typeof rows)[number]) =>
    hmacSha256.verify(
      keyOf(Buffer.from(row.key, 'hex')),
      [Buffer.from(row.msg, 'hex')],
      Buffer.from(row.tag, 'hex'),
    )

  it('gives every row with a whole tag its answer', () => {
    const whole = rows.filter(({ tagSize }) => tagSize === 256)
    expect(whole).toHaveLength(87)
    for (const row of whole)
      expect([row.tcId, verify(row)]).toEqual([row.tcId, row.result === 'valid'])
  })

  it('refuses every row with half a tag, right or wrong: no portal shortens its signatures', () => {
    const halves = rows.filter(({ tagSize }) => tagSize === 128)
    expect(halves).toHaveLength(87)
    for (const row of halves) expect([row.tcId, verify(row)]).toEqual([row.tcId, false])
  })
})

interface Rfc4231 {
  readonly tests: readonly {
    readonly tc: number
    readonly key: string
    readonly msg: string
    readonly tag: string
    readonly tagBits: number
  }[]
}

describeVectors<Rfc4231>('rfc4231_hmac_sha256.json', ({ tests }) => {
  it('signs as RFC 4231 section 4 says, the shortened case compared as far as it goes', () => {
    expect(tests).toHaveLength(7)
    for (const { tc, key: secret, msg, tag, tagBits } of tests) {
      const signature = hmacSha256.sign(keyOf(Buffer.from(secret, 'hex')), [
        Buffer.from(msg, 'hex'),
      ])
      expect([tc, signature.toString('hex').slice(0, tagBits / 4)]).toEqual([tc, tag])
    }
  })
})

interface RfcExamples {
  readonly rfc9421_B2_5: Readonly<Record<'keyBase64' | 'signatureBase' | 'signatureBase64', string>>
}

describeVectors<RfcExamples>('rfc_examples.json', ({ rfc9421_B2_5: row }) => {
  it('signs as RFC 9421 appendix B.2.5 says', () => {
    const secret = keyOf(Buffer.from(row.keyBase64, 'base64'))
    expect(hmacSha256.sign(secret, [row.signatureBase]).toString('base64')).toBe(
      row.signatureBase64,
    )
  })
})
