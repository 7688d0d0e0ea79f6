import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import {
  ConfigError,
  getPortalUser,
  isRejection,
  memoryReplayStore,
  requireSignedUser,
  signEndpoint,
  type FeatKitUser,
  type PortalAuth,
} from '../src'
import { links, now, post, queryFor, requests, surveyQuery, surveys } from './signed'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only where both types are the same. */
function expectType<Expected>() {
  return <Actual>(value: Actual, ..._same: Equal<Expected, Actual> extends true ? [] : [never]) =>
    value
}

const guard = requireSignedUser(links, { now })
const optional = requireSignedUser(links, { now, mode: 'optional' })

beforeEach(() => void jest.spyOn(process, 'emitWarning').mockImplementation()) // of a body that was read
afterEach(() => void jest.restoreAllMocks())

describe('requireSignedUser()', () => {
  it('leaves the user, typed by the scheme, in the context and for `getPortalUser`', async () => {
    const app = new Hono().get('/', guard, (c) => {
      const user = expectType<FeatKitUser>()(c.get('portalUser'))
      const auth = expectType<PortalAuth>()(c.get('portalAuth'))
      expectType<FeatKitUser>()(getPortalUser(c))
      return c.json([getPortalUser(c) === user, c.var.portalUser.id, auth.issuedAt])
    })
    const response = await app.request(`/${await queryFor('u-1')}`)
    expect(await response.json()).toEqual([true, 'u-1', '2026-11-20T00:00:00.000Z'])
  })

  it.each<[string, (c: Context) => Response, object]>([
    ['of the context', (c) => c.text('ok'), {}],
    ['of its own', () => new Response('ok'), {}],
    ['whose headers cannot be changed', () => Response.redirect('https://a.example/', 302), {}],
    [
      'that has the same headers',
      (c) => c.text('ok', 200, { 'Cache-Control': 'no-cache' }),
      { 'cache-control': 'no-cache' },
    ],
    [
      'to an error',
      () => {
        throw new HTTPException(418)
      },
      {},
    ],
  ])('adds its headers to a response %s', async (_, handler, own) => {
    const app = new Hono().get('/', guard, handler)
    const { headers } = await app.request(`/${await queryFor('u-1')}`)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      ...own,
    })
  })

  it('answers a refused request itself, and middleware in front sees the response', async () => {
    const handler = jest.fn()
    const app = new Hono().use(async (c, next) => {
      await next()
      c.header('X-Seen', String(c.res.status))
    })
    const response = await app.get('/', guard, handler).request('/?token=x')
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'invalid_token' }])
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'www-authenticate': 'Bearer error="invalid_token", error_description="Invalid token"',
      'x-seen': '401',
    })
    expect(handler).not.toHaveBeenCalled()
  })

  it('answers as usual where it forwards and there is no `onError`', async () => {
    const app = new Hono().use(requireSignedUser(links, { now, rejections: 'forward' }))
    const response = await app.request('/?token=x')
    expect(await response.json()).toMatchObject({ status: 401, code: 'invalid_token' })
  })

  it('throws to `app.onError` where it forwards', async () => {
    const app = new Hono().use(requireSignedUser(links, { rejections: 'forward' }))
    app.onError((error, c) => c.text(isRejection(error) ? error.code : 'other', 418))
    const response = await app.request('/')
    expect([response.status, await response.text()]).toEqual([418, 'credential_missing'])
  })

  it('passes the context to callbacks', async () => {
    const seen: unknown[] = []
    const watched = requireSignedUser(links, {
      now,
      tenant: (c) => c.req.param('tenant'),
      onVerified: ({ user }, c) => seen.push([user.id, c.req.path]),
      onRejected: ({ code }, c) => seen.push([code, c.req.path]),
    })
    const app = new Hono().get('/:tenant', watched, (c) => c.body(null))
    await app.request(`/acme${await queryFor('u-1')}`)
    await app.request('/acme')
    expect(seen).toEqual([
      ['u-1', '/acme'],
      ['credential_missing', '/acme'],
    ])
  })

  it('leaves no user, not even that of an earlier guard, for an anonymous request in optional mode', async () => {
    const leave = (c: Context) => {
      c.set('portalUser', 'of another guard')
      return Promise.resolve()
    }
    const app = new Hono()
      .use((c, next) => leave(c).then(next))
      .get('/', optional, (c) => {
        expect(() => getPortalUser(c)).toThrow('Authentication required')
        return c.json([c.get('portalUser') ?? null, c.get('portalAuth') ?? null])
      })
    expect(await (await app.request('/')).json()).toEqual([null, null])
  })

  it.each<[string, string, (c: Context) => unknown]>([
    ['left for the handler', '200 {"email":"a@b.co"}', () => undefined],
    ['verified behind `c.req.json()`', '200 {"email":"a@b.co"}', (c) => c.req.json()],
    ['verified behind `c.req.arrayBuffer()`', '200 {"email":"a@b.co"}', (c) => c.req.arrayBuffer()],
    ['refused behind `c.req.raw.text()`', '500 raw_body_unavailable', (c) => c.req.raw.text()],
  ])('a signed body is %s', async (_, expected, before) => {
    const forward = { now, rejections: 'forward' } as const
    const app = new Hono().use(async (c, next) => (await before(c), next()))
    app.post('/', requireSignedUser(requests, forward), async (c) => c.text(await c.req.text()))
    app.onError((error, c) => c.text('code' in error ? String(error.code) : '', 500))
    const response = await app.request('/', await post())
    expect(`${response.status} ${await response.text()}`).toBe(expected)
  })

  it('limits and verifies a body that was read before', async () => {
    const app = new Hono().use(async (c, next) => (await c.req.text(), next()))
    app.post('/', requireSignedUser(requests, { now }), (c) => c.text('ok'))
    const signed = await post()
    for (const [body, status] of [
      ['{"email":"b@b.co"}', 401],
      ['x'.repeat(16_385), 413],
    ] as const) {
      expect((await app.request('/', { ...signed, body })).status).toBe(status)
    }
  })

  it('lets a form without a credential pass in optional mode, also where it was read before', async () => {
    const app = new Hono().use(async (c, next) => (await c.req.parseBody(), next()))
    app.post('/', requireSignedUser(requests, { mode: 'optional' }), (c) => c.text('ok'))
    const response = await app.request('/', {
      method: 'POST',
      body: new URLSearchParams({ a: '1' }),
    })
    expect(response.status).toBe(200)
  })

  it('refuses `stripCredential`, which has no effect on a Request', () => {
    // @ts-expect-error -- it is not in the type either
    const stripping = () => requireSignedUser(links, { stripCredential: true })
    expect(stripping).toThrow('A Request keeps its URL')
  })
})

