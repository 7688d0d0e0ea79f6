import { mint, signedLink } from '@countersign/testing'
import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import {
  ConfigError,
  exchangeSignedUser,
  featkit,
  getPortalUser,
  isRejection,
  memoryReplayStore,
  requireSignedUser,
  type FeatKitUser,
  type PortalAuth,
} from '../src'
import { links, requests, surveys } from './portals'

const link = (path = '/') => signedLink(links, { id: 'u-1' }, { path })
const guard = requireSignedUser(links)
const optional = requireSignedUser(links, { mode: 'optional' })
const forwarding = requireSignedUser([links, requests], { rejections: 'forward' })

/** Sends an error as text. */
const telling = () =>
  new Hono().onError((error, c) => c.text('code' in error ? String(error.code) : '', 500))

const fail = (error: unknown) => (): never => {
  throw error
}

beforeEach(() => void jest.spyOn(process, 'emitWarning').mockImplementation()) // of a body that was read
afterEach(() => void jest.restoreAllMocks())

describe('requireSignedUser()', () => {
  it('leaves the user, typed by the scheme, in the context and for `getPortalUser`', async () => {
    const app = new Hono().get('/', guard, (c) => {
      const { portalUser: user, portalAuth: auth } = c.var
      const found = getPortalUser(c) satisfies FeatKitUser
      const same = [user satisfies FeatKitUser, c.get('portalUser')].every((each) => each === found)
      // @ts-expect-error -- a user of FeatKit has no nonce, and is not `any`
      const absent: unknown[] = [user.nonce]
      // @ts-expect-error -- likewise
      absent.push(found.nonce)
      // @ts-expect-error -- what was verified is not `any` either
      absent.push((auth satisfies PortalAuth).user)
      return c.json([same, user.id, auth.scheme, ...absent])
    })
    const response = await app.request(await link())
    expect(await response.json()).toEqual([true, 'u-1', 'featkit', null, null, null])
  })

  const own = { 'cache-control': 'no-cache' }
  it.each<[string, (c: Context) => Response, object]>([
    ['of the context', (c) => c.text('ok'), {}],
    ['whose headers cannot be changed', () => Response.redirect('https://a.example/', 302), {}],
    ['that has the same headers', (c) => c.text('ok', 200, own), own],
    ['to an error', fail(new HTTPException(418)), {}],
  ])('adds its headers to a response %s', async (_, handler, expected) => {
    const { headers } = await new Hono().get('/', guard, handler).request(await link())
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      ...expected,
    })
  })

  it('answers a refused request itself, and middleware in front sees the response', async () => {
    const app = new Hono().use(async (c, next) => {
      await next()
      c.header('X-Seen', String(c.res.status))
    })
    const { status, headers } = await app.use(guard).request('/?token=x')
    expect([status, headers.get('x-seen')]).toEqual([401, '401'])
  })

  it('throws to `app.onError` where it forwards, and is answered as usual where there is none', async () => {
    const response = await telling().use(forwarding).request('/?token=x')
    expect(await response.text()).toBe('token_malformed')
    const usual = await new Hono().use(forwarding).request('/?token=x')
    expect(await usual.json()).toMatchObject({ status: 401, code: 'invalid_token' })
  })

  it('passes the context to callbacks', async () => {
    const seen: unknown[] = []
    const secret = jest.fn(() => null)
    const watched = requireSignedUser(featkit({ secret }), {
      tenant: (c) => c.req.param('tenant'),
      onRejected: ({ code }, c) => seen.push(code, c.req.path),
    })
    await new Hono().get('/:tenant', watched).request(await link('/acme'))
    expect(secret).toHaveBeenCalledWith({ tenant: 'acme', scheme: 'featkit' })
    expect(seen).toEqual(['signature_invalid', '/acme'])
  })

  it('leaves no user, not even that of an earlier guard, for an anonymous request in optional mode', async () => {
    const app = new Hono<{ Variables: { portalUser: unknown; portalAuth: unknown } }>()
    app.use((c, next) => (c.set('portalUser', 'earlier'), c.set('portalAuth', 'earlier'), next()))
    app.get('/', optional, (c) => c.json([c.var.portalUser ?? null, c.var.portalAuth ?? null]))
    expect(await (await app.request('/')).json()).toEqual([null, null])
  })

  const EVE = '{"email":"eve@b.co"}'
  it.each<[string, string, (c: Context) => unknown, body?: string]>([
    ['left for the handler', 'a@b.co', () => undefined],
    ['verified behind `c.req.json()`', 'a@b.co', (c) => c.req.json()],
    ['verified behind `c.req.arrayBuffer()`', 'a@b.co', (c) => c.req.arrayBuffer()],
    ['refused where another was read', 'signature_invalid', (c) => c.req.text(), EVE],
    ['limited where it was read', 'body_too_large', (c) => c.req.text(), 'x'.repeat(16_385)],
    ['refused behind `c.req.raw.text()`', 'raw_body_unavailable', (c) => c.req.raw.text()],
  ])('a signed body is %s', async (...row) => {
    const [, expected, before, other] = row
    const app = telling().use(async (c, next) => (await before(c), next()))
    app.post('/', forwarding, async (c) => c.text(await c.req.text()))
    const { request } = await mint(requests, { email: 'a@b.co' })
    const headers = Object.fromEntries(request.headers)
    const init = { method: 'POST', headers, body: other ?? Buffer.from(request.body!) }
    expect(await (await app.request('/', init)).text()).toContain(expected)
  })

  it('lets a form without a credential pass in optional mode, also where it was read before', async () => {
    const app = new Hono().use(async (c, next) => (await c.req.parseBody(), next()))
    app.post('/', requireSignedUser(requests, { mode: 'optional' }), (c) => c.text('ok'))
    const form = { method: 'POST', body: new URLSearchParams({ a: '1' }) }
    expect((await app.request('/', form)).status).toBe(200)
  })

  it('refuses `stripCredential`, which has no effect on a Request', () => {
    // @ts-expect-error -- it is not in the type either
    const stripping = () => requireSignedUser(links, { stripCredential: true })
    expect(stripping).toThrow('A Request keeps its URL')
  })

  it.each<[first: unknown, second: number, string, (c: Context) => Response]>([
    [200, 401, 'a response', (c) => c.text('ok')],
    [302, 401, 'a redirect', (c) => c.redirect('/thanks')],
    [422, 200, 'a failure', (c) => c.text('no', 422)],
    [200, 200, 'an error page', fail(new Error('broken'))],
    ['broken', 200, 'a throw of a value that is no error', fail('broken')],
  ])('answers a leased link with %p, and then with %i, after %s', async (...row) => {
    const [first, second, , handler] = row
    const options = { replayStore: memoryReplayStore(), consume: { lease: 10 } }
    const app = new Hono().use(requireSignedUser(surveys, options))
    app.post('/first', handler).post('/second', (c) => c.text('ok'))
    app.onError((_error, c) => c.text('an error page', 200))
    const query = await signedLink(surveys, {}, { path: '' })
    const post = async (path: string) => app.request(path + query, { method: 'POST' })
    expect(await post('/first').then(({ status }) => status, String)).toBe(first)
    expect((await post('/second')).status).toBe(second)
  })
})

