import express5, { type ErrorRequestHandler, type Express } from 'express'
import express4 from 'express4'
import request from 'supertest'
import { featkit, getPortalUser, requireSignedUser, signEndpoint } from '../src'
import { links, now, post, posts, queryFor, secret } from './signed'

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('requireSignedUser on %s', (_name, express) => {
  /** An app whose default error handler keeps quiet. */
  function quietApp(): Express {
    return express().set('env', 'test')
  }

  it('leaves the user in `req`, in `res.locals` and for `getPortalUser`', async () => {
    const app = express().get('/', requireSignedUser(links, { now }), (req, res) => {
      const user = getPortalUser(req)
      res.json({
        same: [req.portalUser === user, res.locals.portalUser === user],
        auth: [req.portalAuth?.scheme, req.portalAuth?.issuedAt],
      })
    })
    const { status, body } = await request(app).get(`/${await queryFor('u-1')}`)
    expect(status).toBe(200)
    expect(body).toEqual({ same: [true, true], auth: ['featkit', '2026-11-20T00:00:00.000Z'] })
  })

  it('hands observers, `tenant` and secrets the request of Express', async () => {
    const seen: unknown[] = []
    const portal = featkit({
      slug: 'acme',
      secret: ({ tenant }) => (tenant === 'acme' ? secret : null),
    })
    const guard = requireSignedUser(portal, {
      now,
      tenant: (req) => String(req.params['tenant']),
      onVerified: ({ user }, req) => seen.push([user.id, req.get('x-seen')]),
      onRejected: ({ code }, req) => seen.push([code, req.get('x-seen')]),
    })
    const app = express().use('/t/:tenant', guard, (_req, res) => void res.sendStatus(204))
    const query = await queryFor('u-1')
    const statuses = [
      (await request(app).get(`/t/acme/x${query}`).set('x-seen', '1')).status,
      (await request(app).get(`/t/other/x${query}`).set('x-seen', '2')).status,
    ]
    expect(statuses).toEqual([204, 401])
    expect(seen).toEqual([
      ['u-1', '1'],
      ['signature_invalid', '2'],
    ])
  })

  it('falls through to a 404 where no handler follows', async () => {
    const app = quietApp().use(requireSignedUser(links, { now }))
    expect((await request(app).get(`/${await queryFor('u-1')}`)).status).toBe(404)
    expect((await request(app).get('/')).status).toBe(401)
  })

  it('lets an error of the next handler go where Express sends it, waiting or not', async () => {
    const seen: unknown[] = []
    const oops = new Error('oops')
    const app = quietApp().use(requireSignedUser([links, posts], { now }), () => {
      throw oops
    })
    app.use(((error, _req, res, _next) => {
      seen.push(error)
      res.sendStatus(418)
    }) satisfies ErrorRequestHandler)
    expect((await request(app).get(`/${await queryFor('u-1')}`)).status).toBe(418)
    expect((await post(app)).status).toBe(418)
    expect(seen).toEqual([oops, oops])
  })

  it('hands on an error that is nobody’s fault but the clock’s, waiting or not', async () => {
    const broken = (): number => {
      throw new RangeError('no clock')
    }
    const app = quietApp().use(requireSignedUser([links, posts], { now: broken }))
    expect((await request(app).get(`/${await queryFor('u-1')}`)).status).toBe(500)
    expect((await post(app)).status).toBe(500)
  })

  it('strips the credential inside a mount and leaves the mount in order', async () => {
    const seen: string[] = []
    const strip = requireSignedUser(links, { now, stripCredential: true })
    const router = express.Router().use(strip, (req, _res, next) => {
      seen.push(req.url, req.originalUrl, req.baseUrl)
      next()
    })
    const app = express().use('/portal', router)
    app.use((req, res) => void res.json([req.url, req.originalUrl, req.query]))
    const query = await queryFor('u-1')
    expect((await request(app).get(`/portal/a${query}&b=1`)).body).toEqual([
      '/portal/a?b=1',
      '/portal/a?b=1',
      { b: '1' },
    ])
    expect((await request(app).get(`/portal${query}`)).body).toEqual(['/portal', '/portal', {}])
    expect(seen).toEqual(['/a?b=1', '/portal/a?b=1', '/portal', '/', '/portal', '/portal'])
  })

  it('signs whoever the application says', async () => {
    const app = express().all('/sign', signEndpoint(links, { now, user: (req) => userOf(req.ip) }))
    const { status, body } = await request(app).post('/sign')
    expect([status, new URL(body.url).pathname]).toEqual([200, '/p/acme'])
    const failing = quietApp().use(signEndpoint(links, { now: () => NaN, user: () => ({ id: 1 }) }))
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
    expect((await request(failing).post('/')).body.code).toBe('server_error')
    warned.mockRestore()
  })

  function userOf(ip: string | undefined): { readonly id: string } {
    return { id: ip ?? 'nobody' }
  }
})
