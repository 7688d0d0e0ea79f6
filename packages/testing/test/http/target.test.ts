import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'
import request6 from 'supertest6'
import type { OpenTarget, RawRequest } from '../../src/http/exchange'
import { openTarget, type Target } from '../../src/http/target'
import { app4, app5, served } from '../support/apps'
import { certificate } from './certificate'
import { echo, fastifyApp, koaApp, type Echo } from './echo'

const ask = (change: Partial<RawRequest> = {}): RawRequest => ({
  method: 'GET',
  target: '/',
  headers: [],
  ...change,
})
const echoed = async (target: OpenTarget, change?: Partial<RawRequest>) =>
  JSON.parse((await target.send(ask(change))).text) as Echo
const valuesOf = ({ rawHeaders }: Echo, name: string): readonly string[] =>
  rawHeaders.filter((_, at) => rawHeaders[at - 1]?.toLowerCase() === name)

async function opened<Value>(target: Target, use: (target: OpenTarget) => Promise<Value>) {
  const open = await openTarget(target, 5_000)
  try {
    return await use(open)
  } finally {
    await open.close()
  }
}

const targets: Readonly<Record<string, () => Target>> = {
  'a handler': () => echo,
  'an Express 4 app': () => app4().use(echo),
  'an Express 5 app': () => app5().use(echo),
  'a Koa 2 app': () => koaApp(Koa2),
  'the callback of a Koa 3 app': () => koaApp(Koa3).callback(),
  'a Fastify app': fastifyApp,
  'a server of HTTPS': () => createSecureServer(certificate, echo),
  'an app in request(app) of supertest 6': () => request6(app5().use(echo)),
  'a server in an agent of supertest 7': () => request.agent(createServer(echo)),
}

const awkward = ask({
  method: 'POST',
  target: '/a/./b/../c;x//%2e%zz?token=a+b/c==&"\'|{}[]\\^`&token=%2B&&=#f',
  headers: [
    ['X-Twice', 'one'],
    ['content-type', 'application/json'],
    ['x-twice', 'two'],
    ['X-Latin', 'caf\u00e9'],
  ],
  body: Buffer.from([0x7b, 0x00, 0xff, 0x0d, 0x0a, 0x7d]),
})

it.each(Object.entries(targets))('%s receives requests as they are, and answers', (name, make) =>
  opened(make(), async (target) => {
    const sent = name.includes('Fastify') ? { ...awkward, target: '/a?token=a+b/c==&"\'' } : awkward // its router refuses some paths
    const got = await echoed(target, sent)
    expect(got).toMatchObject({ method: 'POST', url: sent.target, body: '7b00ff0d0a7d' })
    const values = ['x-twice', 'x-latin', 'content-type'].map((header) => valuesOf(got, header))
    expect(values).toEqual([['one', 'two'], ['caf\u00e9'], ['application/json']])
    const { status, rawHeaders } = await target.send(ask())
    const cookies = rawHeaders.filter(([header]) => header.toLowerCase() === 'set-cookie')
    expect([status, ...cookies.map(([, value]) => value)]).toEqual([200, 'a=1', 'b=2'])
    for (const method of ['HEAD', 'OPTIONS', 'DELETE']) {
      const answer = await target.send(ask({ method }))
      expect([answer.status, answer.text === '']).toEqual([200, method === 'HEAD'])
    }
    const posted = await echoed(target, { method: 'POST' })
    expect([posted.body, valuesOf(posted, 'content-type')]).toEqual(['', []])
    const pieces = [Buffer.from('ab'), Buffer.from('c')]
    expect((await echoed(target, { method: 'PUT', body: pieces })).body).toBe('616263')
    const paths = Array.from({ length: 16 }, (_each, index) => `/${index}`)
    const all = await Promise.all(paths.map((path) => echoed(target, { target: path })))
    expect(all.map(({ url }) => url)).toEqual(paths)
  }),
)

const handle = async (asked: Request): Promise<Response> => {
  const { pathname, search } = new URL(asked.url)
  if (pathname === '/fails') throw new RangeError('a secret detail')
  const headers = new Headers({ 'x-got': asked.headers.get('x-twice') ?? '' })
  for (const each of ['a=1', 'b=2']) headers.append('set-cookie', each)
  return new Response(`${asked.method} ${pathname}${search} ${await asked.text()}`, { headers })
}

