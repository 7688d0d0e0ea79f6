import { createHmac } from 'node:crypto'
import {
  absent,
  base64url,
  compact,
  createSigner,
  createVerifier,
  defineScheme,
  hex,
  hmacSha256,
  identifier,
  optional,
  query,
  seconds,
  type Codec,
} from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { NOW, now, outcome, view } from './support/request'
import { CURRENT } from './support/secrets'

const codec = compact({ payload: base64url, signature: hex, signs: 'text' })

const user = { id: identifier('sub'), email: absent, name: absent }
const address = { origin: 'https://bare.example', path: () => '/', ids: [], expiresIn: 60 }

/** Signs an id and its end, and nothing else. */
const bareWith = (its: Codec<string>) =>
  defineScheme({
    name: 'bare',
    carrier: query('token'),
    codec: its,
    mac: hmacSha256,
    claims: { user, expiresAt: optional(seconds('exp')), unknown: 'refuse' },
    limits: { maxLifetime: 60 },
    address,
  })({ secret: CURRENT })

describe('a scheme', () => {
  it('may say no more of time than when it ends', async () => {
    const portal = bareWith(codec)
    const { token, expiresAt } = await createSigner(portal, { now }).sign({ id: 'u1' })
    expect(expiresAt).toBe(NOW + 60_000)
    const answer = await createVerifier(portal, { now }).verify(view({ query: `token=${token}` }))
    expect(outcome(answer)).toBe('200')
    expect(answer).toMatchObject({ value: { auth: { issuedAt: null } } })
  })

  it('accepts nothing that would count for ever', async () => {
    const { input, finish } = codec.seal({ sub: 'u1' }, null)
    const mac = createHmac('sha256', CURRENT).update(input[0] as string) // signed as text
    const query = `token=${finish(mac.digest())}`
    const answer = await createVerifier(bareWith(codec), { now }).verify(view({ query }))
    expect(outcome(answer)).toBe('401 claims_invalid')
  })

  it.each([
    ['has no claim for any time', {}],
    ['is used once by a nonce that it lacks', { singleUse: { when: 'always', by: 'nonce' } }],
  ] as const)('is refused where it %s', (_, extra) => {
    const claims = { user, unknown: 'refuse' } as const
    const rest = { carrier: query('token'), codec, mac: hmacSha256, limits: { maxLifetime: 60 } }
    expectMisconfigured(
      () => defineScheme({ name: 'bare', claims, address, ...rest, ...extra }),
      'option_invalid',
    )
  })

  it('signs nothing where it cannot read what it writes', async () => {
    const seal: typeof codec.seal = (claims, tenant) => ({
      ...codec.seal(claims, tenant),
      input: ['other'],
    })
    const signing = createSigner(bareWith({ ...codec, seal }), { now }).sign({ id: 'u1' })
    await expect(signing).rejects.toMatchObject({
      reason: 'scheme_unreadable',
      code: 'misconfigured',
    })
  })

  it('that fails in code of its own is not the fault of the user', async () => {
    const fault = new Error('our own')
    const open = (): never => {
      throw fault
    }
    const signing = createSigner(bareWith({ ...codec, open }), { now }).sign({ id: 'u1' })
    await expect(signing).rejects.toBe(fault)
  })

  it('cannot be changed once it is defined', () => {
    expect(Object.isFrozen(bareWith(codec).scheme)).toBe(true)
  })
})
