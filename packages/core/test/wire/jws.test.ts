import { claimsOf, compactJws, Key } from '@countersign/core'
import { resultOf } from '../support/errors'
import { describeVectors } from '../support/vectors'

const PAYLOAD = Buffer.from('{"sub":"u1"}').toString('base64url')
const SIGNATURE = 'A'.repeat(43)
const USUAL = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

function withHeader(header: string | object, signature = SIGNATURE): string {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  return `${Buffer.from(text).toString('base64url')}.${PAYLOAD}.${signature}`
}

const open = (sent: string) => resultOf(() => claimsOf(compactJws.open(sent)))

describe('a compact JWS', () => {
  it('is signed over its header and payload as sent', () => {
    const sent = withHeader({ alg: 'HS256', typ: 'JWT' })
    expect(compactJws.open(sent)).toEqual({
      tenant: null,
      input: [sent.slice(0, sent.lastIndexOf('.'))],
      signature: SIGNATURE,
      payload: Buffer.from('{"sub":"u1"}'),
      beside: null,
    })
  })

  it.each([
    ['a `kid` of 256 characters', { alg: 'HS256', kid: 'k'.repeat(256) }],
    ['1024 characters', `{"alg":"HS256"${' '.repeat(753)}}`],
  ])('may have a header with %s', (_, header) => {
    expect(open(withHeader(header))).toEqual({ sub: 'u1' })
  })

  it.each([
    ['another member', { alg: 'HS256', crit: ['b64'], b64: false }],
    ['a `kid` of 257 characters', { alg: 'HS256', kid: 'k'.repeat(257) }],
    ['a header of 1025 characters', `{"alg":"HS256"${' '.repeat(754)}}`],
  ])('is malformed with %s', (_, header) => {
    expect(open(withHeader(header))).toBe('token_malformed')
  })

  it('is refused for its algorithm before the length of its signature', () => {
    expect(open(withHeader({ alg: 'HS512' }, 'A'.repeat(86)))).toBe('algorithm_not_allowed')
    expect(open(withHeader({ alg: 'HS256' }, 'A'.repeat(86)))).toBe('token_malformed')
    expect(open(withHeader({ alg: 'none' }, ''))).toBe('token_malformed')
  })

  it('is recognized by its three segments', () => {
    const sent = ['a.b.c', '..', 'a.b', 'a.b.c.d', '']
    expect(sent.filter((each) => compactJws.shape?.test(each))).toEqual(['a.b.c', '..'])
  })

  it('is sealed with the header that every issuer sends', () => {
    const { input, finish } = compactJws.seal({ sub: 'é' }, null)
    const payload = Buffer.from('{"sub":"é"}').toString('base64url')
    expect(input).toEqual([`${USUAL}.${payload}`])
    expect(finish(SIGNATURE)).toBe(`${USUAL}.${payload}.${SIGNATURE}`)
    expect(compactJws.header).toBe(USUAL)
  })
})

/** True where the token can be read and the key signed it. */
function isSigned(jws: string | object, k: string): boolean {
  const key = new Key(Buffer.from(k, 'base64url'), { id: null, notAfter: Infinity })
  const text = typeof jws === 'string' ? jws : JSON.stringify(jws)
  const envelope = resultOf(() => compactJws.open(text))
  if (typeof envelope === 'string') return false
  return key.verify(envelope.input, envelope.signature, compactJws.signature)
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly private: { readonly kty: string; readonly k?: string }
    readonly public?: Readonly<Record<string, string>>
    readonly tests: readonly {
      readonly tcId: number
      readonly result: 'valid' | 'invalid'
      readonly jws: string | object
    }[]
  }[]
}

/**
 * Rows whose `result` is not that of their own text: 367 and 370 repeat the valid row 357, 372 and
 * 373 contain a "?", which base64url does not have (RFC 7515 section 2).
 */
const WRONG_UPSTREAM: Readonly<Record<number, boolean>> = {
  367: true,
  370: true,
  372: false,
  373: false,
}

describeVectors<Wycheproof>('json_web_signature_test.json', ({ testGroups }) => {
  const rows = testGroups.flatMap(({ private: key, public: shared, tests }) =>
    tests.map((row) => ({ ...row, key, shared })),
  )
  const [ours, others] = [true, false].map((is) =>
    rows.filter(({ key }) => (key.kty === 'oct') === is),
  )

  it('its rows for HS256 are verified or rejected as they should be', () => {
    expect(ours).toHaveLength(40)
    for (const { tcId, result, jws, key } of ours ?? []) {
      const expected = WRONG_UPSTREAM[tcId] ?? result === 'valid'
      expect([tcId, isSigned(jws, key.k ?? '')]).toEqual([tcId, expected])
    }
  })

  it('its wrong results are those of four rows', () => {
    const row = (id: number) => ours?.find(({ tcId }) => tcId === id)?.jws
    expect([row(367), row(370)]).toEqual([row(357), row(357)])
    expect([row(372), row(373)]).toEqual([expect.stringMatching(/\?/), expect.stringMatching(/\?/)])
  })

  it('its rows for other algorithms are rejected, also under a public key used as the secret', () => {
    expect(others).toHaveLength(361)
    for (const { tcId, jws, shared } of others ?? []) {
      expect([tcId, isSigned(jws, shared?.['n'] ?? shared?.['x'] ?? '')]).toEqual([tcId, false])
    }
  })
})

interface RfcExamples {
  readonly rfc7515_A1: { readonly k: string; readonly jws: string }
}

describeVectors<RfcExamples>('rfc_examples.json', ({ rfc7515_A1: { k, jws } }) => {
  it('its JWT of RFC 7515 appendix A.1 is verified', () => {
    expect(isSigned(jws, k)).toBe(true)
    expect(claimsOf(compactJws.open(jws))).toMatchObject({ iss: 'joe', exp: 1_300_819_380 })
  })

  it('its JWT is rejected with any one character changed', () => {
    for (let place = 0; place < jws.length; place++) {
      const changed = `${jws.slice(0, place)}${jws[place] === 'A' ? 'B' : 'A'}${jws.slice(place + 1)}`
      expect([place, isSigned(changed, k)]).toEqual([place, false])
    }
  })
})

interface Rfc7520 {
  readonly input: { readonly key: { readonly k: string } }
  readonly output: Readonly<Record<'compact' | 'json' | 'json_flat', string | object>>
}

describeVectors<Rfc7520>('rfc7520_4_4_hs256.json', ({ input, output }) => {
  it('its JWS is verified in compact form only', () => {
    const forms = [output.compact, output.json, output.json_flat]
    expect(forms.map((form) => isSigned(form, input.key.k))).toEqual([true, false, false])
  })
})
