import { Key, type SecretSource } from '@countersign/core'
import { fdback, featkit } from '@countersign/core/schemes'
import { problemResponse } from '../../src/response'
import { forgeLink, forgeMessage } from '../support/forge'
import { accepted, NOW, outcome, verify } from '../support/request'
import { CURRENT, FOREIGN, PREVIOUS } from '../support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

/** What a link gets under these secrets. */
const ask = async (secret: SecretSource, token: string, at = NOW) =>
  verify(featkit({ secret }), { query: `token=${token}` }, { now: () => at })

describe('a list of secrets', () => {
  const list = [
    { id: 'new', value: CURRENT },
    { id: 'old', value: PREVIOUS, notAfter: new Date(NOW + 1) },
    FOREIGN,
  ]

  it.each([
    ['the first', CURRENT, 'new', false],
    ['an older one', PREVIOUS, 'old', true],
    ['one without an id', FOREIGN, null, true],
  ])('names the secret that signed: %s', async (_, secret, keyId, rotated) => {
    const verified = accepted(await ask(list, forgeLink(undefined, secret)))
    expect([verified.auth.keyId, verified.rotated]).toEqual([keyId, rotated])
  })

  it('no longer accepts a secret from its `notAfter` on', async () => {
    const token = forgeLink(undefined, PREVIOUS)
    expect(outcome(await ask(list, token, NOW))).toBe('200')
    expect(outcome(await ask(list, token, NOW + 1))).toBe('401 signature_invalid')
  })

  it('tries every secret, also after one has matched', async () => {
    const tried = jest.spyOn(Key.prototype, 'verify')
    await ask(list, forgeLink())
    expect(tried).toHaveBeenCalledTimes(3)
  })
})

it('looks up no secret for a signature that is not spelled as the scheme writes it', async () => {
  const secret = jest.fn(() => CURRENT)
  const upperCase = forgeLink().replace(/[^.]*$/, (mac) => mac.toUpperCase())
  for (const source of [secret, CURRENT]) {
    expect(outcome(await ask(source, upperCase))).toBe('401 token_malformed')
  }
  expect(secret).not.toHaveBeenCalled()
})

describe('an unknown tenant', () => {
  const secret: SecretSource = ({ tenant }) => (tenant === 'known' ? CURRENT : null)

  it('gets the response of a wrong signature, after one MAC as well', async () => {
    const tried = jest.spyOn(Key.prototype, 'verify')
    const responses = []
    for (const parts of [{ workspace: 'unknown' }, { workspace: 'known', secret: FOREIGN }]) {
      const answer = await verify(fdback({ secret }), forgeMessage(parts))
      expect(answer).toMatchObject({ ok: false, error: { code: 'signature_invalid' } })
      if (!answer.ok) responses.push(problemResponse(answer.error))
      expect(tried).toHaveBeenCalledTimes(responses.length)
    }
    expect(responses[0]).toEqual(responses[1])
  })
})
