import { createServer, type RequestListener } from 'node:http'
import { signed, signedLink } from '@countersign/testing'
import express5, { type ErrorRequestHandler, type Request, type Response } from 'express'
import { version as version5 } from 'express/package.json'
import express4 from 'express4'
import { version as version4 } from 'express4/package.json'
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

it('runs on Express 4 and 5', () => {
  expect([version4, version5].map((version) => version[0])).toEqual(['4', '5'])
})

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('on %s', (_name, express) => {
  const errors: unknown[] = []
  const keep: ErrorRequestHandler = (error, _req, res, _next) => {
    errors.push(error)
    res.status(error.status ?? 500).end()
  }
  afterEach(() => void errors.splice(0))

  /** Logs no errors. */
  const quiet = () => express().set('env', 'test')

  it('a guard leaves the user on `req`, in `res.locals` and for `getPortalUser`, which throws without one', async () => {
    const app = quiet().get('/open', (req, res) => void res.json(getPortalUser(req)))
    app.get('/', requireSignedUser(links), (req, res) => {
      const user = getPortalUser(req)
      const same = [req.portalUser === user, res.locals.portalUser === user]
      res.json([same, user.id, req.portalAuth?.scheme])
    })
    await request(app)
      .get(await link())
      .expect(200, [[true, true], 'u-1', 'featkit'])
    await request(app).get('/open').expect(500)
  })

  it('a guard passes the request to callbacks', async () => {
    const seen: unknown[] = []
    const secret = jest.fn(() => null)
    const guard = requireSignedUser(featkit({ secret }), {
      tenant: (req) => String(req.params['tenant']),
      onRejected: ({ code }, req) => seen.push(code, req.get('x-seen')),
    })
    const app = express().use('/:tenant', guard)
    await request(app)
      .get(await link('/acme/x'))
      .set('x-seen', '1')
      .expect(401)
    expect(secret).toHaveBeenCalledWith({ tenant: 'acme', scheme: 'featkit' })
    expect(seen).toEqual(['signature_invalid', '1'])
  })

  it('404 and the errors of handlers are left to Express, after a promise as well', async () => {
    const guard = requireSignedUser([links, requests])
    await request(quiet().use(guard))
      .get(await link())
      .expect(404)
    const oops = new Error('oops')
    const failing = quiet().use(guard, () => {
      throw oops
    })
    failing.use(keep)
    await request(failing)
      .get(await link())
      .expect(500)
    await signed(request(failing).post('/'), requests, { email: 'a@b.co' }).expect(500)
    expect(errors).toEqual([oops, oops])
  })

  it('an error of the guard itself is passed to Express, after a promise as well', async () => {
    const app = express().use((_req, res, next) => {
      res.write('the response has begun')
      next()
    })
    app.use(requireSignedUser([links, requests]))
    app.use(((error, _req, res, _next) => {
      errors.push(error.code)
      res.end()
    }) satisfies ErrorRequestHandler)
    await request(app).get('/')
    await request(app).post('/').type('form').send('name=Ada') // has to be read first
    expect(errors).toEqual(Array(2).fill('ERR_HTTP_HEADERS_SENT'))
  })

  it('a guard that forwards passes on what error handlers need, also that of Express', async () => {
    const guard = requireSignedUser(links, { rejections: 'forward' })
    await request(express().use(guard, keep)).get('/?token=x').expect(401)
    expect(errors.map(isRejection)).toEqual([true])
    const { status, headers } = await request(quiet().use(guard)).get('/?token=x')
    expect([status, headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="invalid_token", error_description="Invalid token"',
    ])
  })

  it('a guard in a mounted router removes the credential from the URL', async () => {
    const seen: string[] = []
    const guard = requireSignedUser(links, { stripCredential: true })
    const router = express.Router().use(guard, (req, _res, next) => {
      seen.push(req.url, req.originalUrl, req.baseUrl)
      next()
    })
    const app = express().use('/portal', router)
    app.use((req, res) => void res.json([req.url, req.originalUrl, req.query]))
    const read = async (path: string) => (await request(app).get(await link(path))).body as unknown
    expect(await read('/portal/a?b=1')).toEqual(['/portal/a?b=1', '/portal/a?b=1', { b: '1' }])
    expect(await read('/portal')).toEqual(['/portal', '/portal', {}])
    expect(seen).toEqual(['/a?b=1', '/portal/a?b=1', '/portal', '/', '/portal', '/portal'])
  })

  it('a sign endpoint compares an origin with the forwarded host of a trusted proxy', async () => {
    const sign = signEndpoint(links, { user: () => ({ id: 'u-1' }) })
    const headers = { origin: 'https://app.example', 'x-forwarded-host': 'app.example' }
    const ask = (trusted: boolean | string) =>
      request(express().set('trust proxy', trusted).use(sign)).post('/').set(headers)
    await ask(false).expect(403)
    await ask('loopback').expect(200)
  })

  it('an exchange keeps the cookies of earlier middleware', async () => {
    const app = express().use((_req, res, next) => {
      res.setHeader('set-cookie', 'csrf=1')
      next()
    })
    const establish = () => ({ cookies: ['session=2', 'hint=3'] })
    app.use(
      '/board',
      exchangeSignedUser(links, { establish }),
      (_req, res) => void res.send('board'),
    )
    await request(app).get('/board').expect(200, 'board')
    const { status, headers } = await request(app).get(await link('/board'))
    expect([status, headers['location']]).toEqual([303, '/board'])
    expect(headers['set-cookie']).toEqual(['csrf=1', 'session=2', 'hint=3'])
  })

  it('an error of a callback is passed to Express', async () => {
    const bug = new Error('a bug')
    const fail = (): never => {
      throw bug
    }
    const app = express()
    app.use('/sign', signEndpoint(links, { user: () => new Proxy({ id: 1 }, { ownKeys: fail }) }))
    app.use(exchangeSignedUser(links, { establish: fail }), keep)
    await request(app).post('/sign').expect(500)
    await request(app)
      .get(await link())
      .expect(500)
    expect(errors).toEqual([bug, bug])
  })
})

describe('a host without `res.locals`, `req.originalUrl` and `req.query`', () => {
  const sign = signEndpoint(links, { user: () => ({ id: 'u-1' }) })
  const guard = requireSignedUser(links, { stripCredential: true })

  /** Calls them as connect, polka and middie do, on a request that has only what Node gives it. */
  const host: RequestListener = (incoming, outgoing) => {
    const [req, res] = [incoming as Request, outgoing as Response] // without Express's own properties
    if (req.url === '/sign') return void sign(req, res, () => undefined)
    guard(req, res, () => res.end(getPortalUser(req).id + req.url))
  }

  it('has users, URLs without the credential, and a sign endpoint', async () => {
    const app = createServer(host)
    await request(app).get('/').expect(401)
    await request(app)
      .get(await link('/a?page=2'))
      .expect(200, 'u-1/a?page=2')
    await request(app).post('/sign').expect(200)
  })
})
