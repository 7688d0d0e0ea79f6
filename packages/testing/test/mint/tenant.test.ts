import { ConfigError, createVerifier } from '@countersign/core'
import { fdback, featkit, seggwat } from '@countersign/schemes'
import { mint, testSecret } from '@countersign/testing'
import { header } from '../support/decode'
import { now, secret } from '../support/mint-portals'
import { codeOf, viewOf } from '../support/view'

const ada = { id: 'u_1', email: 'ada@example.com', name: 'Ada' }

describe('a tenant', () => {
  const keys: Readonly<Record<string, string>> = {
    red: testSecret('red'),
    blue: testSecret('blue'),
  }
  const byTenant = ({ tenant }: { readonly tenant: string | null }) => keys[tenant ?? ''] ?? null
  const many = seggwat({ secret: byTenant })

  it('has its own secret and is whom the credential is meant for', async () => {
    const { request } = await mint(many, ada, { now, tenant: 'red' })
    const asked = (tenant: string) =>
      createVerifier(many, { now, tenant: () => tenant }).verify(viewOf(request))
    expect(codeOf(await asked('red'))).toBeNull()
    expect(codeOf(await asked('blue'))).toBe('signature_invalid')
  })

  it('has its own secret also where the credential names nobody', async () => {
    const portal = featkit({ secret: byTenant })
    const { request } = await mint(portal, ada, { now, tenant: 'red' })
    const asked = (tenant: string) =>
      createVerifier(portal, { now, tenant: () => tenant }).verify(viewOf(request))
    expect(codeOf(await asked('red'))).toBeNull()
    expect(codeOf(await asked('blue'))).toBe('signature_invalid')
  })

  it('is named in the request, where the scheme names it', async () => {
    const portal = fdback({ secret: byTenant })
    const { request } = await mint(portal, ada, { now, tenant: 'blue' })
    expect(header(request, 'x-workspace-id')).toBe('blue')
    expect(codeOf(await createVerifier(portal, { now }).verify(viewOf(request)))).toBeNull()
  })

  it('takes the place of the id that the portal was made with', async () => {
    const portal = seggwat({ secret, projectKey: 'abc123' })
    const { request } = await mint(portal, ada, { now, tenant: 'other' })
    const answer = await createVerifier(portal, { now }).verify(viewOf(request))
    expect(codeOf(answer)).toBe('audience_mismatch')
  })

  it('has the defects of a portal that knows its id', async () => {
    const { request } = await mint(many, ada, { now, tenant: 'red', defect: 'audienceCase' })
    const verifier = createVerifier(many, { now, tenant: () => 'red' })
    expect(codeOf(await verifier.verify(viewOf(request)))).toBe('audience_mismatch')
  })

  it('must be said where nobody else says it', async () => {
    for (const portal of [many, fdback({ secret: byTenant }), seggwat({ secret })]) {
      const minting = mint(portal, ada as never) // each takes such a user
      await expect(minting).rejects.toBeInstanceOf(ConfigError)
      await expect(minting).rejects.toMatchObject({ reason: 'audience_missing' })
    }
  })
})
