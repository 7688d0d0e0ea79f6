import express5, { type ErrorRequestHandler, type Express, type Request } from 'express'
import { version as version5 } from 'express/package.json'
import express4 from 'express4'
import { version as version4 } from 'express4/package.json'
import request from 'supertest'
import {
  ConfigError,
  featkit,
  getPortalUser,
  isRejection,
  keepRawBody,
  requireSignedUser,
} from '../src'
import { links, now, post, queryFor, requests, secret } from './signed'

it('runs on Express 4 and 5', () => {
  expect([version4, version5].map((version) => version[0])).toEqual(['4', '5'])
})

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('requireSignedUser() on %s', (_name, express) => {
  const forward = { now, rejections: 'forward' } as const

  beforeEach(() => {
    jest.spyOn(process, 'emitWarning').mockImplementation()
  })
  afterEach(() => {
    jest.restoreAllMocks()
  })

  /** An app that logs no errors, and an error handler that keeps them. */
  function quiet(): Express {
    return express().set('env', 'test')
  }
  function keeping(errors: unknown[]): ErrorRequestHandler {
    return (error, _req, res, _next) => {
      errors.push(error)
      res.status(error.status ?? 500).json({ own: error.code })
    }
  }

  it('leaves the user on `req`, in `res.locals` and for `getPortalUser`', async () => {
    const app = express().get('/', requireSignedUser(links, { now }), (req, res) => {
      const user = getPortalUser(req)
      const same = [req.portalUser === user, res.locals.portalUser === user]
      res.json({ same, user: user.id, auth: req.portalAuth })
    })
    const { status, headers, body } = await request(app).get(`/${await queryFor('u-1')}`)
    expect([status, body]).toEqual([
      200,
      {
        same: [true, true],
        user: 'u-1',
        auth: expect.objectContaining({ scheme: 'featkit', issuedAt: '2026-11-20T00:00:00.000Z' }),
      },
    ])
    expect(headers).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
    })
  })

  it('passes the request of Express to callbacks', async () => {
    const seen: unknown[] = []
    const lookup = ({ tenant }: { tenant: string | null }) => (tenant === 'acme' ? secret : null)
    const guard = requireSignedUser(featkit({ slug: 'acme', secret: lookup }), {
      now,
      tenant: (req) => String(req.params['tenant']),
      onVerified: ({ user }, req) => seen.push([user.id, req.get('x-seen')]),
      onRejected: ({ code }, req) => seen.push([code, req.get('x-seen')]),
    })
    const app = express().use('/t/:tenant', guard, (_req, res) => void res.sendStatus(204))
    const query = await queryFor('u-1')
    await request(app).get(`/t/acme/x${query}`).set('x-seen', '1').expect(204)
    await request(app).get(`/t/other/x${query}`).set('x-seen', '2').expect(401)
    expect(seen).toEqual([
      ['u-1', '1'],
      ['signature_invalid', '2'],
    ])
  })

  it('leaves 404 and the errors of handlers to Express, after a promise as well', async () => {
    const query = await queryFor('u-1')
    const guard = requireSignedUser([links, requests], { now })
    await request(quiet().use(guard)).get(`/${query}`).expect(404)
    const errors: unknown[] = []
    const oops = new Error('oops')
    const failing = quiet().use(guard, () => {
      throw oops
    })
    failing.use(keeping(errors))
    await request(failing).get(`/${query}`).expect(500)
    expect((await post(failing)).status).toBe(500)
    expect(errors).toEqual([oops, oops])
  })

  it('passes an error of its own to Express, after a promise as well', async () => {
    const codes: unknown[] = []
    const app = express().use((_req, res, next) => {
      res.write('the response has begun')
      next()
    })
    app.use(requireSignedUser([links, requests], { now }))
    app.use(((error, _req, res, _next) => {
      codes.push(error.code)
      res.end()
    }) satisfies ErrorRequestHandler)
    await request(app).get('/')
    await request(app).post('/').type('form').send('name=Ada') // has to be read first
    expect(codes).toEqual(Array(2).fill('ERR_HTTP_HEADERS_SENT'))
  })

  it('forwards a Rejection to the error handler of the application', async () => {
    const errors: unknown[] = []
    const app = express().use(requireSignedUser(links, forward), keeping(errors))
    const { status, body } = await request(app).get('/?token=x')
    expect([status, body, errors.map(isRejection)]).toEqual([
      401,
      { own: 'token_malformed' },
      [true],
    ])
  })

  it('forwards what the default error handler needs for the same response', async () => {
    const app = quiet().use(requireSignedUser([links, requests], forward))
    const refused = async (path: string) => {
      const { status, headers } = await request(app).get(path)
      return [status, headers['www-authenticate']]
    }
    expect(await refused('/')).toEqual([401, 'Bearer'])
    expect(await refused('/?token=x')).toEqual([
      401,
      'Bearer error="invalid_token", error_description="Invalid token"',
    ])
    expect(await refused('/?token=x&token=x')).toEqual([
      400,
      'Bearer error="invalid_request", error_description="Invalid request"',
    ])
  })

  it('forwards a ConfigError where a parser has read the body, and the fix works', async () => {
    const errors: unknown[] = []
    const app = express().use(express.json(), requireSignedUser(requests, forward))
    expect((await post(app.use(keeping(errors)))).status).toBe(500)
    expect(errors).toEqual([expect.any(ConfigError)])
    expect(errors[0]).toMatchObject({ message: expect.stringContaining('{ verify: keepRawBody }') })
    const fixed = express().use(express.json({ verify: keepRawBody }))
    fixed.use(requireSignedUser(requests, forward), (req, res) => void res.json(req.body))
    expect((await post(fixed)).body).toEqual({ email: 'a@b.co' })
  })

  it('removes the credential from the URL, inside a mount as well', async () => {
    const seen: string[] = []
    const guard = requireSignedUser(links, { now, stripCredential: true })
    const router = express.Router().use(guard, (req, _res, next) => {
      seen.push(req.url, req.originalUrl, req.baseUrl)
      next()
    })
    const app = express().use('/portal', router)
    app.use((req, res) => void res.json([req.url, req.originalUrl, req.query]))
    const read = async (path: string) => (await request(app).get(path)).body as unknown
    const query = await queryFor('u-1')
    expect(await read(`/portal/a${query}&b=1`)).toEqual([
      '/portal/a?b=1',
      '/portal/a?b=1',
      { b: '1' },
    ])
    expect(await read(`/portal${query}`)).toEqual(['/portal', '/portal', {}])
    expect(seen).toEqual(['/a?b=1', '/portal/a?b=1', '/portal', '/', '/portal', '/portal'])
  })

  it('decides again where the same guard is mounted for another tenant', async () => {
    const secrets = new Map([
      ['go', secret],
      ['victim', `${secret}-3`],
    ])
    const portal = featkit({ secret: ({ tenant }) => secrets.get(tenant ?? '') })
    const tenant = ({ params }: Request) => String(params['project'])
    const guard = requireSignedUser(portal, { now, tenant })
    const app = express().use('/:project', guard)
    app.get('/go/:project', guard, (req, res) => void res.json(req.params))
    const query = await queryFor('mallory')
    await request(app).get(`/go/go${query}`).expect(200, { project: 'go' })
    await request(app).get(`/go/victim${query}`).expect(401)
  })

  it('decides again for a copy of the request', async () => {
    const guard = requireSignedUser(links, { now })
    const inner = express().use(guard, (_req, res) => void res.sendStatus(204))
    const app = express().use(guard, (req, res, next) => {
      const copy = Object.assign(
        Object.create(Object.getPrototypeOf(req) as object),
        req,
      ) as Request
      copy.url = copy.originalUrl = '/' // without the credential
      inner(copy, res, next)
    })
    await request(app)
      .get(`/${await queryFor('u-1')}`)
      .expect(401)
  })

  it('makes `getPortalUser` throw where no guard ran, and for an anonymous request', async () => {
    const errors: unknown[] = []
    const handler = (req: Request) => void getPortalUser(req)
    const app = quiet().get('/open', handler)
    app.get('/optional', requireSignedUser(links, { now, mode: 'optional' }), handler)
    app.use(keeping(errors))
    await request(app).get('/open').expect(500)
    await request(app).get('/optional').expect(401)
    expect(errors).toMatchObject([{ reason: 'no_guard' }, { code: 'credential_missing' }])
  })
})
