import { once } from 'node:events'
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { requireSignedUser, type VerifierOptions } from '@countersign/koa'
import type { Middleware } from 'koa'
import { KOA, type KoaMajor } from '../src'
import { hungUp, LEASE, until } from './lease-kit'
import { slowStore } from './lease-store'
import { harlyyQuery, now, portals } from './transport-kit'

// Express does not run on node:http2: versions 4 and 5 both replace the prototype of its requests.

interface Site {
  readonly session: ClientHttp2Session
  readonly path: string
  use(): Promise<Answer>
  outcome(): Promise<string>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface App {
  readonly major: KoaMajor
  readonly first: Middleware
  readonly guard?: VerifierOptions<unknown>
}

async function onHttp2<Result>(
  { major, first, guard }: App,
  work: (site: Site) => Promise<Result>,
): Promise<Result> {
  const app = new KOA[major]()
  app.silent = true
  const options = { now, replayStore: slowStore(), consume: LEASE, ...guard }
  app.use(requireSignedUser(portals().harlyy, options) as Middleware) // its state is nobody's business here
  let uses = 0
  app.use((ctx, next) => (uses++ > 0 ? void (ctx.body = { uses }) : first(ctx, next)))
  const handle = app.callback()
  const server = createServer((req, res) => void handle(req, res))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a TCP server
  try {
    return await work(siteOf(session, `/?${await harlyyQuery()}`))
  } finally {
    session.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

function siteOf(session: ClientHttp2Session, path: string): Site {
  async function use(): Promise<Answer> {
    const stream = session.request({ ':method': 'POST', ':path': path }, { endStream: true })
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders]
    const { ':status': status, date: _date, ...rest } = headers
    return { status: Number(status), headers: rest, body: await text(stream) }
  }
  async function outcome(): Promise<string> {
    const { status, headers, body } = await use()
    const isProblem = headers['content-type'] === 'application/problem+json'
    return isProblem ? `${status} ${(JSON.parse(body) as { code: string }).code}` : `${status}`
  }
  return { session, path, use, outcome }
}

const raw =
  (work: (res: Parameters<Middleware>[0]['res']) => void): Middleware =>
  (ctx) => {
    ctx.respond = false
    ctx.res.statusCode = 200
    work(ctx.res)
  }

const TEXT = 'countersign '.repeat(20_000)

const handlers: Readonly<Record<string, Middleware>> = {
  JSON: (ctx) => void (ctx.body = { ok: true }),
  nothing: (ctx) => void (ctx.body = null),
  'a stream': (ctx) => void (ctx.body = Readable.from([TEXT, TEXT])),
  'a raw end': raw((res) => void res.end('done')),
  'a raw end with nothing': raw((res) => void res.end()),
  'a raw head and end': raw((res) => void res.writeHead(201, { 'x-a': '1' }).end(Buffer.from('é'))),
  'raw pieces': raw((res) => void (res.write(TEXT), res.end('end'))),
  'a late raw end': raw((res) => void setImmediate(() => res.end('done'))),
  'late raw pieces': raw((res) => {
    setImmediate(() => {
      res.write('one')
      setImmediate(() => res.end('two'))
    })
  }),
  'a raw stream': raw((res) => void Readable.from([TEXT, TEXT]).pipe(res)),
  'a 422': (ctx) => ctx.throw(422),
  'a raw 500': raw((res) => void res.writeHead(500).end('broken')),
  'a late raw 500': raw((res) => void setImmediate(() => res.writeHead(500).end('broken'))),
}

describe.each([2, 3] as const)('a leased link over HTTP/2, Koa %i', (major) => {
  it.each(Object.keys(handlers))('has the answer that it has without a lease: %s', async (name) => {
    const first = handlers[name]!
    const guards = [{ consume: ['POST'] }, { consume: LEASE }]
    const [burned, leased] = await Promise.all(
      guards.map((guard) => onHttp2({ major, first, guard }, (site) => site.use())),
    )
    expect(leased).toEqual(burned)
  })

  it.each(Object.keys(handlers))('is settled by its answer: %s', async (name) => {
    const site = { major, first: handlers[name]! }
    const outcomes = await onHttp2(site, async ({ outcome }) => [await outcome(), await outcome()])
    const isFailure = /422|500/.test(name)
    expect(outcomes).toEqual([
      expect.stringMatching(isFailure ? /^(?:422|500)$/ : /^20\d$/),
      isFailure ? '200' : '401 token_replayed',
    ])
  })

  it.each<[string, Middleware, string]>([
    ['JSON', (ctx) => void (ctx.body = {}), '401 token_replayed'],
    ['a raw end', raw((res) => void res.end('x')), '401 token_replayed'],
    ['raw pieces', raw((res) => void (res.write('x'), res.end())), '401 token_replayed'],
    ['a 422', (ctx) => ctx.throw(422), '200'],
    ['a raw 500', raw((res) => void ((res.statusCode = 500), res.end())), '200'],
  ])('is settled by an answer that nobody waits for: %s', async (_what, late, then) => {
    let arrive!: () => void
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    const first: Middleware = async (ctx, next) => {
      arrive()
      await hungUp(ctx.res)
      await late(ctx, next)
    }
    await onHttp2({ major, first }, async ({ session, path, outcome }) => {
      const stream = session.request({ ':method': 'POST', ':path': path }, { endStream: true })
      stream.on('error', () => undefined)
      await arrived
      stream.destroy()
      expect(await until(outcome, '409 nonce_in_progress')).toBe(then)
    })
  })
})
