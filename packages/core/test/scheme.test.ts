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
  query,
  type Codec,
} from '@countersign/core'
import { NOW, now, outcome, view } from './support/request'
import { CURRENT } from './support/secrets'

const codec = compact({ payload: base64url, signature: hex, signs: 'text' })

/** Signs an id and nothing else: neither a time nor an audience. */
const bareWith = (its: Codec<string>) =>
  defineScheme({
    name: 'bare',
    carrier: query('token'),
    codec: its,
    mac: hmacSha256,
    claims: { user: { id: identifier('sub'), email: absent, name: absent }, unknown: 'refuse' },
    limits: { maxLifetime: 60 },
    address: { origin: 'https://bare.example', path: () => '/', ids: [], expiresIn: 60 },
  })({ secret: CURRENT })

describe('a scheme', () => {
  it('may say no time at all', async () => {
    const portal = bareWith(codec)
    const { token, expiresAt } = await createSigner(portal, { now }).sign({ id: 'u1' })
    expect(expiresAt).toBe(NOW + 60_000)
    const answer = await createVerifier(portal, { now }).verify(view({ query: `token=${token}` }))
    expect(outcome(answer)).toBe('200')
    expect(answer).toMatchObject({ value: { auth: { issuedAt: null, expiresAt: null } } })
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