it('`getPortalUser` is answered as the guard would for an anonymous request', async () => {
  const app = new Hono().get('/', optional, (c) => {
    c.get('portalUser') satisfies FeatKitUser | undefined
    // @ts-expect-error -- it may be undefined
    return c.json((getPortalUser(c) satisfies FeatKitUser).id + c.get('portalUser').id)
  })
  const response = await app.request('/')
  expect(await response.json()).toMatchObject({ status: 401, code: 'credential_missing' })
})

it('`getPortalUser` throws what Hono prints where no guard ran', async () => {
  const thrown = jest.fn((_error: Error, c: Context) => c.body(null, 500))
  const app = new Hono().get('/', (c) => c.json(getPortalUser(c as never)))
  await app.onError(thrown).request('/')
  expect(thrown).toHaveBeenCalledWith(expect.any(ConfigError), expect.anything())
  expect(thrown.mock.calls.some(([error]) => isRejection(error) || 'getResponse' in error)).toBe(
    false,
  )
})

it('an exchange keeps the cookies of earlier middleware, and replaces other headers', async () => {
  const app = new Hono().use((c, next) => {
    c.header('set-cookie', 'csrf=1')
    c.header('cache-control', 'public')
    return next()
  })
  const establish = () => ({ cookies: ['session=2', 'hint=3'] })
  app.use('/board', exchangeSignedUser(links, { establish })).get((c) => c.text('board'))
  expect(await (await app.request('/board')).text()).toBe('board')
  const { status, headers } = await app.request(await link('/board'))
  expect([status, headers.get('location')]).toEqual([303, '/board'])
  expect(headers.getSetCookie()).toEqual(['csrf=1', 'session=2', 'hint=3'])
  expect(headers.get('cache-control')).toBe('no-store')
})
