import { createVerifier, isPromise, isRejection, type Portal } from '@countersign/core'
import fc from 'fast-check'
import { expectMisconfigured } from './support/errors'
import {
  forgeJwt,
  forgeLink,
  forgeMessage,
  forgeOnce,
  jwtClaims,
  linkClaims,
} from './support/forge'
import { accepted, NOW, now, outcome, view } from './support/request'
import { jwt, link, message, once } from './support/schemes'
import { CURRENT, FOREIGN } from './support/secrets'

const portal = link({ secret: [{ id: 'k1', value: CURRENT }] })
const verifier = createVerifier(portal, { now })
const ask = (query: string) => verifier.verify(view({ query }))

describe('a verifier', () => {
  it('tells the user, and how we know', async () => {
    const token = forgeLink({ ...linkClaims, user_id: 7, email: 'ada@example.com', role: 'admin' })
    const { user, auth, rotated, inUrl } = accepted(await ask(`token=${token}`))
    expect(user).toEqual({ scheme: 'link', id: '7', email: 'ada@example.com', name: null })
    expect(auth).toEqual({
      scheme: 'link',
      tenant: null,
      keyId: 'k1',
      issuedAt: new Date(NOW),
      expiresAt: new Date(NOW + 60_000),
      nonce: null,
      consume: expect.any(Function),
    })
    expect([rotated, inUrl]).toEqual([false, true])
    expect(Object.isFrozen(user)).toBe(true)
  })

  it('answers without a promise where nothing has to be waited for', () => {
    const answers = [
      ask(`token=${forgeLink()}`),
      ask(`token=${forgeLink(undefined, FOREIGN)}`),
      ask(''),
      createVerifier(link({ secret: () => CURRENT }), { now }).verify(
        view({ query: `token=${forgeLink()}` }),
      ),
      createVerifier(message({ secret: CURRENT }), { now }).verify(
        view({ method: 'POST', ...forgeMessage() }),
      ),
    ]
    expect(answers.map(isPromise)).toEqual([false, false, false, false, false])
  })

  it('answers with one where a lookup, a body or a store has to be waited for', async () => {
    const { headers, body } = forgeMessage()
    const answers = [
      createVerifier(link({ secret: async () => CURRENT }), { now }).verify(
        view({ query: `token=${forgeLink()}` }),
      ),
      createVerifier(message({ secret: CURRENT }), { now }).verify(
        view({ headers, body: async () => body }),
      ),
      createVerifier(once({ secret: CURRENT }), { now }).verify(
        view({ query: `sig=${encodeURIComponent(forgeOnce())}` }),
      ),
    ]
    expect(answers.map(isPromise)).toEqual([true, true, true])
    for (const answer of answers) expect(outcome(await answer)).toBe('200')
  })

  it.each([
    ['nothing', '', true],
    ['an empty parameter', 'token=', true],
    ['another parameter', 'sig=x', true],
    ['a bad one', 'token=x', false],
    ['two', 'token=a&token=b', false],
  ])('knows nothing was sent from something bad: %s', async (_, query, absent) => {
    expect(await ask(query)).toMatchObject({ ok: false, absent })
  })

  it('says credential_missing when nothing was sent, and when a part was', async () => {
    expect(outcome(await ask(''))).toBe('401 credential_missing')
    const headers = forgeMessage().headers.slice(0, 2)
    const part = await createVerifier(message({ secret: CURRENT }), { now }).verify(
      view({ headers }),
    )
    expect(outcome(part)).toBe('401 credential_missing')
    expect(part).toMatchObject({ absent: false })
  })

  it('never throws, whatever is sent', async () => {
    const portals: Portal[] = [
      portal,
      jwt({ secret: CURRENT, projectKey: 'p' }),
      once({ secret: CURRENT }),
    ]
    const verifiers = portals.map((each) => createVerifier(each, { now, bearer: true }))
    const letters = fc.string({
      unit: fc.constantFrom(...'&=%.[]tokensig2+/ é\u{1f600}'.split('')),
    })
    await fc.assert(
      fc.asyncProperty(letters, fc.string(), fc.string({ unit: 'binary' }), async (a, b, c) => {
        for (const query of [
          a,
          `token=${a}`,
          `sig=${b}.${c}`,
          forgeLink(b),
          forgeJwt(b, { header: c }),
        ]) {
          for (const each of verifiers) {
            const answer = await each.verify(
              view({ query, headers: [['authorization', `Bearer ${b}`]] }),
            )
            expect(answer.ok === false && isRejection(answer.error)).toBe(true)
          }
        }
      }),
    )
  })

  it('never throws where a body cannot be had', async () => {
    const { headers } = forgeMessage()
    const posts = createVerifier(message({ secret: CURRENT }), { now })
    const fault = new Error('our own')
    await expect(
      Promise.resolve(posts.verify(view({ headers, body: () => Promise.reject(fault) }))),
    ).rejects.toBe(fault)
  })

  it('says nothing about times or claims before the signature is right', async () => {
    const expired = { ...linkClaims, expires: 1, user_id: '' }
    expect(outcome(await ask(`token=${forgeLink(expired, FOREIGN)}`))).toBe('401 signature_invalid')
    expect(outcome(await ask(`token=${forgeLink(expired)}`))).toBe('401 claims_invalid')
  })

  it.each([
    ['one millisecond before its end', 59_999, '200'],
    ['at its end', 60_000, '401 token_expired'],
    ['thirty seconds before its issue', -30_000, '200'],
    ['a millisecond earlier', -30_001, '401 token_not_yet_valid'],
  ])('goes by its clock: %s', async (_, distance, answer) => {
    const later = createVerifier(portal, { now: () => NOW + distance })
    expect(outcome(await later.verify(view({ query: `token=${forgeLink()}` })))).toBe(answer)
  })

  it('takes a tolerance and a longest life as told', async () => {
    const query = `token=${forgeLink()}`
    const early = createVerifier(portal, { now: () => NOW - 1, clockTolerance: 0 })
    expect(outcome(await early.verify(view({ query })))).toBe('401 token_not_yet_valid')
    for (const [maxLifetime, answer] of [
      [60, '200'],
      [59.999, '401 lifetime_exceeded'],
    ] as const) {
      const strict = createVerifier(portal, { now, maxLifetime })
      expect(outcome(await strict.verify(view({ query })))).toBe(answer)
    }
  })

  it('lowers the window of a scheme that has no expiry, too', async () => {
    const strict = createVerifier(message({ secret: CURRENT }), { now, maxLifetime: 60 })
    const at = (age: number) => strict.verify(view(forgeMessage({ timestamp: String(NOW - age) })))
    expect(outcome(await at(60_000))).toBe('200')
    expect(outcome(await at(60_001))).toBe('401 token_expired')
    expect(accepted(await at(0)).auth.expiresAt).toEqual(new Date(NOW + 60_000))
  })

  it('keeps an audience exactly', async () => {
    const projects = createVerifier(jwt({ secret: CURRENT, projectKey: 'project' }), { now })
    const meant = (audience: unknown) =>
      projects.verify(view({ query: `token=${forgeJwt({ ...jwtClaims, project_key: audience })}` }))
    const answers = ['project', 'Project', 'project ', '', ['project'], null].map(
      async (audience) => outcome(await meant(audience)),
    )
    expect(await Promise.all(answers)).toEqual([
      '200',
      '401 audience_mismatch',
      '401 audience_mismatch',
      '401 audience_mismatch',
      '401 claims_invalid',
      '401 claims_invalid',
    ])
  })

  it.each([undefined, null, [], [undefined], {}, [{}], 'link'])(
    'has nothing to verify for %p',
    (nothing) => {
      expectMisconfigured(() => createVerifier(nothing as unknown as Portal), 'portal_missing') // wrong on purpose
    },
  )
})
