import { createSigner, createVerifier, type Portal, type VerifierOptions } from '@countersign/core'
import {
  crisp,
  discourseConnect,
  fdback,
  featkit,
  front,
  harlyy,
  seggwat,
} from '@countersign/core/schemes'
import { expectMisconfigured } from '../support/errors'
import { forgeJwt, forgeLink, forgeMessage, forgeOnce } from '../support/forge'
import { now, outcome, verify, type RequestParts } from '../support/request'
import { CURRENT, FOREIGN, PREVIOUS } from '../support/secrets'

const MESSAGE = `${CURRENT}-4`
const links = featkit({ secret: CURRENT })
const jwts = seggwat({ secret: PREVIOUS, projectKey: 'project', mode: 'jwt' })
const surveys = harlyy({ secret: FOREIGN })
const requests = fdback({ secret: MESSAGE })
const portals: readonly Portal[] = [links, jwts, surveys, requests]

const link = forgeLink()
const jwt = forgeJwt(undefined, { secret: PREVIOUS })
const survey = forgeOnce(undefined, FOREIGN)
const token = `token=${link}`
const sig = `sig=${encodeURIComponent(survey)}`
const post = forgeMessage({ secret: MESSAGE })
const part = { headers: post.headers.slice(1) }
const bearer = (text: string) => ({ headers: [['Authorization', `Bearer ${text}`]] }) as const

/** The scheme that accepted the request, or the refusal. */
async function ask(parts: RequestParts, options: VerifierOptions = {}, list = portals) {
  const answer = await verify(list, parts, options)
  return answer.ok ? answer.value.user.scheme : outcome(answer)
}

describe('a verifier of several portals', () => {
  it.each<[string, RequestParts]>([
    ['featkit', { query: token }],
    ['seggwat', { query: `token=${jwt}` }],
    ['harlyy', { query: sig }],
    ['fdback', post],
  ])('finds the portal by place and shape, in any order: %s', async (scheme, parts) => {
    expect(await ask(parts)).toBe(scheme)
    expect(await ask(parts, {}, portals.toReversed())).toBe(scheme)
  })

  it.each([
    ['a link signed with the JWT secret', forgeLink(undefined, PREVIOUS), 'signature_invalid'],
    ['a JWT signed with the link secret', forgeJwt(), 'signature_invalid'],
    ['no segments', 'x', 'token_malformed'],
    ['a signature of another length', `a.${'f'.repeat(63)}`, 'token_malformed'],
    ['four segments', 'a.b.c.d', 'token_malformed'],
  ])('never tries one portal after the other: %s', async (_, sent, code) => {
    expect(await ask({ query: `token=${sent}` })).toBe(`401 ${code}`)
  })

  it.each<[string, RequestParts, string]>([
    ['two parameters', { query: `${token}&${sig}` }, '400 credential_ambiguous'],
    ['a parameter and headers', { ...post, query: token }, '400 credential_ambiguous'],
    ['a valid and a malformed one', { query: `${token}&sig=x` }, '400 credential_ambiguous'],
    ['two malformed ones', { query: 'token=%zz&sig=%zz' }, '400 credential_ambiguous'],
    ['a valid and half a credential', { ...part, query: token }, '400 credential_ambiguous'],
    ['one malformed one', { query: 'token=%zz' }, '401 token_malformed'],
    ['half a credential', part, '401 credential_missing'],
    ['nothing', { query: 'a=b' }, '401 credential_missing'],
  ])('looks for ambiguity first: %s', async (_, parts, answer) => {
    expect(await ask(parts)).toBe(answer)
  })

  it.each<[string, RequestParts, string]>([
    ['a link', bearer(link), 'featkit'],
    ['a JWT', bearer(jwt), 'seggwat'],
    ['a survey link', bearer(survey), 'harlyy'],
    ['an unknown shape', bearer('x'), '401 token_malformed'],
    ['two words', bearer('a b'), '401 token_malformed'],
    ['a parameter, too', { ...bearer(link), query: token }, '400 credential_ambiguous'],
    ['two words and a parameter', { ...bearer('a b'), query: sig }, '400 credential_ambiguous'],
    ['a malformed parameter alone', { query: 'token=%zz' }, '401 token_malformed'],
  ])('reads bearer tokens where `bearer` is set: %s', async (_, parts, answer) => {
    expect(await ask(parts, { bearer: true })).toBe(answer)
  })
})

describe('portals that share a parameter', () => {
  const forum = discourseConnect({ secret: CURRENT, baseUrl: 'https://forum.example' })

  it('get the credential that is whole for them', async () => {
    const { url } = await createSigner(forum, { now }).sign({ id: 1, email: 'ada@example.com' })
    const options = { nonceRetention: 60 }
    const both = [surveys, forum]
    for (const list of [both, both.toReversed()]) {
      expect(await ask({ query: sig }, options, list)).toBe('harlyy')
      const query = new URL(url).search.slice(1)
      expect(await ask({ query }, options, list)).toBe('discourseConnect')
    }
  })
})

describe('portals that cannot be told apart', () => {
  it.each<[string, readonly Portal[]]>([
    ['two of one scheme', [links, featkit({ secret: PREVIOUS })]],
    ['one portal twice', [links, links]],
    ['two that read headers', [requests, fdback({ secret: PREVIOUS })]],
    ['two that share the identifier', [crisp({ secret: CURRENT }), front({ secret: PREVIOUS })]],
  ])('are refused at construction: %s', (_, alike) => {
    const create = () => createVerifier(alike, { allowSecretReuse: true })
    expectMisconfigured(create, 'portals_alike')
  })
})

describe('portals that share a secret', () => {
  const sharing = [links, harlyy({ secret: [FOREIGN, Buffer.from(CURRENT)] })] as const

  it('are refused at construction, unless `allowSecretReuse` is set', () => {
    expectMisconfigured(() => createVerifier(sharing), 'secret_reuse')
    expect(() => createVerifier(sharing, { allowSecretReuse: true })).not.toThrow()
    expect(() => createVerifier([links, harlyy({ secret: () => CURRENT })])).not.toThrow()
  })
})
