import { claimsOf, signedMessage, type SignedMessage } from '@countersign/core'
import { isTenantId } from '../../src/wire/message'
import { resultOf } from '../support/errors'

const codec = signedMessage({ timestampClaim: 'at' })
const signature = 'ab'.repeat(32)
const body = Buffer.from('{"email":"a@b"}')
const message: SignedMessage = { tenant: 'demo', timestamp: '1760000000000', signature, body }

const read = (parts: Partial<SignedMessage>) =>
  resultOf(() => claimsOf(codec.open({ ...message, ...parts })))

describe('a signed message', () => {
  it('is signed over its timestamp, a dot and its body', () => {
    expect(codec.open(message)).toEqual({
      tenant: 'demo',
      input: ['1760000000000', '.', body],
      signature,
      payload: body,
      beside: { at: 1_760_000_000_000 },
    })
    expect(codec).toMatchObject({ compact: false, shape: null, signs: 'timestamp and body' })
  })

  it.each<readonly [string, Partial<SignedMessage>, unknown]>([
    ['its timestamp among its claims', {}, { email: 'a@b', at: 1_760_000_000_000 }],
    ['a timestamp of 16 digits', { timestamp: '9'.repeat(16) }, { email: 'a@b', at: 1e16 }],
    ['a timestamp of one digit', { timestamp: '1' }, { email: 'a@b', at: 1 }],
    ['a body with a timestamp of its own', { body: Buffer.from('{"at":1}') }, 'claims_invalid'],
    ['an empty body', { body: Buffer.alloc(0) }, 'token_malformed'],
    ['a body that is not one object', { body: Buffer.from('[]') }, 'token_malformed'],
    ['a tenant with a slash', { tenant: 'a/b' }, 'token_malformed'],
    ['no tenant', { tenant: '' }, 'token_malformed'],
    ['a timestamp with a sign', { timestamp: '+1760000000000' }, 'token_malformed'],
    ['a timestamp in other digits', { timestamp: '1٧٦٠٠٠٠٠٠٠٠٠٠' }, 'token_malformed'],
    ['a timestamp with a line break', { timestamp: '1760000000000\n' }, 'token_malformed'],
    ['a signature with a prefix', { signature: `sha256=${signature}` }, 'token_malformed'],
  ])('is read, or rejected with a code: %s', (_, parts, result) => {
    expect(read(parts)).toEqual(result)
  })

  it('can be opened after it was sealed', () => {
    const { input, finish } = codec.seal({ email: 'é@b', at: 1_760_000_000_000 }, 'demo')
    const sealed = finish(signature)
    expect(sealed).toEqual({ ...message, body: Buffer.from('{"email":"é@b"}') })
    expect(codec.open(sealed).input).toEqual(input)
    expect(codec.seal({ at: 1 }, null).finish(signature).tenant).toBe('')
  })
})

describe('the name of a tenant', () => {
  it('has 1 to 255 letters, digits, "_" and "-"', () => {
    for (const name of ['a', 'Z_9-', '0', 'a'.repeat(255)])
      expect([name, isTenantId(name)]).toEqual([name, true])
    const others = ['', 'a'.repeat(256), 'a b', 'a/b', '.', 'é', 'a\n', 'a\0', null, 7, {}, ['a']]
    for (const other of others) expect([other, isTenantId(other)]).toEqual([other, false])
  })
})
