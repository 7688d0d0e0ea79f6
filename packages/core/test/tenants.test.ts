import { createSigner, createVerifier, type Portal, type VerifierOptions } from '@countersign/core'
import { forgeJwt, forgeLink, forgeMessage, jwtClaims, type MessageParts } from './support/forge'
import { catchWarnings } from './support/process'
import { accepted, now, outcome, view } from './support/request'
import { jwt, link, message } from './support/schemes'
import { CURRENT, FOREIGN } from './support/secrets'

type Options = VerifierOptions<{ readonly host?: string }>

const post = (portal: Portal, parts: MessageParts, options: Options = {}) =>
  createVerifier(portal, { now, ...options }).verify(
    view({ method: 'POST', ...forgeMessage(parts) }),
  )
const get = (portal: Portal, token: string, options: Options = {}) =>
  createVerifier(portal, { now, ...options }).verify(
    view({ query: `token=${token}`, native: { host: 'acme' } }),
  )

const byTenant = ({ tenant }: { tenant: string | null }) =>
  new Map([
    ['acme', CURRENT],
    ['other', FOREIGN],
  ]).get(tenant ?? '') ?? null

afterEach(() => {
  jest.restoreAllMocks()
})

describe('whose secret it is', () => {
  it('is said by the guard, where one app serves many', async () => {
    const portal = link({ secret: byTenant })
    const tenant = jest.fn(({ host }: { readonly host?: string }) => host)
    const { auth } = accepted(await get(portal, forgeLink(), { tenant }))
    expect(auth.tenant).toBe('acme')
    expect(tenant.mock.calls).toEqual([[{ host: 'acme' }]])
    expect(outcome(await get(portal, forgeLink(), { tenant: () => 'other' }))).toBe(
      '401 signature_invalid',
    )
  })

  it.each([null, undefined, '', 'a/b', 'x'.repeat(256), '../acme', 'unknown'])(
    'is nobody’s where the guard says %p',
    async (id) => {
      const answer = await get(link({ secret: byTenant }), forgeLink(), { tenant: () => id })
      expect(outcome(answer)).toBe('401 signature_invalid')
    },
  )

  it('is nobody’s also where one secret would do for all', async () => {
    const answer = await get(link({ secret: CURRENT }), forgeLink(), { tenant: () => null })
    expect(outcome(answer)).toBe('401 signature_invalid')
  })

  it('cannot be known where the guard fails to say it', async () => {
    const tenant = () => {
      throw new Error('no host')
    }
    expect(outcome(await get(link({ secret: CURRENT }), forgeLink(), { tenant }))).toBe(
      '503 secret_unavailable',
    )
  })

  it('is the developer’s mistake where the guard gives a promise or a number', async () => {
    for (const id of [Promise.resolve('acme'), 7]) {
      const tenant = () => id as unknown as string // wrong on purpose
      expect(outcome(await get(link({ secret: byTenant }), forgeLink(), { tenant }))).toBe(
        '500 misconfigured',
      )
    }
  })

  it('is the audience as well, where the portal was made without one', async () => {
    const portal = jwt({ secret: byTenant })
    const meant = (project: string) =>
      get(portal, forgeJwt({ ...jwtClaims, project_key: project }), { tenant: () => 'acme' })
    expect(outcome(await meant('acme'))).toBe('200')
    expect(outcome(await meant('other'))).toBe('401 audience_mismatch')
  })

  it('is the portal’s own id for a lookup, when signing and when verifying', async () => {
    const secret = jest.fn(() => CURRENT)
    const portal = jwt({ secret, projectKey: 'project' })
    const { token } = await createSigner(portal, { now }).sign({ id: 'u1' })
    expect(outcome(await get(portal, token ?? ''))).toBe('200')
    expect(secret.mock.calls).toEqual([[{ tenant: 'project', scheme: 'jwt' }]])
  })

  it('has to be long enough for its scheme, also when it was looked up', async () => {
    catchWarnings()
    const portal = jwt({ secret: () => 'short-but-16-bytes', projectKey: 'project' })
    const token = forgeJwt(undefined, { secret: 'short-but-16-bytes' })
    expect(outcome(await get(portal, token))).toBe('500 misconfigured')
    expect(outcome(await get(portal, token, { allowShortSecret: true }))).toBe('200')
    await expect(createSigner(portal, { now }).sign({ id: 'u1' })).rejects.toMatchObject({
      reason: 'secret_too_short',
    })
  })
})

describe('a workspace that a message names and nobody signed', () => {
  it('chooses the secret where there is a lookup', async () => {
    const portal = message({ secret: byTenant })
    const { auth } = accepted(await post(portal, { workspace: 'acme' }))
    expect(auth.tenant).toBe('acme')
    expect(outcome(await post(portal, { workspace: 'other' }))).toBe('401 signature_invalid')
    expect(outcome(await post(portal, { workspace: 'nobody' }))).toBe('401 signature_invalid')
  })

  it('means nothing where there is one secret and no id', async () => {
    const { auth } = accepted(await post(message({ secret: CURRENT }), { workspace: 'whatever' }))
    expect(auth.tenant).toBeNull()
  })

  it('has to be the portal’s own, where it has one', async () => {
    const portal = message({ secret: CURRENT, workspaceId: 'demo' })
    expect(accepted(await post(portal, { workspace: 'demo' })).auth.tenant).toBe('demo')
    expect(outcome(await post(portal, { workspace: 'Demo' }))).toBe('401 signature_invalid')
  })

  it('has to be the one that the guard says', async () => {
    const portal = message({ secret: byTenant })
    expect(outcome(await post(portal, { workspace: 'acme' }, { tenant: () => 'acme' }))).toBe('200')
    expect(outcome(await post(portal, { workspace: 'acme' }, { tenant: () => 'other' }))).toBe(
      '401 signature_invalid',
    )
    const own = message({ secret: CURRENT, workspaceId: 'demo' })
    expect(outcome(await post(own, { workspace: 'demo' }, { tenant: () => 'row7' }))).toBe('200')
  })
})
