import type { Portal, SecretSource, VerifierOptions } from '@countersign/core'
import { fdback, featkit, seggwat } from '@countersign/core/schemes'
import { forgeJwt, forgeLink, forgeMessage, jwtClaims } from '../support/forge'
import { catchWarnings } from '../support/process'
import { accepted, outcome, verify, type RequestParts } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'

type Tenant = NonNullable<VerifierOptions['tenant']>

const secrets = new Map([
  ['acme', CURRENT],
  ['other', FOREIGN],
])
const byTenant: SecretSource = ({ tenant }) => secrets.get(tenant ?? '')
const link = { query: `token=${forgeLink()}`, native: { host: 'acme' } }
const links = featkit({ secret: byTenant })

const ask = async (portal: Portal, parts: RequestParts, tenant?: Tenant) =>
  verify(portal, parts, { tenant })

afterEach(() => {
  jest.restoreAllMocks()
})

describe('the option `tenant`', () => {
  it('chooses the secret, from the request of the framework', async () => {
    const tenant = jest.fn((request: unknown) => (request as typeof link.native).host) // see `link`
    expect(accepted(await ask(links, link, tenant)).auth.tenant).toBe('acme')
    expect(tenant.mock.calls).toEqual([[link.native]])
    expect(outcome(await ask(links, link, () => 'other'))).toBe('401 signature_invalid')
    expect(outcome(await ask(links, link, () => 'unknown'))).toBe('401 signature_invalid')
  })

  it.each([null, undefined, '', 'a/b', 'a.b', 'x'.repeat(256)])(
    'looks up nothing for %p',
    async (name) => {
      const secret = jest.fn(byTenant)
      for (const portal of [featkit({ secret }), featkit({ secret: CURRENT })]) {
        expect(outcome(await ask(portal, link, () => name))).toBe('401 signature_invalid')
      }
      expect(secret).not.toHaveBeenCalled()
    },
  )

  const throwing = (): never => {
    throw new Error('no host')
  }

  it.each<[string, () => unknown, string]>([
    ['throws', throwing, '503 secret_unavailable'],
    ['returns a promise', async () => 'acme', '500 misconfigured'],
    ['returns a number', () => 7, '500 misconfigured'],
  ])('causes an error response where it %s', async (_, tenant, answer) => {
    expect(outcome(await ask(links, link, tenant as Tenant))).toBe(answer) // wrong on purpose
  })

  it('leaves no rejection of a promise unhandled', async () => {
    const promise = Promise.reject(new Error('no host'))
    const handled = jest.spyOn(promise, 'then')
    await ask(links, link, () => promise as unknown as string) // wrong on purpose
    expect(handled).toHaveBeenCalledWith(undefined, expect.any(Function))
    await promise.catch(() => undefined)
  })

  it('is the audience where the portal has no id of its own', async () => {
    const portal = seggwat({ secret: byTenant, mode: 'jwt' })
    const meantFor = async (project: string) => {
      const query = `token=${forgeJwt({ ...jwtClaims, project_key: project })}`
      return outcome(await ask(portal, { query }, () => 'acme'))
    }
    expect(await meantFor('acme')).toBe('200')
    expect(await meantFor('other')).toBe('401 audience_mismatch')
  })
})

describe('a secret lookup', () => {
  it('receives the id of the portal', async () => {
    const secret = jest.fn(() => CURRENT)
    const portal = seggwat({ secret, mode: 'jwt', projectKey: 'project' })
    expect(outcome(await ask(portal, { query: `token=${forgeJwt()}` }))).toBe('200')
    expect(secret.mock.calls).toEqual([[{ tenant: 'project', scheme: 'seggwat' }]])
  })

  it('must return secrets that are long enough for the scheme', async () => {
    catchWarnings()
    const short = 'only-16-bytes-ab'
    const portal = seggwat({ secret: () => short, mode: 'jwt', projectKey: 'project' })
    const request = { query: `token=${forgeJwt(undefined, { secret: short })}` }
    const answer = async (allowShortSecret: boolean) =>
      outcome(await verify(portal, request, { allowShortSecret }))
    expect([await answer(false), await answer(true)]).toEqual(['500 misconfigured', '200'])
  })
})

describe('the workspace that a signed request names', () => {
  const requests = fdback({ secret: byTenant })
  const own = fdback({ secret: CURRENT, workspaceId: 'demo' })

  it.each<[string, Portal, workspace: string, tenant: Tenant | undefined, used: string | null]>([
    ['the lookup knows it', requests, 'acme', undefined, 'acme'],
    ['the lookup has another secret', requests, 'other', undefined, null],
    ['the lookup does not know it', requests, 'unknown', undefined, null],
    ['it is the portal’s', own, 'demo', undefined, 'demo'],
    ['it is not the portal’s', own, 'Demo', undefined, null],
    ['the guard expects it', requests, 'acme', () => 'acme', 'acme'],
    ['the guard expects another', requests, 'acme', () => 'other', null],
    ['it is the portal’s, and the guard has a tenant', own, 'demo', () => 'row7', 'row7'],
  ])('decides where %s', async (_, portal, workspace, tenant, used) => {
    const answer = await ask(portal, forgeMessage({ workspace }), tenant)
    const seen = answer.ok ? answer.value.auth.tenant : outcome(answer)
    expect(seen).toBe(used ?? '401 signature_invalid')
  })

  it('means nothing where one secret serves all: it is not signed', async () => {
    const request = forgeMessage({ workspace: 'any' })
    expect(accepted(await ask(fdback({ secret: CURRENT }), request)).auth.tenant).toBeNull()
  })
})
