import {
  createGuard,
  createSigner,
  createVerifier,
  seconds,
  type ClaimsTable,
  type UserOf,
} from '@countersign/core'
import { refusal, thrown } from './support/errors'
import { hmac } from './support/forge'
import { acme, claims, type AcmeInput, type AcmeUser, type Role } from './support/own-scheme'
import { accepted, NOW, now, outcome, view } from './support/request'
import { link } from './support/schemes'
import { CURRENT, PREVIOUS } from './support/secrets'

const portal = acme({ secret: CURRENT, site: 'main' })
const editor: AcmeInput = { id: 'u1', role: 'editor', name: 'Ada', team: 'red' }
const post = (headers: Readonly<Record<string, string>> = {}) =>
  view({ method: 'POST', headers: Object.entries(headers) })

describe('a scheme of one’s own', () => {
  it('signs under its own names, in its own order, to its own place', async () => {
    const { url, headers, token, expiresAt } = await createSigner(portal, { now }).sign(editor, {
      nonce: 'n1',
    })
    expect(url).toBe('https://acme.example/sites/main/enter')
    expect(headers).toEqual({ 'x-acme-user': token })
    expect(expiresAt).toBe(NOW + 120_000)
    const payload = `{"who":"u1","called":"Ada","r":"editor","team":"red","made":${NOW / 1000},"ends":${NOW / 1000 + 120},"once":"n1","for":"main"}`
    const text = Buffer.from(payload).toString('base64url')
    expect(token).toBe(`${text}.${hmac(CURRENT, payload).toString('base64url')}`)
  })

  it('verifies what it signed, once, with the types of its own user', async () => {
    const { headers } = await createSigner(portal, { now }).sign(editor)
    const verifier = createVerifier(portal, { now })
    const { user, auth } = accepted(await verifier.verify(post(headers)))
    expect(user).toEqual({
      scheme: 'acme',
      id: 'u1',
      email: null,
      name: 'Ada',
      role: 'editor',
      team: 'red',
    })
    expect(auth.nonce).toMatch(/^[0-9a-f-]{36}$/)
    expect(outcome(await verifier.verify(post(headers)))).toBe('401 token_replayed')
    const own: Role = user.role
    const team: string | null = user.team
    const scheme: 'acme' = user.scheme
    expect([own, team, scheme]).toEqual(['editor', 'red', 'acme'])
    // @ts-expect-error -- a role is no number
    const wrong: number = user.role
    // @ts-expect-error -- there is no such property
    expect([wrong, user.plan]).toEqual(['editor', undefined])
  })

  it('answers with the codes of every scheme', async () => {
    const { headers = {} } = await createSigner(portal, { now }).sign(editor)
    const sent = headers['x-acme-user'] ?? ''
    const ask = async (value: string, options = {}) =>
      outcome(
        await createVerifier(portal, { now, ...options }).verify(post({ 'x-acme-user': value })),
      )
    expect(await ask('')).toBe('401 credential_missing')
    expect(await ask(`${sent}=`)).toBe('401 token_malformed')
    expect(await ask(sent.replace(/^./, 'f'))).toBe('401 signature_invalid')
    expect(await ask(sent, { now: () => NOW + 120_000 })).toBe('401 token_expired')
    expect(await ask(sent, { maxLifetime: 60 })).toBe('401 lifetime_exceeded')
  })

  it('refuses what is wrong with a user before it signs', async () => {
    const signer = createSigner(portal, { now })
    const wrong = { ...editor, team: 'x'.repeat(21) }
    expect(await refusal(signer.sign(wrong))).toMatchObject({ code: 'user_invalid' })
    // @ts-expect-error -- a role is one of two
    const other: AcmeInput = { id: 'u1', role: 'admin' }
    await expect(signer.sign(other)).resolves.toHaveProperty('token')
    // @ts-expect-error -- a user has an id
    expect(await refusal(signer.sign({ role: 'reader' }))).toMatchObject({ code: 'user_invalid' })
  })

  it('stands beside others in one guard, which knows the user of each', async () => {
    const onVerified = jest.fn()
    const both = [portal, link({ secret: PREVIOUS })]
    const guard = createGuard(both, { now, onVerified })
    const { headers } = await createSigner(portal, { now }).sign(editor)
    expect(await guard.judge(post(headers))).toMatchObject({ pass: true, headers: {} })
    expect(onVerified).toHaveBeenCalledTimes(1)
  })

  it('checks at compile time what its portals are made with', () => {
    // @ts-expect-error -- it has no such id
    expect(thrown(() => acme({ secret: CURRENT, slug: 'main' }))).toMatchObject({
      reason: 'option_unknown',
    })
    // @ts-expect-error -- a secret is no number
    expect(thrown(() => acme({ secret: 7 }))).toMatchObject({ reason: 'secret_type' })
    // @ts-expect-error -- there is no option of that name
    expect(thrown(() => createVerifier(portal, { clockSkew: 1 }))).toMatchObject({
      reason: 'option_unknown',
    })
  })

  it('checks at compile time that its table has a field of the right type for every property', () => {
    const { user } = claims
    const { role: _, ...rest } = user
    // @ts-expect-error -- the role is missing
    const incomplete: ClaimsTable<AcmeUser, AcmeInput> = { user: rest, unknown: 'drop' }
    const timed = { ...user, team: seconds('t') }
    // @ts-expect-error -- a team is text, not a time
    const mistyped: ClaimsTable<AcmeUser, AcmeInput> = { user: timed, unknown: 'drop' }
    // @ts-expect-error -- there are two ways to treat what is unknown
    const careless: ClaimsTable<AcmeUser, AcmeInput> = { user, unknown: 'keep' }
    expect([incomplete, mistyped, careless].every(({ user: table }) => 'id' in table)).toBe(true)
  })

  it('gives the user’s type to whoever asks', () => {
    const user: UserOf<typeof portal> = {
      scheme: 'acme',
      id: 'u1',
      email: null,
      name: null,
      role: 'reader',
      team: null,
    }
    // @ts-expect-error -- it is the scheme's own
    const other: UserOf<typeof portal> = { ...user, scheme: 'link' }
    expect([user.role, other.scheme]).toEqual(['reader', 'link'])
  })
})
