import type { FastifyRequest } from 'fastify'
import { version as version5 } from 'fastify/package.json'
import { version as version4 } from 'fastify4/package.json'
import {
  ConfigError,
  getPortalUser,
  isRejection,
  keepRawBody,
  requireSignedUser,
  signedUsers,
  signEndpoint,
  type FeatKitUser,
} from '../src'
import { ask, MAJORS, send } from './majors'
import { links, now, post, queryFor, requests } from './signed'

it('runs on Fastify 4 and 5', () => {
  expect([version4, version5].map((version) => version[0])).toEqual(['4', '5'])
})

const who = (request: FastifyRequest) => ({ id: request.portalUser?.id ?? null })

beforeEach(() => void jest.spyOn(process, 'emitWarning').mockImplementation()) // of a body that was read
afterEach(() => void jest.restoreAllMocks())

describe.each(MAJORS)('requireSignedUser() on %s', (_name, fastify) => {
  const onRequest = requireSignedUser(links, { now })

  it('leaves the user on the request and for `getPortalUser`, and its headers on the reply', async () => {
    const app = fastify().get('/', { onRequest }, async (request) => {
      const user = getPortalUser<FeatKitUser>(request)
      return [request.portalUser === user, user.email, request.portalAuth?.issuedAt]
    })
    const response = await ask(app, `/${await queryFor('u-1')}`)
    expect(response.json()).toEqual([true, null, '2026-11-20T00:00:00.000Z'])
    expect(response.headers).toMatchObject({
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
    })
  })

  it('lets a handler replace the headers of the guard', async () => {
    const app = fastify().get('/', { onRequest }, (_request, reply) =>
      reply.header('cache-control', 'no-cache').send('ok'),
    )
    const { headers } = await ask(app, `/${await queryFor('u-1')}`)
    expect(headers['cache-control']).toBe('no-cache')
  })

  it('answers a refused request itself, without a charset, and calls no later hook', async () => {
    const later = jest.fn()
    const app = fastify()
      .addHook('onRequest', onRequest)
      .addHook('onRequest', later)
      .get('/', later)
    const response = await ask(app, '/?token=x')
    expect([response.status, response.json()]).toMatchObject([401, { code: 'invalid_token' }])
    expect(response.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer error="invalid_token", error_description="Invalid token"',
    })
    expect(later).not.toHaveBeenCalled()
  })

  it('passes the error to the error handler where it forwards', async () => {
    const app = fastify().get(
      '/',
      { onRequest: requireSignedUser(links, { rejections: 'forward' }) },
      who,
    )
    app.setErrorHandler((error, _request, reply) =>
      reply.code(418).send(isRejection(error) ? error.code : 'other'),
    )
    const { status, text } = await ask(app, '/')
    expect([status, text]).toEqual([418, 'credential_missing'])
  })

  it('passes the request to callbacks', async () => {
    const seen: unknown[] = []
    const watched = requireSignedUser(links, {
      now,
      tenant: ({ params }) => (params as { readonly tenant: string }).tenant, // of the route
      onVerified: ({ user }, request) => seen.push([user.id, request.routeOptions.url]),
      onRejected: ({ code }, request) => seen.push([code, request.routeOptions.url]),
    })
    const app = fastify().get('/:tenant', { onRequest: watched }, who)
    await send(app, [`/acme${await queryFor('u-1')}`], ['/acme'])
    expect(seen).toEqual([
      ['u-1', '/:tenant'],
      ['credential_missing', '/:tenant'],
    ])
  })

  it('leaves no user for an anonymous request in optional mode', async () => {
    const optional = requireSignedUser(links, { mode: 'optional' })
    const app = fastify().get('/', { onRequest: optional }, async (request) => {
      expect(() => getPortalUser(request)).toThrow('Authentication required')
      return who(request)
    })
    expect((await ask(app, '/')).json()).toEqual({ id: null })
  })

  it('reads the URL that was sent, not one that `rewriteUrl` made', async () => {
    const app = fastify({ rewriteUrl: () => '/inner' }).get('/inner', { onRequest }, who)
    expect((await ask(app, `/outer${await queryFor('u-1')}`)).json()).toEqual({ id: 'u-1' })
  })

  it('refuses `stripCredential`, which has no effect on a request of Fastify', () => {
    // @ts-expect-error -- it is not in the type either
    const stripping = () => requireSignedUser(links, { stripCredential: true })
    expect(stripping).toThrow('Fastify keeps the URL')
  })
})

describe.each(MAJORS)('a signed body on %s', (_name, fastify) => {
  const codes: string[] = []
  const guard = requireSignedUser(requests, {
    now,
    onRejected: ({ code, message }) => codes.push(code, message),
  })
  const echo = async (request: FastifyRequest) => [request.portalUser?.id, request.body]
  afterEach(() => void codes.splice(0))

  it('is left for the parsers of Fastify', async () => {
    const app = fastify().post('/', { onRequest: guard }, echo)
    expect((await ask(app, '/', await post())).json()).toEqual(['a@b.co', { email: 'a@b.co' }])
  })

  it('is refused once a parser has read it, with the fix', async () => {
    const app = fastify().post('/', { preHandler: guard }, echo)
    expect((await ask(app, '/', await post())).status).toBe(500)
    expect(codes).toEqual(['raw_body_unavailable', expect.stringContaining('fastify-raw-body')])
  })

  it('is verified behind a parser that keeps the bytes', async () => {
    const app = fastify()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
      keepRawBody(request.raw, undefined as never, bytes as Buffer) // no response is needed; see `parseAs`
      done(null, JSON.parse(String(bytes)))
    })
    app.post('/', { preHandler: guard }, echo)
    expect((await ask(app, '/', await post())).json()).toEqual(['a@b.co', { email: 'a@b.co' }])
  })
})

