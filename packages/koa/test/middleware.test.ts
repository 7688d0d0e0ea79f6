import Koa3, { type Context } from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'
import {
  ConfigError,
  featkit,
  getPortalUser,
  isRejection,
  requireSignedUser,
  signEndpoint,
} from '../src'
import { links, now, post, posts, queryFor, secret } from './signed'

/** Reads the body and keeps nothing, as some parsers do. */
async function eatBody(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  for await (const _piece of ctx.req) continue
  await next()
}

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('requireSignedUser on %s', (_name, Koa) => {
  it('leaves the user in `ctx.state`, in `ctx.req` and for `getPortalUser`', async () => {
    const app = new Koa()
    app.use(requireSignedUser(links, { now })).use((ctx) => {
      const user = getPortalUser(ctx)
      ctx.body = {
        same: [ctx.state.portalUser === user, Reflect.get(ctx.req, 'portalUser') === user],
        auth: [ctx.state.portalAuth?.scheme, ctx.state.portalAuth?.issuedAt],
      }
    })
    const { status, body } = await request(app.callback()).get(`/${await queryFor('u-1')}`)
    expect(status).toBe(200)
    expect(body).toEqual({ same: [true, true], auth: ['featkit', '2026-11-20T00:00:00.000Z'] })
  })

  it('hands observers, `tenant` and secrets the context of Koa', async () => {
    const seen: unknown[] = []
    const portal = featkit({
      slug: 'acme',
      secret: ({ tenant }) => (tenant === 'acme' ? secret : null),
    })
    const app = new Koa()
    app.use((ctx, next) => ((ctx.state['tenant'] = ctx.path.split('/')[1]), next()))
    app.use(
      requireSignedUser(portal, {
        now,
        tenant: (ctx) => ctx.state['tenant'] as string,
        onVerified: ({ user }, ctx) => seen.push([user.id, ctx.get('x-seen')]),
        onRejected: ({ code }, ctx) => seen.push([code, ctx.get('x-seen')]),
      }),
    )
    app.use((ctx) => void (ctx.status = 204))
    const query = await queryFor('u-1')
    const statuses = [
      (await request(app.callback()).get(`/acme/x${query}`).set('x-seen', '1')).status,
      (await request(app.callback()).get(`/other/x${query}`).set('x-seen', '2')).status,
    ]
    expect(statuses).toEqual([204, 401])
    expect(seen).toEqual([
      ['u-1', '1'],
      ['signature_invalid', '2'],
    ])
  })

  it('lets what the handler sets win over what the guard set', async () => {
    const app = new Koa()
    app.use(requireSignedUser(links, { now })).use((ctx) => {
      ctx.set('Cache-Control', 'no-store, max-age=0')
      ctx.body = 'ok'
    })
    const { headers } = await request(app.callback()).get(`/${await queryFor('u-1')}`)
    expect(headers['cache-control']).toBe('no-store, max-age=0')
    expect(headers['referrer-policy']).toBe('no-referrer')
  })

  it('stops a refused request before the handler, and leaves the answer to those in front', async () => {
    const handled = jest.fn()
    const app = new Koa()
    app.use(async (ctx, next) => {
      await next()
      ctx.set('X-Status-Seen', String(ctx.status))
    })
    app.use(requireSignedUser(links, { now })).use(handled)
    const { status, headers, body } = await request(app.callback()).get('/?token=x')
    expect([status, headers['x-status-seen'], body.code]).toEqual([401, '401', 'invalid_token'])
    expect(handled).not.toHaveBeenCalled()
  })

  it('signs whoever the application says', async () => {
    const app = new Koa().use(signEndpoint(links, { now, user: (ctx) => ({ id: ctx.ip }) }))
    const { status, body } = await request(app.callback()).post('/')
    expect([status, new URL(body.url).pathname]).toEqual([200, '/p/acme'])
  })
})

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('`rejections: "forward"` on %s', (_name, Koa) => {
  const forward = { now, rejections: 'forward' } as const

  it('throws the Rejection to the middleware in front', async () => {
    const seen: unknown[] = []
    const app = new Koa()
    app.use(async (ctx, next) => {
      await next().catch((error: unknown) => {
        if (!isRejection(error)) throw error
        seen.push(error)
        ctx.status = error.status
        ctx.body = { ours: error.code }
      })
    })
    app.use(requireSignedUser(links, forward))
    const { status, body } = await request(app.callback()).get('/?token=x')
    expect([status, body]).toEqual([401, { ours: 'token_malformed' }])
    expect(seen).toMatchObject([
      { code: 'token_malformed', status: 401, statusCode: 401, expose: true },
    ])
  })

  it('gives the default handler what it needs for the right answer', async () => {
    const seen: string[] = []
    const app = new Koa().use(requireSignedUser([links, posts], forward))
    app.on('error', ({ code }: { readonly code: string }) => seen.push(code))
    const server = app.callback()
    const answers = [
      await request(server).get('/'),
      await request(server).get('/?token=x'),
      await request(server).get('/?token=x&token=x'),
    ]
    const told = answers.map((answer) => [
      answer.status,
      answer.headers['www-authenticate'],
      answer.text,
    ])
    expect(told).toEqual([
      [401, 'Bearer', 'Authentication required'],
      [401, 'Bearer error="invalid_token", error_description="Invalid token"', 'Invalid token'],
      [
        400,
        'Bearer error="invalid_request", error_description="Invalid request"',
        'Invalid request',
      ],
    ])
    expect(seen).toEqual(['credential_missing', 'token_malformed', 'credential_ambiguous'])
  })

  it('throws the ConfigError where a parser has eaten the body, and tells the stranger nothing', async () => {
    const seen: unknown[] = []
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
    const app = new Koa().use(eatBody).use(requireSignedUser(posts, forward))
    app.on('error', (error: unknown) => seen.push(error))
    const { status, text } = await post(app)
    warned.mockRestore()
    expect([status, text]).toEqual([500, 'Internal Server Error'])
    expect(seen).toEqual([expect.any(ConfigError)])
    expect(seen[0]).toMatchObject({
      code: 'raw_body_unavailable',
      message: expect.stringContaining('keepRawBody'),
    })
  })
})
