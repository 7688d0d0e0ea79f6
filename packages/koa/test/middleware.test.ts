import Koa3, { type Context, type Middleware } from 'koa'
import { version as version3 } from 'koa/package.json'
import Koa2 from 'koa2'
import { version as version2 } from 'koa2/package.json'
import request from 'supertest'
import { ConfigError, featkit, getPortalUser, isRejection, requireSignedUser } from '../src'
import { links, now, post, queryFor, requests, secret } from './signed'

it('runs on Koa 2 and 3', () => {
  expect([version2, version3].map((version) => version[0])).toEqual(['2', '3'])
})

/** Reads the body and keeps nothing, as some parsers do. */
async function readBody(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  for await (const _piece of ctx.req) continue
  await next()
}

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('requireSignedUser() on %s', (_name, Koa) => {
  const forward = { now, rejections: 'forward' } as const

  beforeEach(() => {
    jest.spyOn(process, 'emitWarning').mockImplementation()
  })
  afterEach(() => {
    jest.restoreAllMocks()
  })

  const get = (app: Koa3, path: string) => request(app.callback()).get(path)

  it('leaves the user in `ctx.state` and for `getPortalUser`', async () => {
    const app = new Koa()
    app.use(requireSignedUser(links, { now })).use((ctx) => {
      const user = getPortalUser(ctx)
      ctx.body = { same: ctx.state.portalUser === user, user: user.id, auth: ctx.state.portalAuth }
    })
    const { status, headers, body } = await get(app, `/${await queryFor('u-1')}`)
    const auth: unknown = expect.objectContaining({ issuedAt: '2026-11-20T00:00:00.000Z' })
    expect([status, body]).toEqual([200, { same: true, user: 'u-1', auth }])
    expect(headers).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
    })
  })

  it('lets a handler replace the headers of the guard', async () => {
    const app = new Koa()
    app.use(requireSignedUser(links, { now })).use((ctx) => {
      ctx.set('Cache-Control', 'no-store, max-age=0')
      ctx.body = 'ok'
    })
    const { headers } = await get(app, `/${await queryFor('u-1')}`)
    expect(headers['cache-control']).toBe('no-store, max-age=0')
  })

  it('passes the context of Koa to callbacks', async () => {
    const seen: unknown[] = []
    const lookup = ({ tenant }: { tenant: string | null }) => (tenant === 'acme' ? secret : null)
    const guard = requireSignedUser(featkit({ slug: 'acme', secret: lookup }), {
      now,
      tenant: (ctx) => ctx.path.split('/')[1],
      onVerified: ({ user }, ctx) => seen.push([user.id, ctx.get('x-seen')]),
      onRejected: ({ code }, ctx) => seen.push([code, ctx.get('x-seen')]),
    })
    const app = new Koa().use(guard).use((ctx) => void (ctx.status = 204))
    const query = await queryFor('u-1')
    await get(app, `/acme/x${query}`).set('x-seen', '1').expect(204)
    await get(app, `/other/x${query}`).set('x-seen', '2').expect(401)
    expect(seen).toEqual([
      ['u-1', '1'],
      ['signature_invalid', '2'],
    ])
  })

  it('answers a refused request itself, and middleware in front sees the response', async () => {
    const handler = jest.fn()
    const app = new Koa().use(async (ctx, next) => {
      await next()
      ctx.set('X-Seen', String(ctx.status))
    })
    app.use(requireSignedUser(links, { now })).use(handler)
    const { status, headers, body } = await get(app, '/?token=x')
    expect([status, body.code]).toEqual([401, 'invalid_token'])
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer error="invalid_token", error_description="Invalid token"',
      'x-seen': '401',
    })
    expect(handler).not.toHaveBeenCalled()
  })

  it('leaves 404 and the errors of handlers to Koa, after a promise as well', async () => {
    const errors: unknown[] = []
    const oops = new Error('oops')
    const guard = requireSignedUser([links, requests], { now }) as Middleware // its state is narrower
    const query = await queryFor('u-1')
    await get(new Koa().use(guard), `/${query}`).expect(404)
    const app = new Koa().use(guard).use(() => {
      throw oops
    })
    app.on('error', (error: unknown) => errors.push(error))
    await get(app, `/${query}`).expect(500)
    expect((await post(app)).status).toBe(500)
    expect(errors).toEqual([oops, oops])
  })

  it('throws a Rejection to the middleware in front where it forwards', async () => {
    const errors: unknown[] = []
    const app = new Koa().use(async (ctx, next) => {
      await next().catch((error: unknown) => {
        if (!isRejection(error)) throw error
        errors.push(error)
        ctx.status = error.status
        ctx.body = { own: error.code }
      })
    })
    const { status, body } = await get(app.use(requireSignedUser(links, forward)), '/?token=x')
    expect([status, body, errors.length]).toEqual([401, { own: 'token_malformed' }, 1])
  })

  it('throws what Koa’s own error handler needs for the same response', async () => {
    const seen: string[] = []
    const app = new Koa().use(requireSignedUser([links, requests], forward))
    app.on('error', ({ code }: { readonly code: string }) => seen.push(code))
    const refused = async (path: string) => {
      const { status, headers, text } = await get(app, path)
      return [status, headers['www-authenticate'], text]
    }
    const error = (code: string, title: string) =>
      `Bearer error="${code}", error_description="${title}"`
    expect(await refused('/')).toEqual([401, 'Bearer', 'Authentication required'])
    expect(await refused('/?token=x')).toEqual([
      401,
      error('invalid_token', 'Invalid token'),
      'Invalid token',
    ])
    expect(await refused('/?token=x&token=x')).toEqual([
      400,
      error('invalid_request', 'Invalid request'),
      'Invalid request',
    ])
    expect(seen).toEqual(['credential_missing', 'token_malformed', 'credential_ambiguous'])
  })

  it('throws a ConfigError where a parser has read the body, and tells the client nothing', async () => {
    const errors: unknown[] = []
    const app = new Koa().use(readBody).use(requireSignedUser(requests, forward))
    app.on('error', (error: unknown) => errors.push(error))
    const { status, text } = await post(app)
    expect([status, text]).toEqual([500, 'Internal Server Error'])
    expect(errors).toEqual([expect.any(ConfigError)])
    expect(errors).toMatchObject([{ code: 'raw_body_unavailable' }])
  })

  it('removes the credential from the URL', async () => {
    const app = new Koa().use((ctx, next) => {
      expect(ctx.URL.search).toContain('token=') // Koa caches it
      return next()
    })
    app.use(requireSignedUser(links, { now, stripCredential: true }))
    app.use((ctx) => {
      const { url, originalUrl, query, search, href, URL: parsed } = ctx
      ctx.body = [url, originalUrl, { ...query }, search, href.split('/').pop(), parsed.search]
    })
    const { body } = await get(app, `/a${await queryFor('u-1')}&b=1`)
    expect(body).toEqual(['/a?b=1', '/a?b=1', { b: '1' }, '?b=1', 'a?b=1', '?b=1'])
  })

  it('decides again where the same guard is mounted for another tenant', async () => {
    const secrets = new Map([
      ['go', secret],
      ['victim', `${secret}-3`],
    ])
    const portal = featkit({ secret: ({ tenant }) => secrets.get(tenant ?? '') })
    const tenant = (ctx: Context) => ctx.state['project'] as string
    const guard = requireSignedUser(portal, { now, tenant }) as Middleware // likewise
    const app = new Koa()
    for (const segment of [1, 2]) {
      app.use((ctx, next) => ((ctx.state['project'] = ctx.path.split('/')[segment]), next()))
      app.use(guard)
    }
    app.use((ctx) => void (ctx.body = ctx.state['project']))
    const query = await queryFor('mallory')
    await get(app, `/go/go${query}`).expect(200, 'go')
    await get(app, `/go/victim${query}`).expect(401)
  })

  it('decides again for a copy of the context', async () => {
    const guard = requireSignedUser(links, { now }) as Middleware // likewise
    const app = new Koa().use(guard).use(async (ctx, next) => {
      const copy = Object.assign(Object.create(ctx) as Context, { originalUrl: '/' }) // without the credential
      await guard(copy, next)
    })
    await get(app, `/${await queryFor('u-1')}`).expect(401)
  })

  it('makes `getPortalUser` throw where no guard ran, and for an anonymous request', async () => {
    const errors: unknown[] = []
    const handler: Middleware = (ctx) => void getPortalUser(ctx)
    const guard = requireSignedUser(links, { now, mode: 'optional' }) as Middleware // likewise
    const open = new Koa().use(handler)
    const optional = new Koa().use(guard).use(handler)
    for (const app of [open, optional]) app.on('error', (error: unknown) => errors.push(error))
    await get(open, '/').expect(500)
    await get(optional, '/').expect(401)
    expect(errors).toMatchObject([{ reason: 'no_guard' }, { code: 'credential_missing' }])
  })
})
