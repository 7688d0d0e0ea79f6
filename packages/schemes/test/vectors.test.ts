import { createVerifier, type Signed } from '@countersign/core'
import { sent, sign, verify } from './support'
import { portalOf, SCHEMES, vectorsOf, type Vector } from './vectors'

const day = 86_400
const entries = (vector: Vector): string => `${vector.id}: ${vector.about}`
const asSent = (vector: Vector): Pick<Signed, 'url' | 'headers' | 'body'> => vector.signed

describe.each(SCHEMES)('the known answers for %s', (scheme) => {
  const vectors = vectorsOf(scheme)

  for (const vector of vectors.filter(({ other }) => !other)) {
    it(`are what it signs, to the byte: ${entries(vector)}`, async () => {
      const { text: _, ...expected } = vector.signed
      const signed = await sign(portalOf(scheme, vector), vector.user, {
        ...vector.options,
        now: vector.now,
      })
      expect(signed).toStrictEqual(expected)
      expect(JSON.stringify(signed.headers)).toBe(JSON.stringify(expected.headers))
    })
  }

  for (const vector of vectors) {
    it(`are what it reads: ${entries(vector)}`, async () => {
      const verifier = createVerifier(portalOf(scheme, vector), {
        now: () => vector.now,
        nonceRetention: day,
        allowShortSecret: true,
      })
      const result = await verifier.verify(sent(asSent(vector)))
      expect(result).toMatchObject({ ok: true })
      if (!result.ok) return
      expect(result.value.user).toStrictEqual({ scheme, ...vector.verified })
      expect(Object.keys(result.value.user)).toEqual(['scheme', ...Object.keys(vector.verified)])
      expect(result.value.auth.expiresAt?.getTime() ?? null).toBe(vector.signed.expiresAt)
    })

    it(`are refused when their time is over: ${entries(vector)}`, async () => {
      const { expiresAt } = vector.signed
      const portal = portalOf(scheme, vector)
      const at = (expiresAt ?? vector.now) + (scheme === 'fdback' ? 1 : 0)
      const expected = expiresAt === null ? 'claims_invalid' : 'token_expired'
      expect(await verify(portal, sent(asSent(vector)), { at })).toBe(expected)
    })

    it(`are refused under another secret: ${entries(vector)}`, async () => {
      const portal = portalOf(scheme, { ...vector, secret: `${vector.secret}.` })
      const verdict = await verify(portal, sent(asSent(vector)), { at: vector.now })
      expect(verdict).toBe('signature_invalid')
    })
  }
})

describe('the known answers', () => {
  it('hold what the documented sample code of Harlyy prints', () => {
    const [vector] = vectorsOf('harlyy').filter(({ signed }) => signed.text === '{"nonce":"abc"}')
    expect(vector?.secret).toBe('my-super-secret-key')
    expect(vector?.signed.token).toBe(
      'eyJub25jZSI6ImFiYyJ9.vwL9KOa+yc0YXvArX8ffNl9OhB+y5lubVX8A4A2KqII=',
    )
  })

  it('hold what the documented sample code of fdback prints', () => {
    const [vector] = vectorsOf('fdback').filter(({ now }) => now === 1_704_067_200_000)
    expect(vector?.secret).toBe('your-workspace-secret')
    expect(vector?.signed.body).toBe('{"email":"test@example.com","name":"Test User"}')
    expect(vector?.signed.headers?.['x-signature']).toBe(
      'e12bcf940c576918d488ea37c0a993e2ec647c98b22e4258a74c28a025fc6e80',
    )
  })

  it('are more than a hundred, each with an id of its own', () => {
    const ids = SCHEMES.flatMap((scheme) => vectorsOf(scheme).map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(100)
  })
})
