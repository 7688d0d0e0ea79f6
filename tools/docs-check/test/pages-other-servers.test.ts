import { createSigner } from '@countersign/core'
import { seggwat } from '@countersign/core/schemes'
import type { FastifyInstance } from 'fastify'
import type { Hono } from 'hono'
import { run } from './run'
import { example } from './documents'

for (const name of ['FEATKIT', 'SEGGWAT_SIGNING']) {
  process.env[`${name}_SECRET`] = `the ${name} secret of the pages, and long`
}

const PAGE = 'docs/other-servers.md'
const cookie = 'session=ada'

beforeAll(() => void jest.spyOn(process, 'emitWarning').mockImplementation()) // of refused requests
afterAll(() => jest.restoreAllMocks())

/** A server of the pages, as a function of a request. */
type Fetch = (request: Request) => Response | Promise<Response>

/** The query of the link to which the app redirects Ada. */
async function signedQuery(fetch: Fetch): Promise<string> {
  const url = 'http://app.example/feedback'
  const response = await fetch(new Request(url, { headers: { cookie } }))
  expect(response.status).toBe(302)
  return new URL(response.headers.get('location') ?? '').search
}

function ofHono(document: string, which: string | number): Fetch {
  const { app } = run<{ app: Hono }>(example(document, which))
  return (request) => app.fetch(request)
}

const started: FastifyInstance[] = []
afterAll(() => Promise.all(started.map((app) => app.close())))

async function ofFastify(document: string, which: string | number): Promise<Fetch> {
  const { app } = run<{ app: FastifyInstance }>(example(document, which))
  started.push(app)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  return ({ url, headers }) => {
    const { pathname, search } = new URL(url)
    return fetch(origin + pathname + search, { headers, redirect: 'manual' })
  }
}

describe('the app of a document', () => {
  it.each<[string, string, () => Fetch | Promise<Fetch>]>([
    ['the page, with Hono', '/board', () => ofHono(PAGE, 'hono-app.ts')],
    ['the page, with Fastify', '/board', () => ofFastify(PAGE, 'fastify-app.ts')],
    ['the README of Hono', '/p/acme', () => ofHono('packages/hono/README.md', 1)],
    ['the README of Fastify', '/p/acme', () => ofFastify('packages/fastify/README.md', 1)],
  ])('redirects Ada to the portal, which knows her: %s', async (_, path, open) => {
    const send = await open()
    const portal = `http://portal.example${path}`
    expect((await send(new Request(portal))).status).toBe(401)
    const response = await send(new Request(portal + (await signedQuery(send))))
    expect([response.status, await response.json()]).toMatchObject([200, { id: '42' }])
  })
})

it('verifies the request that opens a socket', async () => {
  const { userOf } = run<{ userOf: (req: object) => Promise<{ id: string } | null> }>(
    example(PAGE, 'socket.ts'),
  )
  const secret = process.env['SEGGWAT_SIGNING_SECRET']
  const { url } = await createSigner(seggwat({ projectKey: 'acme', secret })).sign({ id: '42' })
  const known = await userOf({ url: new URL(url).pathname + new URL(url).search, headers: {} })
  expect(known?.id).toBe('42')
  expect(await userOf({ url: '/p/acme?token=forged', headers: {} })).toBeNull()
})

describe('the handlers of the page for Next.js', () => {
  const { GET } = run<{ GET: Fetch }>(example(PAGE, 'sign-route.ts'))
  const { POST } = run<{ POST: (request: Request, context: object) => Promise<Response> }>(
    example(PAGE, 'vote-route.ts'),
  )
  const { proxy } = run<{ proxy: (request: Request) => Promise<Response | undefined> }>(
    example(PAGE, 'proxy.ts'),
  )

  it('sign for the portal, whose handler gets the user and the parameters of the route', async () => {
    const context = { params: Promise.resolve({ idea: '7' }) }
    const vote = (query: string) =>
      POST(new Request(`http://portal.example/${query}`, { method: 'POST' }), context)
    const response = await vote(await signedQuery(GET))
    expect(await response.json()).toEqual({ idea: '7', votedBy: '42' })
    expect((await vote('')).status).toBe(401)
  })

  it('exchange a link for a session, and leave other requests alone', async () => {
    const open = (query: string) => proxy(new Request(`http://portal.example/board${query}`))
    expect(await open('')).toBeUndefined()
    const response = await open(await signedQuery(GET))
    expect([response?.status, response?.headers.get('location')]).toEqual([
      303,
      'http://portal.example/board',
    ])
    expect(response?.headers.get('set-cookie')).toContain('board=42')
  })
})

it('the handlers of the page for SvelteKit sign a user, and get the user and the event', async () => {
  type Handler = (event: { request: Request; params: object }) => Promise<Response>
  const { GET, POST } = run<{ GET: Handler; POST: Handler }>(example(PAGE, 'svelte-server.ts'))
  const params = { idea: '7' }
  const query = await signedQuery((request) => GET({ request, params }))
  const request = new Request(`http://portal.example/${query}`, { method: 'POST' })
  expect(await (await POST({ request, params })).json()).toEqual({ idea: '7', votedBy: '42' })
})

it('the Worker of the page keeps the guard that it made with the first request', async () => {
  const worker = run<{ default: { fetch(request: Request, env: object): Promise<Response> } }>(
    example(PAGE, 'worker-env.ts'),
  ).default
  const { GET } = run<{ GET: Fetch }>(example(PAGE, 'sign-route.ts'))
  const url = `http://portal.example/${await signedQuery(GET)}`
  const env = { FEATKIT_SECRET: process.env['FEATKIT_SECRET'] }
  for (const each of [env, {}]) {
    expect(await (await worker.fetch(new Request(url), each)).json()).toEqual({ id: '42' })
  }
})

it('the handlers of the README of fetch sign a user, and let that user pass', async () => {
  const { GET, POST } = run<{ GET: Fetch; POST: Fetch }>(example('packages/fetch/README.md', 1))
  const url = `http://portal.example/${await signedQuery(GET)}`
  const response = await POST(new Request(url, { method: 'POST' }))
  expect(await response.json()).toEqual({ id: '42' })
})

it('the logger of the page for Fastify hides a credential', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockImplementation(() => true)
  const send = await ofFastify(PAGE, 'fastify-logs.ts')
  await send(new Request('http://portal.example/?token=a-secret-token'))
  const log = written.mock.calls.join('')
  written.mockRestore()
  expect(log).toContain('/?token=REDACTED')
  expect(log).not.toContain('a-secret-token')
})
