import {
  connect,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { memoryReplayStore } from '@countersign/core'
import { requireSignedUser } from '@countersign/koa'
import koaBodyparser from 'koa-bodyparser'
import type { Middleware } from 'koa'
import { KOA, type KoaMajor } from '../src'
import { featkitQuery, formPost, jsonPost, now, portals, type PostRequest } from './transport-kit'

// Express does not run on node:http2: versions 4 and 5 both replace the prototype of its requests.

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

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** @param pieces DATA frames; the stream ends with the headers where there are none */
async function send(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  pieces?: readonly string[],
): Promise<Answer> {
  const stream = session.request(headers, { endStream: pieces === undefined })
  const response = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    stream.once('response', resolve).once('error', reject)
  })
  for (const piece of pieces ?? []) stream.write(piece)
  if (pieces) stream.end()
  const received = await response
  return { status: Number(received[':status']), headers: received, body: await textOf(stream) }
}

function headersOf({ headers, method, target }: Omit<PostRequest, 'body'>): OutgoingHttpHeaders {
  const named = headers.map(([name, value]) => [name.toLowerCase(), value] as const)
  return { ':method': method, ':path': target, ...Object.fromEntries(named) }
}

const echo: Middleware = (ctx) => {
  const { id } = ctx.state['portalUser'] ?? { id: null }
  ctx.body = { id, body: Reflect.get(ctx.request, 'body') }
}

describe.each([2, 3] as const)('TP-36 over HTTP/2, Koa %i', (major) => {
  it('lets a link in and refuses what HTTP/1 refuses, whatever the authority', async () => {
    const guarded = [
      requireSignedUser(portals().featkit, { now, bearer: true }),
      echo,
    ] as Middleware[]
    const query = await featkitQuery()
    const authorization = query.replace('token=', 'Bearer ')
    await overHttp2(major, guarded, async (session) => {
      const requests: OutgoingHttpHeaders[] = [
        { ':path': `/?${query}` },
        { ':path': `/?${query}`, ':authority': 'evil.com:fake@legit.com' },
        { ':path': '/', authorization },
        { ':path': '/' },
        { ':path': `/?${query}&${query}` },
        { ':path': `/?${query}`, authorization },
        { ':path': `/?${query}0` },
      ]
      const answers = []
      for (const request of requests) answers.push(await send(session, request))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401, 400, 400, 401])
      expect(answers[3]?.headers['www-authenticate']).toBe('Bearer')
      expect(answers[0]?.headers['cache-control']).toBe('private, no-store')
      expect(JSON.parse(answers[0]?.body ?? '')).toEqual({ id: 'u-1' })
    })
  })

  it('checks a posted body and leaves it to the parser, with and without a length', async () => {
    const guarded = [
      requireSignedUser(portals().fdback, { now }),
      koaBodyparser(),
      echo,
    ] as Middleware[]
    await overHttp2(major, guarded, async (session) => {
      for (const post of [await jsonPost(), await formPost()]) {
        const headers = headersOf(post)
        const sized = { ...headers, 'content-length': post.body.length }
        const plain = new URLSearchParams(post.body)
        const parsed = post.body.startsWith('{') ? JSON.parse(post.body) : Object.fromEntries(plain)
        for (const pieces of [[post.body], [...post.body]]) {
          const { status, body } = await send(session, sized, pieces)
          expect([status, JSON.parse(body)]).toEqual([200, { id: 'ada@example.com', body: parsed }])
          const unsized = await send(session, headers, pieces)
          expect([unsized.status, JSON.parse(unsized.body).id]).toEqual([200, 'ada@example.com'])
        }
        const forged = await send(session, sized, [post.body.replace('Ada', 'Eve')])
        expect([forged.status, JSON.parse(forged.body).code]).toEqual([401, 'invalid_token'])
      }
    })
  })

  it('holds bodies to their size, empty ones included, and headers to one of each', async () => {
    const codes: string[] = []
    const onRejected = ({ code }: { readonly code: string }): void => void codes.push(code)
    const guarded = [requireSignedUser(portals().fdback, { now, onRejected }), echo] as Middleware[]
    const headers = headersOf(await jsonPost())
    const long = 'x'.repeat(16_385)
    await overHttp2(major, guarded, async (session) => {
      const statuses = [
        await send(session, headers, [long]),
        await send(session, { ...headers, 'content-length': long.length }, [long]),
        await send(session, headers),
        await send(session, headers, []),
        await send(session, {
          ...headers,
          'x-signature': [headers['x-signature'], 'b'] as string[],
        }),
        await send(session, { ...headers, 'content-encoding': 'gzip' }, ['x']),
      ].map(({ status }) => status)
      expect(statuses).toEqual([413, 413, 401, 401, 400, 415])
    })
    expect(codes).toEqual([
      'body_too_large',
      'body_too_large',
      'signature_invalid',
      'signature_invalid',
      'credential_ambiguous',
      'unsupported_encoding',
    ])
  })

  it('leaves an empty form to the parser where strangers may pass', async () => {
    const optional = requireSignedUser(portals().fdback, { now, mode: 'optional' })
    await overHttp2(major, [optional, koaBodyparser(), echo] as Middleware[], async (session) => {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const headers = { ':method': 'POST', ':path': '/', ...type }
      for (const pieces of [undefined, [], ['vote=up']]) {
        const { status, body } = await send(session, headers, pieces)
        expect([status, JSON.parse(body)]).toEqual([200, { id: null, body: {} }])
      }
    })
  })

  it.each([
    ['the stream', (stream: ClientHttp2Stream) => void stream.destroy()],
    ['the whole connection', (stream: ClientHttp2Stream) => void stream.session?.destroy()],
  ])('uses nothing up where %s breaks off before its end', async (_what, breakOff) => {
    const replayStore = memoryReplayStore()
    const claim = jest.spyOn(replayStore, 'claim')
    const post = await jsonPost()
    let refuse: (code: string) => void = () => {}
    const refused = new Promise<string>((resolve) => (refuse = resolve))
    const onRejected = (error: { readonly code: string }): void => refuse(error.code)
    const guarded = requireSignedUser(portals().fdback, { now, replayStore, onRejected })
    let arrive: () => void = () => {}
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const watch: Middleware = (ctx, next) => {
      ctx.req.once('readable', arrive)
      return next()
    }
    await overHttp2(major, [watch, guarded as Middleware, echo], async (session) => {
      const stream = session.request(headersOf(post))
      stream.on('error', () => {})
      stream.write(post.body)
      await arrived
      breakOff(stream)
      expect(await refused).toBe('token_malformed')
    })
    expect(claim).not.toHaveBeenCalled()
  })
})
