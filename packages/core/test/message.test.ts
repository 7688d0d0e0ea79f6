import { signedMessage, type SignedMessage } from '@countersign/core'
import { expectRejection, thrown } from './support/errors'

const codec = signedMessage({ timestampClaim: 'at' })
const mac = Buffer.alloc(32, 0xab)

function sent(parts: Partial<SignedMessage> = {}): SignedMessage {
  const body = Buffer.from('{"email":"a@b"}')
  return { tenant: 'demo', timestamp: '1760000000000', signature: 'ab'.repeat(32), body, ...parts }
}

describe('a signed message', () => {
  it('is signed over its moment, a dot and its bytes', () => {
    const { tenant, input, signature } = codec.open(sent())
    expect(tenant).toBe('demo')
    expect(input.map(String).join('')).toBe('1760000000000.{"email":"a@b"}')
    expect(signature).toEqual(mac)
  })

  it('shows the moment among its claims, as a number', () => {
    expect(codec.open(sent()).claims()).toEqual({ email: 'a@b', at: 1_760_000_000_000 })
  })

  it('refuses a body that brings a moment of its own', () => {
    const { claims } = codec.open(sent({ body: Buffer.from('{"at":1}') }))
    expectRejection(thrown(claims), 'claims_invalid')
  })

  it.each(['', '[]', '{"a":1,"a":2}', 'email=a'])(
    'refuses a body that is no strict object: %p',
    (body) => {
      const { claims } = codec.open(sent({ body: Buffer.from(body) }))
      expectRejection(thrown(claims), 'token_malformed')
    },
  )

  it.each<[string, Partial<SignedMessage>]>([
    ['a workspace with a slash', { tenant: 'a/b' }],
    ['a workspace that is too long', { tenant: 'a'.repeat(256) }],
    ['no workspace', { tenant: '' }],
    ['a moment with a sign', { timestamp: '+1760000000000' }],
    ['a moment with a leading zero', { timestamp: '01760000000000' }],
    ['a moment with a fraction', { timestamp: '1760000000000.5' }],
    ['a moment in another notation', { timestamp: '1e12' }],
    ['a moment in other digits', { timestamp: '١٧٦٠٠٠٠٠٠٠٠٠٠' }],
    ['a moment with a line end', { timestamp: '1760000000000\n' }],
    ['a moment of 17 digits', { timestamp: '1'.repeat(17) }],
    ['no moment', { timestamp: '' }],
    ['a short signature', { signature: 'ab'.repeat(31) }],
    ['a long signature', { signature: 'ab'.repeat(33) }],
    ['a signature in upper case', { signature: 'AB'.repeat(32) }],
    ['a signature with a prefix', { signature: `sha256=${'ab'.repeat(32)}` }],
    ['no signature', { signature: '' }],
  ])('is malformed with %s', (_, parts) => {
    expectRejection(
      thrown(() => codec.open(sent(parts))),
      'token_malformed',
    )
  })

  it('takes as many as 16 digits, for the claims to judge', () => {
    expect(codec.open(sent({ timestamp: '9'.repeat(16) })).claims()['at']).toBe(1e16)
    expect(codec.open(sent({ timestamp: '1' })).claims()['at']).toBe(1)
  })

  it('opens what it sealed', () => {
    const { input, finish } = codec.seal({ email: 'é@b', at: 1_760_000_000_000 }, 'demo')
    const message = finish(mac)
    expect(message).toEqual(sent({ body: Buffer.from('{"email":"é@b"}') }))
    expect(codec.open(message).input).toEqual(input)
  })

  it('is no text, and takes every message for its own', () => {
    expect(codec).toMatchObject({ compact: false, shape: 'a signed message' })
    expect(codec.fits(sent())).toBe(true)
    expect(codec.seal({ at: 1 }, null).finish(mac).tenant).toBe('')
  })
})