const ENDS: readonly (readonly [status: 401 | 200, string, (c: Context) => Response])[] = [
  [401, 'a response', (c) => c.text('ok')],
  [401, 'a redirect', (c) => c.redirect('/thanks')],
  [200, 'a failure', (c) => c.text('no', 422)],
  [
    200,
    'a throw',
    () => {
      throw new Error('broken')
    },
  ],
]

it.each(ENDS)('a leased link is answered with %i after %s', async (status, _, handler) => {
  const replayStore = memoryReplayStore({ now })
  const once = requireSignedUser(surveys, { now, replayStore, consume: { lease: 10 } })
  const app = new Hono().post('/first', once, handler).post('/again', once, (c) => c.text('ok'))
  app.onError((_error, c) => c.text('an error page', 200))
  const query = await surveyQuery()
  await app.request(`/first${query}`, { method: 'POST' })
  expect((await app.request(`/again${query}`, { method: 'POST' })).status).toBe(status)
})

it('a leased link is given back where a value is thrown that is no error', async () => {
  const replayStore = memoryReplayStore({ now })
  const once = requireSignedUser(surveys, { now, replayStore, consume: { lease: 10 } })
  const app = new Hono().post('/', once, (c) => {
    if (!c.req.query('again')) throw 'broken'
    return c.text('ok')
  })
  const query = await surveyQuery()
  await expect(app.request(`/${query}`, { method: 'POST' })).rejects.toBe('broken')
  expect((await app.request(`/${query}&again=1`, { method: 'POST' })).status).toBe(200)
})

describe('getPortalUser()', () => {
  it('is answered as the guard would where an optional guard let an anonymous request pass', async () => {
    const app = new Hono().get('/', optional, (c) => {
      expectType<FeatKitUser | undefined>()(c.get('portalUser'))
      expectType<PortalAuth | undefined>()(c.get('portalAuth'))
      return c.json(expectType<FeatKitUser>()(getPortalUser(c)))
    })
    const response = await app.request('/')
    expect(await response.json()).toMatchObject({ status: 401, code: 'credential_missing' })
  })

  it('throws where no guard ran', async () => {
    const errors: unknown[] = []
    const app = new Hono().get('/', (c) => c.json(getPortalUser(c as never)))
    app.onError((error, c) => (errors.push(error), c.body(null, 500)))
    await app.request('/')
    expect(errors).toEqual([expect.any(ConfigError)])
  })
})

describe('signEndpoint()', () => {
  const user = (c: Context) => ({ id: c.req.header('x-user') ?? '' })
  const endpoint = signEndpoint(links, { now, user })
  const app = new Hono().all('/sign', endpoint).get('/', guard, (c) => c.json(getPortalUser(c)))

  it('signs the user that the application finds in the context', async () => {
    const response = await app.request('/sign', { method: 'POST', headers: { 'x-user': 'u-1' } })
    const { url } = (await response.json()) as { readonly url: string }
    const opened = await app.request(`/${new URL(url).search}`)
    expect(await opened.json()).toMatchObject({ id: 'u-1' })
  })
})
