import { admittedUser, createGuard } from '@countersign/core'
import { featkit, harlyy } from '@countersign/core/schemes'
import { thrown } from '../support/errors'
import { forgeLink, forgeOnce, linkClaims } from '../support/forge'
import { catchingWarnings } from '../support/process'
import { now, view } from '../support/request'
import { CURRENT, FOREIGN } from '../support/secrets'

catchingWarnings() // of a `tenant` that throws

const portal = featkit({ secret: CURRENT })
const links = createGuard(portal, { now })
const others = createGuard(featkit({ secret: FOREIGN }), { now })
const signed = { query: `token=${forgeLink()}` }
const signedByOther = { query: `token=${forgeLink({ ...linkClaims, user_id: 'u2' }, FOREIGN)}` }
const copies: readonly (readonly [string, (native: object) => object])[] = [
  ['a copy', (native) => ({ ...native })],
  ['a copy with prototype', (native) => Object.assign(Object.create(native) as object, native)],
  ['a request with `portalUser`', () => ({ portalUser: { id: 'admin' }, portalAuth: {} })],
]

describe('a guard that a request meets twice', () => {
  const bySecret = featkit({ secret: ({ tenant }) => (tenant === 'acme' ? CURRENT : null) })

  it('decides once where method and tenant are the same', async () => {
    const onVerified = jest.fn()
    const guard = createGuard(bySecret, { now, tenant: () => 'acme', onVerified })
    const native = {}
    const first = await guard.decide(view<object>({ ...signed, native }))
    const second = await guard.decide(view<object>({ ...signed, native }))
    expect(onVerified).toHaveBeenCalledTimes(1)
    expect(second).toEqual({ ...first, headers: [] })
  })

  const throwing = () => {
    throw new Error('no host')
  }

  it.each<[string, () => string | null, string]>([
    ['is another', () => 'victim', 'signature_invalid'],
    ['is none', () => null, 'signature_invalid'],
    ['cannot be found', throwing, 'secret_unavailable'],
  ])('decides again where the tenant %s', async (_, second, code) => {
    const tenant = jest.fn(second).mockReturnValueOnce('acme')
    const guard = createGuard(bySecret, { now, tenant })
    const request = view<object>({ ...signed, native: {} })
    expect(await guard.decide(request)).toMatchObject({ pass: true })
    expect(await guard.decide(request)).toMatchObject({ pass: false, error: { code } })
  })

  it('decides again where the method is another: a POST uses the link up', async () => {
    const claim = jest.fn(() => true)
    const replayStore = { claim, has: () => false, durable: true }
    const guard = createGuard(harlyy({ secret: CURRENT }), { now, replayStore })
    const request = { query: `sig=${encodeURIComponent(forgeOnce())}`, native: {} }
    await guard.decide(view<object>({ ...request, method: 'GET' }))
    expect(claim).not.toHaveBeenCalled()
    await guard.decide(view<object>({ ...request, method: 'POST' }))
    expect(claim).toHaveBeenCalledTimes(1)
  })

  it('decides although another guard has decided', async () => {
    const request = view<object>({ ...signed, native: {} })
    expect(await links.decide(request)).toMatchObject({ pass: true })
    expect(await others.decide(request)).toMatchObject({ pass: false })
  })
})

describe('`getPortalUser` of an adapter', () => {
  it('returns the user that the last guard let pass', async () => {
    const native = {}
    await links.decide(view<object>({ ...signed, native }))
    expect(admittedUser(native)).toMatchObject({ id: 'u1' })
    await others.decide(view<object>({ ...signedByOther, native }))
    expect(admittedUser(native)).toMatchObject({ id: 'u2' })
  })

  it('refuses an anonymous request behind an optional guard', async () => {
    const native = {}
    await createGuard(portal, { now, mode: 'optional' }).decide(view<object>({ native }))
    expect(thrown(() => admittedUser(native))).toMatchObject({ code: 'credential_missing' })
  })

  it.each(copies)('trusts guards alone, which decide again for %s', async (_, copyOf) => {
    const native = { url: '/' }
    await links.decide(view<object>({ ...signed, native }))
    const copy = copyOf(native)
    expect(thrown(() => admittedUser(copy))).toMatchObject({ reason: 'no_guard' })
    expect(await links.decide(view<object>({ native: copy }))).toMatchObject({ pass: false })
    expect(await links.decide(view<object>({ native }))).toMatchObject({ pass: true })
  })

  it('returns no user whom a guard refused', async () => {
    const native = {}
    await links.decide(view<object>({ ...signedByOther, native }))
    expect(thrown(() => admittedUser(native))).toMatchObject({ reason: 'no_guard' })
  })
})
