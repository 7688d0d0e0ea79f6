import { mint, signed, signedLink } from '@countersign/testing'
import fastify5, {
  type FastifyInstance,
  type FastifyRequest,
  type RouteHandlerMethod,
} from 'fastify'
import { version as version5 } from 'fastify/package.json'
import fastify4 from 'fastify4'
import { version as version4 } from 'fastify4/package.json'
import request from 'supertest'
import {
  exchangeSignedUser,
  featkit,
  getPortalUser,
  isRejection,
  keepRawBody,
  memoryReplayStore,
  requireSignedUser,
  signedUsers,
  signEndpoint,
  type FeatKitUser,
} from '../src'
import { links, requests, surveys } from './portals'

const FORWARD = { rejections: 'forward' } as const
const establish = () => ({ cookies: ['session=2', 'hint=3'] })
const link = (path = '/') => signedLink(links, { id: 'u-1' }, { path })
const who = (request: FastifyRequest) => ({ id: request.portalUser?.id ?? null })

/** Supertest on an app that is ready. */
async function on(app: FastifyInstance) {
  await app.ready()
  return request(app.server)
}

/** Sends an error as text. */
function telling(app: FastifyInstance): FastifyInstance {
  return app.setErrorHandler((error, _request, reply) =>
    reply.code(418).send(isRejection(error) ? error.code : String(error)),
  )
}

/** The status of the first use of a leased link and of the second: 401 where it is used up. */
const LEASED: readonly (readonly [first: number, second: number, string, RouteHandlerMethod])[] = [
  [200, 401, 'a returned value', async () => ({ ok: true })],
  [202, 401, 'a reply', (_request, reply) => reply.code(202).send('ok')],
  [303, 401, 'a redirect', (_request, reply) => reply.code(303).header('location', '/').send()],
  [200, 401, 'a response past Fastify', (_, reply) => void reply.hijack().raw.end('ok')],
  [422, 200, 'a failure', (_request, reply) => reply.code(422).send('no')],
  [500, 200, 'a throw', () => Promise.reject(new Error('broken'))],
]

it('runs on Fastify 4 and 5', () => {
  expect([version4, version5].map((version) => version[0])).toEqual(['4', '5'])
})

describe.each([
  ['Fastify 4', fastify4],
  ['Fastify 5', fastify5],
])('a guard on %s', (_name, fastify) => {
  const onRequest = requireSignedUser(links)

  it('leaves the user on the request and for `getPortalUser`, which throws without one', async () => {
    const app = fastify().get('/open', async (request) => getPortalUser(request))
    app.get('/', { onRequest }, async (request, reply) => {
      const user = getPortalUser<FeatKitUser>(request)
      reply.header('cache-control', 'private')
      return [request.portalUser === user, user.email, request.portalAuth?.scheme]
    })
    const client = await on(app)
    const { headers, body } = await client.get(await link())
    expect(body).toEqual([true, null, 'featkit'])
    expect(headers).toMatchObject({ 'cache-control': 'private', 'referrer-policy': 'no-referrer' })
    await client.get('/open').expect(500)
  })

  it('answers a refused request itself, and calls no later hook', async () => {
    const later = jest.fn()
    const app = fastify().addHook('onRequest', onRequest).addHook('onRequest', later)
    app.get('/', later)
    const { status, headers } = await (await on(app)).get('/?token=x')
    expect([status, headers['content-type']]).toEqual([401, 'application/problem+json'])
    expect(later).not.toHaveBeenCalled()
  })

  it('passes the error to the error handler where it forwards', async () => {
    const forwarding = requireSignedUser(links, { rejections: 'forward' })
    const app = telling(fastify()).get('/', { onRequest: forwarding }, who)
    await (await on(app)).get('/').expect(418, 'credential_missing')
  })

  it('passes the request to callbacks', async () => {
    const seen: unknown[] = []
    const secret = jest.fn(() => null)
    const watched = requireSignedUser(featkit({ secret }), {
      tenant: ({ params }) => (params as { readonly tenant: string }).tenant, // of the route
      onRejected: ({ code }, { routeOptions }) => seen.push(code, routeOptions.url),
    })
    const app = fastify().get('/:tenant', { onRequest: watched }, who)
    await (await on(app)).get(await link('/acme')).expect(401)
    expect(secret).toHaveBeenCalledWith({ tenant: 'acme', scheme: 'featkit' })
    expect(seen).toEqual(['signature_invalid', '/:tenant'])
  })

  it('reads the URL that was sent, not one that `rewriteUrl` made', async () => {
    const app = fastify({ rewriteUrl: () => '/inner' }).get('/inner', { onRequest }, who)
    await (await on(app)).get(await link('/outer')).expect(200, { id: 'u-1' })
  })

  it('refuses `stripCredential`, which has no effect on a request of Fastify', () => {
    // @ts-expect-error -- it is not in the type either
    const stripping = () => requireSignedUser(links, { stripCredential: true })
    expect(stripping).toThrow('Fastify keeps the URL')
  })

  it.each(LEASED)('answers a leased link with %i, and then with %i, after %s', async (...row) => {
    const [first, second, , handler] = row
    const options = { replayStore: memoryReplayStore(), consume: { lease: 10 } }
    const app = fastify().addHook('onRequest', requireSignedUser(surveys, options))
    const client = await on(app.post('/first', handler).post('/second', async () => 'ok'))
    const query = await signedLink(surveys, {}, { path: '' })
    await client.post(`/first${query}`).expect(first)
    await client.post(`/second${query}`).expect(second)
  })

  const echo = async (request: FastifyRequest) => [request.portalUser?.id, request.body]
  const post = async (app: FastifyInstance) =>
    signed((await on(app)).post('/'), requests, { email: 'a@b.co' })

  it('leaves a signed body for the parsers of Fastify', async () => {
    const app = fastify().post('/', { onRequest: requireSignedUser(requests) }, echo)
    expect((await post(app)).body).toEqual(['a@b.co', { email: 'a@b.co' }])
  })

  it('refuses a body that a parser has read, with the fix, and verifies one that was kept', async () => {
    jest.spyOn(process, 'emitWarning').mockImplementation() // of a body that was read
    const preHandler = requireSignedUser(requests, { rejections: 'forward' })
    const losing = telling(fastify()).post('/', { preHandler }, echo)
    expect((await post(losing)).text).toContain('fastify-raw-body')
    const keeping = fastify()
    keeping.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      ({ raw }, body, done) => {
        keepRawBody(raw, undefined as never, body as Buffer) // no response is needed; see `parseAs`
        done(null, JSON.parse(String(body)))
      },
    )
    const { body } = await post(keeping.post('/', { preHandler }, echo))
    expect(body).toEqual(['a@b.co', { email: 'a@b.co' }])
  })
})

