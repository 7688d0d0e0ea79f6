import express5, { type ErrorRequestHandler, type Express, type Request } from 'express'
import express4 from 'express4'
import request from 'supertest'
import { signEndpoint } from '../src'
import { links, now } from './signed'

const APP = 'https://app.example'
const user = (req: Request) => ({ id: req.get('x-user') ?? '' })

beforeEach(() => {
  jest.spyOn(process, 'emitWarning').mockImplementation()
})
afterEach(() => {
  jest.restoreAllMocks()
})

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('signEndpoint() on %s', (_name, express) => {
  it('signs the user that the application finds on the request of Express', async () => {
    const app = express().post('/sign', signEndpoint(links, { now, user }))
    const { status, headers, body } = await request(app).post('/sign').set('x-user', 'u-1')
    expect([status, new URL(body.url as string).pathname]).toEqual([200, '/p/acme'])
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
  })

  const allowing = signEndpoint(links, { now, user, allowedOrigins: [APP] })
  it.each<[string, (app: Express) => Express]>([
    ['use', (app) => app.use('/sign', allowing)],
    ['all', (app) => app.all('/sign', allowing)],
    ['options and post', (app) => app.options('/sign', allowing).post('/sign', allowing)],
  ])('answers a preflight behind `%s`', async (_, mount) => {
    const app = mount(express())
    const asked = { origin: APP, 'access-control-request-headers': 'content-type, x-csrf-token' }
    const preflight = await request(app).options('/sign').set(asked)
    expect(preflight.status).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': asked['access-control-request-headers'],
    })
    const call = request(app).post('/sign').set({ origin: APP, 'x-user': 'u-1' })
    await call.expect(200).expect('access-control-allow-origin', APP)
  })

  it('compares an origin with the forwarded host where Express trusts the proxy', async () => {
    const forwarded = { origin: APP, 'x-forwarded-host': 'app.example', 'x-user': 'u-1' }
    for (const [trusted, status] of [
      [false, 403],
      ['loopback', 200],
    ] as const) {
      const app = express()
        .set('trust proxy', trusted)
        .post('/', signEndpoint(links, { now, user }))
      await request(app).post('/').set(forwarded).expect(status)
    }
  })

  it('passes an error that is no refusal to Express', async () => {
    const bug = new Error('a bug')
    const broken = {
      ownKeys(): never {
        throw bug
      },
    }
    const errors: unknown[] = []
    const app = express().use(
      signEndpoint(links, { now, user: () => new Proxy({ id: 1 }, broken) }),
    )
    app.use(((error, _req, res, _next) => {
      errors.push(error)
      res.sendStatus(500)
    }) satisfies ErrorRequestHandler)
    await request(app).post('/').expect(500)
    expect(errors).toEqual([bug])
  })
})
