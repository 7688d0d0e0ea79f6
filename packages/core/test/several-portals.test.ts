import { createVerifier, type Portal } from '@countersign/core'
import { expectMisconfigured } from './support/errors'
import { forgeJwt, forgeLink, forgeMessage, forgeOnce } from './support/forge'
import { now, outcome, view, type RequestParts } from './support/request'
import { jwt, link, message, once } from './support/schemes'
import { CURRENT, FOREIGN, PREVIOUS } from './support/secrets'

const SECRETS = { link: CURRENT, jwt: PREVIOUS, once: FOREIGN, message: `${CURRENT}-4` }
const portals: readonly Portal[] = [
  link({ secret: SECRETS.link }),
  jwt({ secret: SECRETS.jwt, projectKey: 'project' }),
  once({ secret: SECRETS.once }),
  message({ secret: SECRETS.message }),
]

const token = `token=${forgeLink()}`
const jwtToken = `token=${forgeJwt(undefined, { secret: SECRETS.jwt })}`
const sig = `sig=${encodeURIComponent(forgeOnce(undefined, SECRETS.once))}`
const post = { method: 'POST', ...forgeMessage({ secret: SECRETS.message }) }

async function ask(parts: RequestParts, options = {}) {
  const answer = await createVerifier(portals, { now, ...options }).verify(view(parts))
  return answer.ok ? answer.value.user.scheme : outcome(answer)
}

describe('several portals on one route', () => {
  it.each<[string, RequestParts]>([
    ['link', { query: token }],
    ['jwt', { query: jwtToken }],
    ['once', { query: sig }],
    ['message', post],
  ])('leave each credential to its own: %s', async (scheme, parts) => {
    expect(await ask(parts)).toBe(scheme)
  })

  it('leave it to its own also when another comes first in the list', async () => {
    for (const [scheme, query] of [
      ['link', token],
      ['jwt', jwtToken],
    ] as const) {
      const answer = await createVerifier(portals.toReversed(), { now }).verify(view({ query }))
      expect(answer).toMatchObject({ ok: true, value: { user: { scheme } } })
    }
  })

  it('never try one secret after the other', async () => {
    expect(await ask({ query: `token=${forgeLink(undefined, SECRETS.jwt)}` })).toBe(
      '401 signature_invalid',
    )
    expect(await ask({ query: `token=${forgeJwt(undefined, { secret: SECRETS.link })}` })).toBe(
      '401 signature_invalid',
    )
  })

  it('have nothing to do with what has no shape of theirs', async () => {
    for (const sent of ['x', 'a.b', 'a.b.c.d', `a.${'f'.repeat(63)}`]) {
      expect(await ask({ query: `token=${sent}` })).toBe('401 token_malformed')
    }
  })

  it.each<[string, RequestParts]>([
    ['two parameters', { query: `${token}&${sig}` }],
    ['a parameter and headers', { ...post, query: token }],
    ['a parameter of one and a bad one of another', { query: `${token}&sig=x` }],
  ])('find two places ambiguous: %s', async (_, parts) => {
    expect(await ask(parts)).toBe('400 credential_ambiguous')
  })

  it('say that nothing was sent, when nothing was', async () => {
    const answer = await createVerifier(portals, { now }).verify(view({ query: 'a=b' }))
    expect(answer).toMatchObject({ ok: false, absent: true, error: { code: 'credential_missing' } })
  })

  it('share `Authorization` where they differ in shape', async () => {
    const bearer = (text: string) => ({ headers: [['Authorization', `Bearer ${text}`]] }) as const
    expect(await ask(bearer(forgeLink()), { bearer: true })).toBe('link')
    expect(await ask(bearer(forgeJwt(undefined, { secret: SECRETS.jwt })), { bearer: true })).toBe(
      'jwt',
    )
    expect(await ask(bearer(forgeOnce(undefined, SECRETS.once)), { bearer: true })).toBe('once')
    expect(await ask(bearer('x'), { bearer: true })).toBe('401 token_malformed')
    expect(await ask(bearer(forgeLink()))).toBe('401 credential_missing')
    expect(await ask({ ...bearer(forgeLink()), query: token }, { bearer: true })).toBe(
      '400 credential_ambiguous',
    )
  })

  it('tell one bad credential from two', async () => {
    const bad = { headers: [['Authorization', 'Bearer a b']] } as const
    expect(await ask(bad, { bearer: true })).toBe('401 token_malformed')
    expect(await ask({ ...bad, query: sig }, { bearer: true })).toBe('400 credential_ambiguous')
    expect(await ask({ query: 'token=%zz' })).toBe('401 token_malformed')
    expect(await ask({ query: 'token=%zz' }, { bearer: true })).toBe('401 token_malformed')
    expect(await ask({ query: 'token=%zz&sig=%zz' })).toBe('400 credential_ambiguous')
    const part = { headers: post.headers.slice(1) }
    expect(await ask(part)).toBe('401 credential_missing')
    expect(await ask({ ...part, query: token })).toBe('400 credential_ambiguous')
  })

  it('cannot share a place in one shape', () => {
    const alike: readonly Portal[] = [once({ secret: CURRENT }), once({ secret: PREVIOUS })]
    expectMisconfigured(() => createVerifier(alike), 'portals_alike')
    const messages: readonly Portal[] = [
      message({ secret: CURRENT }),
      message({ secret: PREVIOUS }),
    ]
    expectMisconfigured(() => createVerifier(messages), 'portals_alike')
    const same = link({ secret: CURRENT })
    expectMisconfigured(
      () => createVerifier([same, same], { allowSecretReuse: true }),
      'portals_alike',
    )
  })

  it('need one credential that fits into a header, to take it as a bearer', () => {
    const only = message({ secret: CURRENT })
    expectMisconfigured(() => createVerifier(only, { bearer: true }), 'option_invalid')
    expect(() => createVerifier([...portals], { bearer: true })).not.toThrow()
  })

  it('may each lower what the scheme allows, and one of them has to allow it', () => {
    const mixed: readonly Portal[] = [portals[0] as Portal, portals[3] as Portal]
    expect(() => createVerifier(mixed, { maxLifetime: 86_400 })).not.toThrow()
    expectMisconfigured(() => createVerifier(mixed, { maxLifetime: 86_401 }), 'option_invalid')
  })
})

describe('one portal', () => {
  it('takes its credential as a bearer where it was told to', async () => {
    const headers = [['authorization', `Bearer ${forgeLink()}`]] as const
    const answer = async (bearer: boolean) =>
      createVerifier(portals[0] as Portal, { now, bearer }).verify(view({ headers }))
    expect(await answer(true)).toMatchObject({ ok: true, value: { inUrl: false } })
    expect(outcome(await answer(false))).toBe('401 credential_missing')
  })
})
