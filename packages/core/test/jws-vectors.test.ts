import { createSecretKey } from 'node:crypto'
import { compactJws, hs256, isRejection, Key } from '@countersign/core'
import { describeVectors } from './support/vectors'

/** True where the token has our shape and the key signed it: what happens before claims are read. */
function isSigned(jws: string, k: string): boolean {
  const key = new Key(createSecretKey(Buffer.from(k, 'base64url')), {
    id: null,
    notAfter: Infinity,
  })
  try {
    const { input, signature } = compactJws.open(jws)
    return hs256.verify(key, input, signature)
  } catch (error) {
    if (isRejection(error)) return false
    throw error
  }
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly private: { readonly kty: string; readonly alg?: string; readonly k?: string }
    readonly public?: Readonly<Record<string, string>>
    readonly tests: readonly {
      readonly tcId: number
      readonly result: 'valid' | 'invalid'
      readonly jws: string | object
    }[]
  }[]
}

/**
 * Rows whose `result` is not that of their own text. 367 and 370 are, letter for letter, the valid
 * row 357; 372 and 373 hold a "?", which is no letter of base64url (RFC 7515 section 2).
 */
const WRONG_UPSTREAM = new Map([
  [367, true],
  [370, true],
  [372, false],
  [373, false],
])

describeVectors<Wycheproof>('json_web_signature_test.json', ({ testGroups }) => {
  const rows = testGroups.flatMap(({ private: key, public: shared, tests }) =>
    tests.map((row) => ({ ...row, key, shared, text: toText(row.jws) })),
  )
  const ours = rows.filter(({ key }) => key.kty === 'oct')
  const others = rows.filter(({ key }) => key.kty !== 'oct')

  it('gives every HS256 row its right answer', () => {
    expect(ours).toHaveLength(40)
    for (const { tcId, result, text, key } of ours) {
      const right = WRONG_UPSTREAM.get(tcId) ?? result === 'valid'
      expect([tcId, isSigned(text, key.k ?? '')]).toEqual([tcId, right])
    }
  })

  it('knows why four rows are set right', () => {
    const row = (id: number) => ours.find(({ tcId }) => tcId === id)?.text
    expect([row(367), row(370)]).toEqual([row(357), row(357)])
    expect([row(372), row(373)]).toEqual([expect.stringMatching(/\?/), expect.stringMatching(/\?/)])
  })

  it('refuses every row of another algorithm, also under its public key taken for a secret', () => {
    expect(others).toHaveLength(361)
    for (const { tcId, text, shared } of others) {
      const secret = shared?.['n'] ?? shared?.['x'] ?? ''
      expect([tcId, isSigned(text, secret)]).toEqual([tcId, false])
    }
  })
})

interface RfcExamples {
  readonly rfc7515_A1: { readonly k: string; readonly jws: string }
}

describeVectors<RfcExamples>('rfc_examples.json', ({ rfc7515_A1: { k, jws } }) => {
  it('verifies the example of RFC 7515 appendix A.1, and reads its claims', () => {
    expect(isSigned(jws, k)).toBe(true)
    expect(compactJws.open(jws).claims()).toEqual({
      iss: 'joe',
      exp: 1_300_819_380,
      'http://example.com/is_root': true,
    })
  })

  it('refuses it with any of its letters changed', () => {
    for (let place = 0; place < jws.length; place++) {
      const changed = `${jws.slice(0, place)}${jws[place] === 'A' ? 'B' : 'A'}${jws.slice(place + 1)}`
      expect([place, isSigned(changed, k)]).toEqual([place, false])
    }
  })
})

interface Rfc7520 {
  readonly input: { readonly key: { readonly k: string } }
  readonly output: { readonly compact: string; readonly json: object; readonly json_flat: object }
}

describeVectors<Rfc7520>('rfc7520_4_4_hs256.json', ({ input, output }) => {
  it('verifies the example of RFC 7520 section 4.4 in its compact form only', () => {
    expect(isSigned(output.compact, input.key.k)).toBe(true)
    expect(isSigned(JSON.stringify(output.json), input.key.k)).toBe(false)
    expect(isSigned(JSON.stringify(output.json_flat), input.key.k)).toBe(false)
  })

  it('has a payload that is prose and no claims', () => {
    expect(compactJws.open(output.compact).claims).toThrow('Invalid token')
  })
})

function toText(jws: string | object): string {
  return typeof jws === 'string' ? jws : JSON.stringify(jws)
}