describe.each(MAJORS)('signedUsers on %s', (_name, fastify) => {
  it('guards the instance that registers it and its children, and no other', async () => {
    const app = fastify().get('/open', who)
    app.register(async (portal) => {
      portal.get('/before', who)
      portal.register(signedUsers, { portal: links, now })
      portal.get('/after', who).register(async (child) => void child.get('/child', who))
    })
    app.register(async (sibling) => void sibling.get('/sibling', who))
    const query = await queryFor('u-1')
    const guarded = ['/before', '/after', '/child']
    const open = ['/open', '/sibling']
    const signed = [...guarded, ...open].map((path) => [path + query] as const)
    const answers = await send(app, ...guarded.map((path) => [path] as const), ...signed)
    const seen = answers.map(({ status, ...answer }) => (status === 401 ? 401 : answer.json()))
    const [ada, none] = [{ id: 'u-1' }, { id: null }]
    expect(seen).toEqual([401, 401, 401, ada, ada, ada, none, none])
  })

  it('declares the properties of the request once, for several guards', async () => {
    const app = fastify().register(signedUsers, { portal: links, mode: 'optional' })
    app.register(async (child) => void child.register(signedUsers, { portal: requests }))
    await app.ready()
    expect([app.hasRequestDecorator('portalUser'), app.hasRequestDecorator('portalAuth')]).toEqual([
      true,
      true,
    ])
  })

  it('fails to load with options that cannot work', async () => {
    const app = fastify().register(signedUsers, { portal: [] })
    await expect(app.ready()).rejects.toThrow(ConfigError)
  })
})

describe.each(MAJORS)('getPortalUser() on %s', (_name, fastify) => {
  it('throws where no guard ran', async () => {
    const errors: unknown[] = []
    const app = fastify().get('/', async (request) => getPortalUser(request))
    app.setErrorHandler((error, _request, reply) => (errors.push(error), reply.code(500).send()))
    await ask(app, '/')
    expect(errors).toEqual([expect.any(ConfigError)])
  })
})

describe.each(MAJORS)('signEndpoint() on %s', (_name, fastify) => {
  const origin = 'https://app.example'
  const user = ({ headers }: FastifyRequest) => {
    const id = headers['x-user']
    return typeof id === 'string' ? { id } : null
  }
  const prefix = '/sign'

  it('signs the user that the application finds on the request, whatever the body is', async () => {
    const app = fastify().register(signEndpoint(links, { now, user }), { prefix })
    const types = ['application/json', 'application/x-www-form-urlencoded', 'text/csv']
    const calls = types.map((type) => {
      const headers = { 'x-user': 'u-1', 'content-type': type }
      return ['/sign', { method: 'POST', headers, body: '{' }] as const
    })
    const answers = await send(app, ...calls, ['/sign', { method: 'POST' }])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401])
    expect(answers[0]?.headers['content-type']).toBe('application/json')
    expect(answers[0]?.json()).toMatchObject({ url: expect.stringContaining('/p/acme?token=') })
  })

  it('leaves the parsers of the application as they are', async () => {
    const app = fastify().register(signEndpoint(links, { now, user }), { prefix })
    app.post('/other', async ({ body }) => body)
    const headers = { 'content-type': 'application/json' }
    const { text } = await ask(app, '/other', { method: 'POST', headers, body: '{"a":1}' })
    expect(text).toBe('{"a":1}')
  })

  it('answers a preflight', async () => {
    const options = { now, user, allowedOrigins: [origin] }
    const app = fastify().register(signEndpoint(links, options), { prefix })
    const preflight = { method: 'OPTIONS', headers: { origin } }
    const { status, headers, text } = await ask(app, '/sign', preflight)
    expect([status, headers['access-control-allow-origin'], text]).toEqual([204, origin, ''])
  })

  it('compares an origin with the host that was called, forwarded only by a trusted proxy', async () => {
    const headers = { origin, 'x-forwarded-host': 'app.example', 'x-user': 'u-1' }
    const statuses = []
    for (const trustProxy of [false, true]) {
      const app = fastify({ trustProxy }).register(signEndpoint(links, { now, user }), { prefix })
      statuses.push((await ask(app, '/sign', { method: 'POST', headers })).status)
    }
    expect(statuses).toEqual([403, 200])
  })

  it('redirects without a page', async () => {
    const options = { now, user, respond: 'redirect', signedOut: '/login' } as const
    const app = fastify().register(signEndpoint(links, options), { prefix })
    const { status, headers, text } = await ask(app, '/sign')
    expect([status, headers['location'], text]).toEqual([302, '/login', ''])
  })
})
