import {
  ConfigError,
  featkit,
  getPortalUser,
  isRejection,
  requireSignedUser,
  signEndpoint,
  type FeatKitUser,
  type PortalAuth,
} from '../src'
import { HOST, linked, links, now, posted, requests } from './signed'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only where both types are the same. */
function expectType<Expected>() {
  return <Actual>(value: Actual, ..._same: Equal<Expected, Actual> extends true ? [] : [never]) =>
    value
}

const guard = requireSignedUser(links, { now })
const bare = (): Request => new Request(HOST)

describe('requireSignedUser()', () => {
  it('passes the user, typed by the scheme, and what the framework passes', async () => {
    const handler = guard((request, { portalUser, portalAuth }, context: { params: string[] }) => {
      expectType<FeatKitUser>()(portalUser)
      expectType<PortalAuth>()(portalAuth)
      const same = getPortalUser(request) === portalUser
      return Response.json([same, portalUser.id, portalAuth.issuedAt, context.params])
    })
    const response = await handler(await linked(), { params: ['slug'] })
    const body = [true, 'u-1', '2026-11-20T00:00:00.000Z', ['slug']]
    expect([response.status, await response.json()]).toEqual([200, body])
    // @ts-expect-error -- the handler's own parameters are required
    expect(await handler(bare())).toMatchObject({ status: 401 })
  })

  it.each<[string, () => Response, object]>([
    ['that has none', () => new Response('ok'), {}],
    ['whose headers cannot be changed', () => Response.redirect(`${HOST}/b`, 303), {}],
    [
      'but not over its own',
      () => new Response('ok', { headers: { 'Cache-Control': 'no-cache' } }),
      { 'cache-control': 'no-cache' },
    ],
  ])('adds its headers to a response %s', async (_, respond, own) => {
    const plain = respond()
    const response = await guard(respond)(await linked())
    expect([response.status, await response.text()]).toEqual([plain.status, await plain.text()])
    expect(Object.fromEntries(response.headers)).toEqual({
      ...Object.fromEntries(plain.headers),
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      ...own,
    })
  })

  it('returns the response of the handler itself where it has nothing to add, and an upgrade', async () => {
    const own = new Response('ok')
    expect(await requireSignedUser(requests, { now })(() => own)(await posted())).toBe(own)
    const upgrade = Object.defineProperty(new Response(), 'status', { value: 101 }) // Node makes none
    expect(await guard(() => upgrade)(await linked())).toBe(upgrade)
  })

  it('passes the request to callbacks', async () => {
    const seen: unknown[] = []
    const lookup = ({ tenant }: { tenant: string | null }) =>
      tenant === 'acme' ? 'test-secret-of-the-fetch-adapter-1' : null
    const tenants = requireSignedUser(featkit({ slug: 'acme', secret: lookup }), {
      now,
      tenant: (request) => request.headers.get('x-tenant'),
      onVerified: ({ user }, request) => seen.push([user.id, request.method]),
      onRejected: ({ code }, request) => seen.push([code, request.method]),
    })(() => new Response())
    await tenants(await linked('u-1', { headers: { 'x-tenant': 'acme' } }))
    await tenants(await linked('u-1', { headers: { 'x-tenant': 'other' }, method: 'POST' }))
    expect(seen).toEqual([
      ['u-1', 'GET'],
      ['signature_invalid', 'POST'],
    ])
  })

  it('throws the error where it forwards', async () => {
    const forwarding = requireSignedUser(links, { rejections: 'forward' })
    for (const work of [forwarding(jest.fn()), forwarding.check]) {
      const error: unknown = await work(bare()).catch((thrown: unknown) => thrown)
      expect([isRejection(error), error]).toMatchObject([true, { code: 'credential_missing' }])
    }
  })

  it('passes no user for an anonymous request in optional mode', async () => {
    const handler = requireSignedUser(links, { mode: 'optional' })((request, user) => {
      expectType<FeatKitUser | undefined>()(user.portalUser)
      expectType<PortalAuth | undefined>()(user.portalAuth)
      expect(() => getPortalUser(request)).toThrow('Authentication required')
      return Response.json(user)
    })
    const response = await handler(bare())
    expect([response.status, await response.json()]).toEqual([200, {}])
  })

  it('refuses `stripCredential`, which has no effect on a Request', () => {
    // @ts-expect-error -- it is not in the type either
    const stripping = () => requireSignedUser(links, { stripCredential: true })
    expect(stripping).toThrow('A Request keeps its URL')
  })
})

describe('guard.check()', () => {
  it('returns the user and the headers, or a response', async () => {
    const passed = await guard.check(await linked())
    if (passed.response) throw new Error('The request was refused')
    expectType<FeatKitUser>()(passed.portalUser)
    expect(passed).toMatchObject({
      portalUser: { id: 'u-1' },
      portalAuth: { scheme: 'featkit' },
      headers: [
        ['cache-control', 'private, no-store'],
        ['referrer-policy', 'no-referrer'],
      ],
      reservation: undefined,
    })
    const refused = await guard.check(bare())
    expect([Object.keys(refused), refused.response?.status]).toEqual([['response'], 401])
  })
})

describe('getPortalUser()', () => {
  it('throws where no guard ran', () => {
    expect(() => getPortalUser(bare())).toThrow(ConfigError)
  })
})

describe('signEndpoint()', () => {
  const user = (request: Request) => {
    const id = request.headers.get('x-user')
    return id === null ? null : { id }
  }
  const endpoint = signEndpoint(links, { now, user })
  const call = (headers: Record<string, string>) =>
    endpoint(new Request(`${HOST}/sign`, { method: 'POST', headers }))

  it('signs the user that the application finds on the request', async () => {
    const response = await call({ 'x-user': 'u-1' })
    expect(response.headers.get('content-type')).toBe('application/json')
    const { url } = (await response.json()) as { readonly url: string }
    const { search } = new URL(url)
    expect(await guard.check(new Request(HOST + search))).toMatchObject({
      portalUser: { id: 'u-1' },
    })
    expect((await call({})).status).toBe(401)
  })

  it('compares an origin with the Host header, or with the URL where there is none', async () => {
    const own = signEndpoint(links, { now, user: () => ({ id: 'u-1' }) })
    for (const [headers, status] of [
      [{ origin: HOST }, 200],
      [{ origin: HOST, host: 'other.example' }, 403],
      [{ origin: 'https://other.example', host: 'other.example' }, 200],
    ] as const) {
      const response = await own(new Request(`${HOST}/sign`, { method: 'POST', headers }))
      expect(response.status).toBe(status)
    }
  })
})
