import Koa3, { type Context } from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'
import { signEndpoint } from '../src'
import { links, now } from './signed'

const APP = 'https://app.example'
const user = (ctx: Context) => ({ id: ctx.get('x-user') })

beforeEach(() => {
  jest.spyOn(process, 'emitWarning').mockImplementation()
})
afterEach(() => {
  jest.restoreAllMocks()
})

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
])('signEndpoint() on %s', (_name, Koa) => {
  it('signs the user that the application finds on the context of Koa', async () => {
    const app = new Koa().use(signEndpoint(links, { now, user }))
    const { status, headers, body } = await request(app.callback()).post('/').set('x-user', 'u-1')
    expect([status, new URL(body.url as string).pathname]).toEqual([200, '/p/acme'])
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
  })

  it('compares an origin with the forwarded host where Koa trusts the proxy', async () => {
    const forwarded = { origin: APP, 'x-forwarded-host': 'app.example', 'x-user': 'u-1' }
    for (const [proxy, status] of [
      [false, 403],
      [true, 200],
    ] as const) {
      const app = new Koa({ proxy }).use(signEndpoint(links, { now, user }))
      await request(app.callback()).post('/').set(forwarded).expect(status)
    }
  })

  it('throws an error that is no refusal', async () => {
    const bug = new Error('a bug')
    const broken = {
      ownKeys(): never {
        throw bug
      },
    }
    const errors: unknown[] = []
    const app = new Koa().use(
      signEndpoint(links, { now, user: () => new Proxy({ id: 1 }, broken) }),
    )
    app.on('error', (error: unknown) => errors.push(error))
    await request(app.callback()).post('/').expect(500)
    expect(errors).toEqual([bug])
  })
})
