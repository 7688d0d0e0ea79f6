import { signed, signedLink } from '@countersign/testing'
import Koa3, { type Middleware } from 'koa'
import { version as version3 } from 'koa/package.json'
import Koa2 from 'koa2'
import { version as version2 } from 'koa2/package.json'
import request from 'supertest'
import {
  exchangeSignedUser,
  featkit,
  getPortalUser,
  isRejection,
  requireSignedUser,
  signEndpoint,
} from '../src'
import { links, requests } from './portals'

const link = (path = '/') => signedLink(links, { id: 'u-1' }, { path })

it('runs on Koa 2 and 3', () => {
  expect([version2, version3].map((version) => version[0])).toEqual(['2', '3'])
})

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('on %s', (_name, Koa) => {
  const get = (app: Koa3, path: string) => request(app.callback()).get(path)

  /** Its errors are kept. */
  function keeping(errors: unknown[]): Koa3 {
    return new Koa().on('error', (error: unknown) => errors.push(error))
  }

  it('a guard leaves the user in `ctx.state` and for `getPortalUser`, which throws without one', async () => {
    const app = keeping([])
    app.use((ctx, next) => (ctx.path === '/open' ? void getPortalUser(ctx) : next()))
    app.use(requireSignedUser(links)).use((ctx) => {
      const user = getPortalUser(ctx)
      ctx.set('Cache-Control', 'private')
      ctx.body = [ctx.state.portalUser === user, user.id, ctx.state.portalAuth?.scheme]
    })
    const { status, headers, body } = await get(app, await link())
    expect([status, body]).toEqual([200, [true, 'u-1', 'featkit']])
    expect(headers).toMatchObject({ 'cache-control': 'private', 'referrer-policy': 'no-referrer' })
    await get(app, '/open').expect(500)
  })

  it('a guard passes the context to callbacks', async () => {
    const seen: unknown[] = []
    const secret = jest.fn(() => null)
    const guard = requireSignedUser(featkit({ secret }), {
      tenant: (ctx) => ctx.path.slice(1),
      onRejected: ({ code }, ctx) => seen.push(code, ctx.get('x-seen')),
    })
    await get(new Koa().use(guard), await link('/acme'))
      .set('x-seen', '1')
      .expect(401)
    expect(secret).toHaveBeenCalledWith({ tenant: 'acme', scheme: 'featkit' })
    expect(seen).toEqual(['signature_invalid', '1'])
  })

  it('middleware in front of a guard sees the response to a refused request', async () => {
    const app = new Koa().use(async (ctx, next) => {
      await next()
      ctx.set('X-Seen', String(ctx.status))
    })
    const { status, headers } = await get(app.use(requireSignedUser(links)), '/?token=x')
    expect([status, headers['x-seen']]).toEqual([401, '401'])
  })

  it('404 and the errors of handlers are left to Koa, after a promise as well', async () => {
    const errors: unknown[] = []
    const oops = new Error('oops')
    const guard = requireSignedUser([links, requests]) as Middleware // its state is narrower
    await get(new Koa().use(guard), await link()).expect(404)
    const app = keeping(errors)
      .use(guard)
      .use(() => {
        throw oops
      })
    await get(app, await link()).expect(500)
    const post = request(app.callback()).post('/')
    await signed(post, requests, { email: 'a@b.co' }).expect(500)
    expect(errors).toEqual([oops, oops])
  })

  it('a guard that forwards throws what error handlers need, also that of Koa', async () => {
    const errors: unknown[] = []
    const app = keeping(errors).use(requireSignedUser(links, { rejections: 'forward' }))
    const { status, headers, text } = await get(app, '/?token=x')
    expect([status, text, errors.map(isRejection)]).toEqual([401, 'Invalid token', [true]])
    expect(headers['www-authenticate']).toBe(
      'Bearer error="invalid_token", error_description="Invalid token"',
    )
  })

  it('a guard removes the credential from the URL, also where the Host header is no host', async () => {
    const app = new Koa().use(requireSignedUser(links, { stripCredential: true }))
    app.use((ctx) => void (ctx.body = ctx.url))
    await get(app, await link('/a?b=1'))
      .set('host', '[')
      .expect(200, '/a?b=1')
  })

  it('a sign endpoint compares an origin with the forwarded host of a trusted proxy', async () => {
    const sign = signEndpoint(links, { user: () => ({ id: 'u-1' }) })
    const headers = { origin: 'https://app.example', 'x-forwarded-host': 'app.example' }
    const ask = (proxy: boolean) =>
      request(new Koa({ proxy }).use(sign).callback()).post('/').set(headers)
    await ask(false).expect(403)
    await ask(true).expect(200)
  })

  it('an exchange keeps the cookies of earlier middleware', async () => {
    const app = new Koa().use((ctx, next) => {
      ctx.set('set-cookie', 'csrf=1')
      return next()
    })
    const establish = () => ({ cookies: ['session=2', 'hint=3'] })
    app.use(exchangeSignedUser(links, { establish })).use((ctx) => void (ctx.body = 'board'))
    await get(app, '/board').expect(200, 'board')
    const { status, headers } = await get(app, await link('/board'))
    expect([status, headers['location']]).toEqual([303, '/board'])
    expect(headers['set-cookie']).toEqual(['csrf=1', 'session=2', 'hint=3'])
  })

  it('an error of a callback is thrown', async () => {
    const errors: unknown[] = []
    const bug = new Error('a bug')
    const fail = (): never => {
      throw bug
    }
    const user = () => new Proxy({ id: 1 }, { ownKeys: fail })
    const exchange = exchangeSignedUser(links, { establish: fail })
    await get(keeping(errors).use(signEndpoint(links, { user })), '/').expect(500)
    await get(keeping(errors).use(exchange), await link()).expect(500)
    expect(errors).toEqual([bug, bug])
  })
})