describe.each([
  ['Fastify 4', fastify4],
  ['Fastify 5', fastify5],
])('a plugin on %s', (_name, fastify) => {
  it('of guards guards the instance that registers it and its children, and no other', async () => {
    const app = fastify().get('/open', who)
    app.register(async (portal) => {
      portal.get('/before', who)
      portal.register(signedUsers, { portal: links, bearer: true })
      portal.get('/after', who).register(async (child) => void child.get('/child', who))
    })
    app.register(async (sibling) => void sibling.get('/sibling', who))
    const client = await on(app)
    for (const path of ['/before', '/after', '/child']) {
      await client.get(path).expect(401)
      const asked = signed(client.get(path), links, { id: 'u-1' }, { carrier: 'bearer' })
      await asked.expect(200, { id: 'u-1' })
    }
    for (const path of ['/open', '/sibling']) {
      await client.get(await link(path)).expect(200, { id: null })
    }
  })

  it('of guards declares the properties of the request once', async () => {
    const app = fastify().register(signedUsers, { portal: links, mode: 'optional' })
    app.register(async (child) => void child.register(signedUsers, { portal: requests }))
    await app.ready()
    const declared = ['portalUser', 'portalAuth'].map((name) => app.hasRequestDecorator(name))
    expect(declared).toEqual([true, true])
  })

  const user = () => ({ id: 'u-1' })

  it('of a sign endpoint reads no body, and leaves the parsers of the application as they are', async () => {
    const app = fastify().register(signEndpoint(links, { user }), { prefix: '/sign' })
    app.post('/other', async ({ body }) => body)
    const client = await on(app)
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/csv']) {
      const { status, headers } = await client.post('/sign').type(type).send('{')
      expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    }
    await client.post('/other').send({ a: 1 }).expect(200, { a: 1 })
  })

  it('of a sign endpoint compares an origin with the forwarded host of a trusted proxy', async () => {
    const headers = { origin: 'https://app.example', 'x-forwarded-host': 'app.example' }
    for (const [trustProxy, status] of [
      [false, 403],
      [true, 200],
    ] as const) {
      const app = fastify({ trustProxy }).register(signEndpoint(links, { user }))
      await (await on(app)).post('/').set(headers).expect(status)
    }
  })
})

it.each([
  ['Fastify 4', fastify4],
  ['Fastify 5', fastify5],
])('an exchange on %s keeps the cookies of earlier hooks', async (_name, fastify) => {
  const app = fastify().addHook('onRequest', async (_request, reply) => {
    reply.header('set-cookie', 'csrf=1')
  })
  app.get('/board', { onRequest: exchangeSignedUser(links, { establish }) }, async () => 'board')
  const client = await on(app)
  await client.get('/board').expect(200, 'board')
  const { status, headers } = await client.get(await link('/board'))
  expect([status, headers['location']]).toEqual([303, '/board'])
  expect(headers['set-cookie']).toEqual(['csrf=1', 'session=2', 'hint=3'])
})

// Jest cannot load what Fastify 5 injects with
describe('an injected request', () => {
  it('says how the hook and the plugin are used where one is taken for the other', async () => {
    for (const hook of [requireSignedUser(links), exchangeSignedUser(links, { establish })]) {
      const registered = fastify4().register(hook as never)
      await expect(registered.ready()).rejects.toThrow('() returns a hook, and was registered')
    }
    const app = telling(fastify4()).get('/', signEndpoint(links, { user: () => null }) as never)
    expect((await app.inject('/')).body).toContain('returns a plugin, and was used as a handler')
  })

  it('has a body, although no parser of Node has made it, and a limit', async () => {
    const app = fastify4().post('/', { onRequest: requireSignedUser(requests) }, who)
    app.post('/forward', { onRequest: requireSignedUser(requests, FORWARD) }, who)
    const exchange = exchangeSignedUser(requests, { ...FORWARD, establish })
    app.post('/exchange', { onRequest: exchange }, who)
    const { request: sent } = await mint(requests, { email: 'a@b.co' })
    const post = { method: 'POST', url: '/', headers: Object.fromEntries(sent.headers) } as const
    const answer = await app.inject({ ...post, payload: Buffer.from(sent.body!) })
    expect([answer.statusCode, answer.json()]).toEqual([200, { id: 'a@b.co' }])
    for (const url of ['/', '/forward', '/exchange']) {
      const large = await app.inject({ ...post, url, payload: Buffer.alloc(16_385) })
      expect([large.statusCode, large.headers['connection']]).toEqual([413, 'close'])
    }
  })
})