it.each<[string, Target]>([
  ['a `fetch` handler', handle],
  ['a Hono app', new Hono().all('*', ({ req }) => handle(req.raw))],
])('%s receives method, URL, headers and body, and answers with its own', async (_, target) => {
  const sent = ask({ ...awkward, target: '/vote?a=1&a=2', body: Buffer.from('{}') })
  const { status, text, rawHeaders } = await opened(target, (it) => it.send(sent))
  expect([status, text]).toEqual([200, 'POST /vote?a=1&a=2 {}'])
  expect(rawHeaders).toContainEqual(['x-got', 'one, two'])
  expect(rawHeaders.filter(([name]) => name === 'set-cookie')).toHaveLength(2)
})

it('a `fetch` handler that fails answers 500 without its detail', async () => {
  const { status, text } = await opened(handle, (it) => it.send(ask({ target: '/fails' })))
  expect([status, text]).toEqual([500, 'RangeError'])
})

it.each(['', '/', '/prefix', '/prefix/'])('a base URL keeps its path "%s"', async (path) => {
  await served(echo, async (port) => {
    const url = `http://127.0.0.1:${port}${path}`
    const plain = path.replace(/\/$/, '')
    const got = await opened(new URL(url), (it) => echoed(it, { target: '/v?a=1' }))
    expect([got.url, got.rawHeaders[1]]).toEqual([`${plain}/v?a=1`, `127.0.0.1:${port}`])
    const other = await opened(url, (it) => echoed(it, { headers: [['Host', 'a.test']] }))
    expect(valuesOf(other, 'host')).toEqual(['a.test'])
    const through = await opened(request(url), (it) => echoed(it))
    expect(through.url).toBe(`${plain}/`)
  })
})

it('a base URL of HTTPS needs a certificate that is trusted', async () => {
  const server = createSecureServer(certificate, echo)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number } // it listens on TCP
  const sending = opened(`https://127.0.0.1:${port}`, (it) => it.send(ask()))
  await expect(sending).rejects.toThrow('self-signed certificate')
  server.close()
})

describe('a server', () => {
  const closes: RequestListener = (req, res) => echo(req, res.setHeader('connection', 'close'))
  const once = () => Object.assign(createServer(echo), { maxRequestsPerSocket: 1 })

  it('goes on listening if it listened before, and else is stopped', async () => {
    await served(echo, async (_port, server) => {
      for (const each of [server, request(server), request6(server)])
        await opened(each, (it) => echoed(it))
      expect(server.listening).toBe(true)
    })
    const server = createServer(echo)
    for (const each of [server, request(server), request6(server)]) {
      await opened(each, async () => expect(server.listening).toBe(true))
      expect(server.listening).toBe(false)
    }
  })

  it('may listen on a socket file', async () => {
    const server = createServer(echo)
    const path = join(tmpdir(), `countersign-kit-${process.pid}.sock`)
    await new Promise<void>((resolve) => server.listen(path, resolve))
    expect(await opened(server, (it) => echoed(it, { target: '/x' }))).toMatchObject({ url: '/x' })
    await new Promise((resolve) => server.close(resolve))
  })

  it.each<[string, boolean, () => Target]>([
    ['keeps connections open', true, () => createServer(echo)],
    ['keeps secure connections open', true, () => createSecureServer(certificate, echo)],
    ['closes each connection', false, () => createServer(closes)],
    ['takes one request on each connection', false, once],
  ])('that %s is sent requests in line', async (_, isShared, make) => {
    await opened(make(), async (target) => {
      const [first, second] = [await echoed(target), await echoed(target)]
      expect(first.port === second.port).toBe(isShared)
    })
  })
})

describe('opening or sending fails', () => {
  it('where nothing listens', async () => {
    const url = await served(echo, async (port) => `http://127.0.0.1:${port}`)
    await expect(opened(url, (it) => it.send(ask()))).rejects.toThrow('ECONNREFUSED')
  })

  it('where no answer comes in time', async () => {
    const target = await openTarget((_req: unknown, res: unknown) => void res, 50)
    await expect(target.send(ask())).rejects.toThrow('no complete answer within 50 ms')
    await target.close()
  })

  it.each([{}, null, 7, 'no url', 'ftp://a.test', 'http://a.test/?x=1'])(
    'where %p is no target',
    async (it) => {
      const opening = openTarget(it as Target, 5_000)
      await expect(opening).rejects.toThrow('Requests cannot be sent to this value')
    },
  )
})
