import { createGuard, createSigner, createVerifier, Key, type SecretInput } from '@countersign/core'
import { forgeLink, linkClaims } from './support/forge'
import { accepted, NOW, now, outcome, view } from './support/request'
import { link } from './support/schemes'
import { CURRENT, FOREIGN, PREVIOUS } from './support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

const rotating: readonly SecretInput[] = [
  { id: 'new', value: CURRENT },
  { id: 'old', value: PREVIOUS, notAfter: new Date(NOW + 1_000) },
]

const signedWith = (secret: string, time = NOW) =>
  view({
    query: `token=${forgeLink({ ...linkClaims, timestamp: time / 1000, expires: time / 1000 + 60 }, secret)}`,
  })

describe('secrets that rotate', () => {
  it('SR-25 accepts the previous one, and tells', async () => {
    const onRotatedKey = jest.fn()
    const onVerified = jest.fn()
    const guard = createGuard(link({ secret: rotating }), { now, onRotatedKey, onVerified })
    const verdict = await guard.judge(signedWith(PREVIOUS))
    const told = { rotated: true, auth: { keyId: 'old' }, user: { id: 'u1' } }
    expect(verdict).toMatchObject({ pass: true, verified: told })
    expect(onRotatedKey).toHaveBeenCalledTimes(1)
    expect(onRotatedKey.mock.calls[0]).toMatchObject([told, {}])
    expect(onVerified).toHaveBeenCalledTimes(1)
  })

  it('SR-25 says nothing when the newest one signed', async () => {
    const onRotatedKey = jest.fn()
    const guard = createGuard(link({ secret: rotating }), { now, onRotatedKey })
    const verdict = await guard.judge(signedWith(CURRENT))
    expect(verdict).toMatchObject({
      pass: true,
      verified: { rotated: false, auth: { keyId: 'new' } },
    })
    expect(onRotatedKey).not.toHaveBeenCalled()
  })

  it.each([
    ['one millisecond before', 999, '200'],
    ['at', 1_000, '401 signature_invalid'],
    ['after', 60_000, '401 signature_invalid'],
  ])('SR-26 stops accepting the previous one at its `notAfter`: %s', async (_, later, answer) => {
    const time = NOW + later
    const verifier = createVerifier(link({ secret: rotating }), { now: () => time })
    expect(outcome(await verifier.verify(signedWith(PREVIOUS, NOW)))).toBe(answer)
    expect(outcome(await verifier.verify(signedWith(CURRENT, NOW)))).toBe(
      later < 60_000 ? '200' : '401 token_expired',
    )
  })

  it('SR-27 signs with the first, whatever the order of age', async () => {
    for (const [secret, id] of [
      [rotating, 'new'],
      [rotating.toReversed(), 'old'],
    ] as const) {
      const portal = link({ secret, slug: 'acme' })
      const { token } = await createSigner(portal, { now }).sign({ id: 'u1' })
      const { auth, rotated } = accepted(
        await createVerifier(portal, { now }).verify(view({ query: `token=${token}` })),
      )
      expect({ keyId: auth.keyId, rotated }).toEqual({ keyId: id, rotated: false })
    }
  })

  it('SR-27 signs with nothing when the first is past its `notAfter`', async () => {
    const portal = link({ secret: rotating.toReversed(), slug: 'acme' })
    const signer = createSigner(portal, { now: () => NOW + 1_000 })
    await expect(signer.sign({ id: 'u1' })).rejects.toMatchObject({ reason: 'key_retired' })
  })

  it.each([
    ['the first', CURRENT, '200'],
    ['the second', PREVIOUS, '200'],
    ['the last', `${CURRENT}-3`, '200'],
    ['none', FOREIGN, '401 signature_invalid'],
  ])('SR-28 tries every secret once, also when %s signed', async (_, secret, answer) => {
    const portal = link({ secret: [CURRENT, PREVIOUS, `${CURRENT}-3`] })
    const verifier = createVerifier(portal, { now })
    const macs = jest.spyOn(Key.prototype, 'hmac')
    expect(outcome(await verifier.verify(signedWith(secret)))).toBe(answer)
    expect(macs).toHaveBeenCalledTimes(3)
  })
})
