import {
  ConfigError,
  exchangeSignedUser,
  featkit,
  getPortalUser,
  requireSignedUser,
  signEndpoint,
  type FeatKitUser,
  type PortalAuth,
} from '../src'
import { HOST, linked, links, posted, requests } from './portals'

const guard = requireSignedUser(links)
const bare = (): Request => new Request(HOST)

describe('requireSignedUser()', () => {
  it('passes the user, typed by the scheme, and what the framework passes', async () => {
    const handler = guard((request, { portalUser, portalAuth }, context: { params: string[] }) => {
      const same = getPortalUser(request) === (portalUser satisfies FeatKitUser)
      const { scheme } = portalAuth satisfies PortalAuth
      // @ts-expect-error -- a user of FeatKit has no nonce, and is not `any`
      const absent: unknown[] = [portalUser.nonce]
      // @ts-expect-error -- what was verified is not `any` either
      absent.push(portalAuth.user)
      return Response.json([same, portalUser.id, scheme, context.params, ...absent])
    })
    const response = await handler(await linked(), { params: ['slug'] })
    expect(await response.json()).toEqual([true, 'u-1', 'featkit', ['slug'], null, null])
    // @ts-expect-error -- the handler's own parameters are required
    expect(await handler(bare())).toMatchObject({ status: 401 })
  })

  const own = { 'cache-control': 'no-cache' }
  it.each<[string, () => Response, object]>([
    ['that has none', () => new Response('ok'), {}],
    ['whose headers cannot be changed', () => Response.redirect(`${HOST}/b`, 303), {}],
    ['but not over its own', () => new Response('ok', { headers: own }), own],
  ])('adds its headers to a response %s', async (_, respond, expected) => {
    const plain = respond()
    const response = await guard(respond)(await linked())
    expect([response.status, await response.text()]).toEqual([plain.status, await plain.text()])
    expect(Object.fromEntries(response.headers)).toEqual({
      ...Object.fromEntries(plain.headers),
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      ...expected,
    })
  })

  it('returns the response of the handler itself where it has nothing to add, and an upgrade', async () => {
    const own = new Response('ok')
    expect(await requireSignedUser(requests)(() => own)(await posted())).toBe(own)
    const upgrade = Object.defineProperty(new Response(), 'status', { value: 101 }) // Node makes none
    expect(await guard(() => upgrade)(await linked())).toBe(upgrade)
  })

  it('passes the request to callbacks', async () => {
    const secret = jest.fn(() => null)
    const onRejected = jest.fn()
    const tenant = ({ headers }: Request) => headers.get('x-tenant')
    const watched = requireSignedUser(featkit({ secret }), { tenant, onRejected })
    const request = await linked({ headers: { 'x-tenant': 'acme' } })
    await watched(() => new Response())(request)
    expect(secret).toHaveBeenCalledWith({ tenant: 'acme', scheme: 'featkit' })
    const error: unknown = expect.objectContaining({ code: 'signature_invalid' })
    expect(onRejected).toHaveBeenCalledWith(error, request)
  })

  it('throws the error where it forwards', async () => {
    const forwarding = requireSignedUser(links, { rejections: 'forward' })
    for (const work of [forwarding(jest.fn()), forwarding.check]) {
      await expect(work(bare())).rejects.toMatchObject({ code: 'credential_missing' })
    }
  })

  it('passes no user for an anonymous request in optional mode', async () => {
    const handler = requireSignedUser(links, { mode: 'optional' })((request, user) => {
      expect(() => getPortalUser(request)).toThrow('Authentication required')
      user.portalAuth satisfies PortalAuth | undefined
      // @ts-expect-error -- it may be undefined
      user.portalUser satisfies FeatKitUser
      return Response.json(user)
    })
    expect(await (await handler(bare())).json()).toEqual({})
  })

  it('refuses `stripCredential`, which has no effect on a Request', () => {
    // @ts-expect-error -- it is not in the type either
    const stripping = () => requireSignedUser(links, { stripCredential: true })
    expect(stripping).toThrow('A Request keeps its URL')
  })

  it('has a check that returns the user and the headers, or a response', async () => {
    const passed = await guard.check(await linked())
    if (passed.response) throw new Error('The request was refused')
    expect(passed).toMatchObject({
      portalUser: { id: 'u-1' } satisfies Partial<typeof passed.portalUser>,
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

it('`getPortalUser` throws where no guard ran', () => {
  expect(() => getPortalUser(bare())).toThrow(ConfigError)
})

it('a sign endpoint compares an origin with the Host header, or with the URL where there is none', async () => {
  const sign = signEndpoint(links, { user: () => ({ id: 'u-1' }) })
  for (const [headers, status] of [
    [{ origin: HOST }, 200],
    [{ origin: HOST, host: 'other.example' }, 403],
    [{ origin: 'https://other.example', host: 'other.example' }, 200],
  ] as const) {
    const response = await sign(new Request(`${HOST}/sign`, { method: 'POST', headers }))
    expect(response.status).toBe(status)
  }
})

it('an exchange returns a response with all cookies, and none without a credential', async () => {
  const establish = () => ({ cookies: ['session=2', 'hint=3'] })
  const exchange = exchangeSignedUser(links, { establish })
  expect(await exchange(bare())).toBeUndefined()
  const { status, headers } = (await exchange(await linked()))!
  expect([status, headers.get('location')]).toEqual([303, '/p/acme'])
  expect(headers.getSetCookie()).toEqual(['session=2', 'hint=3'])
})
