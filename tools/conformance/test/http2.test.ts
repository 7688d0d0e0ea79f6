import {
  connect,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { memoryReplayStore, type GuardOptions, type Portal } from '@countersign/core'
import { requireSignedUser } from '@countersign/koa'
import koaBodyparser from 'koa-bodyparser'
import type { Middleware } from 'koa'
import { featkitQuery, formPost, jsonPost, KOA, now, portals } from '../src'
import type { KoaMajor, PostRequest } from '../src'
import { quiet } from './quiet'

// Express does not run on node:http2: versions 4 and 5 replace the prototype of its requests.

quiet()

const echo: Middleware = (ctx) => {
  const { id } = ctx.state['portalUser'] ?? { id: null }
  ctx.body = { id, body: Reflect.get(ctx.request, 'body') }
}

const guarded = (portal: Portal, options: GuardOptions<never, never> = {}): Middleware =>
  requireSignedUser(portal, { now, ...options } as never) as Middleware // any observers

/** Serves Koa over HTTP/2 without TLS, lets `work` use a connection, and stops. */
async function overHttp2(
  major: KoaMajor,
  middleware: readonly Middleware[],
  work: (session: ClientHttp2Session) => Promise<void>,
): Promise<void> {
  const app = new KOA[major]()
  app.silent = true
  for (const each of middleware) app.use(each)
  const handle = app.callback()
  const server = createServer((req, res) => void handle(req, res))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a TCP server
  try {
    await work(session)
  } finally {
    session.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** @param pieces DATA frames; without any, the stream ends with the headers */
async function send(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  pieces?: readonly string[],
) {
  const stream = session.request(headers, { endStream: pieces === undefined })
  const response = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    stream.once('response', resolve).once('error', reject)
  })
  for (const piece of pieces ?? []) stream.write(piece)
  if (pieces) stream.end()
  const received = await response
  return { status: received[':status'], headers: received, body: await textOf(stream) }
}

function headersOf({ headers, method, target }: Omit<PostRequest, 'body'>): OutgoingHttpHeaders {
  const named = headers.map(([name, value]) => [name.toLowerCase(), value] as const)
  return { ':method': method, ':path': target, ...Object.fromEntries(named) }
}

describe.each([2, 3] satisfies KoaMajor[])('a guard over HTTP/2 on Koa %i', (major) => {
  it('reads links and bearer tokens as over HTTP/1, whatever the authority', async () => {
    const query = await featkitQuery()
    const authorization = query.replace('token=', 'Bearer ')
    const table: readonly (readonly [OutgoingHttpHeaders, number])[] = [
      [{ ':path': `/?${query}` }, 200],
      [{ ':path': `/?${query}`, ':authority': 'evil.com:fake@legit.com' }, 200],
      [{ ':path': '/', authorization }, 200],
      [{ ':path': '/' }, 401],
      [{ ':path': `/?${query}&${query}` }, 400],
      [{ ':path': `/?${query}`, authorization }, 400],
      [{ ':path': `/?${query}0` }, 401],
    ]
    await overHttp2(
      major,
      [guarded(portals().featkit, { bearer: true }), echo],
      async (session) => {
        const statuses = []
        for (const [request] of table) statuses.push((await send(session, request)).status)
        expect(statuses).toEqual(table.map(([, status]) => status))
      },
    )
  })

  it('verifies a posted body and leaves it to the parser', async () => {
    const steps = [guarded(portals().fdback), koaBodyparser(), echo]
    await overHttp2(major, steps, async (session) => {
      for (const post of [await jsonPost(), await formPost()]) {
        const sized = { ...headersOf(post), 'content-length': post.body.length }
        const parsed = post.body.startsWith('{')
          ? (JSON.parse(post.body) as object)
          : Object.fromEntries(new URLSearchParams(post.body))
        for (const pieces of [[post.body], [...post.body]]) {
          const { body } = await send(session, sized, pieces)
          expect(JSON.parse(body)).toEqual({ id: 'ada@example.com', body: parsed })
          const unsized = await send(session, headersOf(post), pieces) // koa-bodyparser needs a length
          expect(JSON.parse(unsized.body)).toMatchObject({ id: 'ada@example.com' })
        }
        const changed = await send(session, sized, [post.body.replace('Ada', 'Eve')])
        expect([changed.status, JSON.parse(changed.body)]).toMatchObject([
          401,
          { code: 'invalid_token' },
        ])
      }
    })
  })

  it('has the same limits for bodies and headers', async () => {
    const headers = headersOf(await jsonPost())
    const twice = { ...headers, 'x-signature': [headers['x-signature'], 'b'] as string[] }
    const long = 'x'.repeat(16_385)
    await overHttp2(major, [guarded(portals().fdback), echo], async (session) => {
      const statuses = [
        await send(session, headers, [long]),
        await send(session, { ...headers, 'content-length': long.length }, [long]),
        await send(session, headers),
        await send(session, headers, []),
        await send(session, twice),
        await send(session, { ...headers, 'content-encoding': 'gzip' }, ['x']),
      ].map(({ status }) => status)
      expect(statuses).toEqual([413, 413, 401, 401, 400, 415])
    })
  })

  it('leaves a form without a credential to the parser in optional mode', async () => {
    const steps = [guarded(portals().fdback, { mode: 'optional' }), koaBodyparser(), echo]
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    await overHttp2(major, steps, async (session) => {
      for (const pieces of [undefined, [], ['vote=up']]) {
        const { status, body } = await send(
          session,
          { ':method': 'POST', ':path': '/', ...type },
          pieces,
        )
        expect([status, JSON.parse(body)]).toEqual([200, { id: null, body: {} }])
      }
    })
  })

  it.each([
    ['the stream', (stream: ClientHttp2Stream) => stream.destroy()],
    ['the connection', (stream: ClientHttp2Stream) => stream.session?.destroy()],
  ])('uses no credential where %s is closed before the body ends', async (_, close) => {
    const replayStore = memoryReplayStore()
    const claim = jest.spyOn(replayStore, 'claim')
    const post = await jsonPost()
    let refuse: (code: string) => void = () => {}
    const refused = new Promise<string>((resolve) => (refuse = resolve))
    let arrive: () => void = () => {}
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const watch: Middleware = (ctx, next) => {
      ctx.req.once('readable', arrive)
      return next()
    }
    const onRejected = ({ code }: { readonly code: string }): void => refuse(code)
    const guard = guarded(portals().fdback, { replayStore, onRejected })
    await overHttp2(major, [watch, guard, echo], async (session) => {
      const stream = session.request(headersOf(post))
      stream.on('error', () => {})
      stream.write(post.body)
      await arrived
      close(stream)
      expect(await refused).toBe('token_malformed')
    })
    expect(claim).not.toHaveBeenCalled()
  })
})
