import { once } from 'node:events'
import { connect, createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { Middleware } from 'koa'
import koaCompress from 'koa-compress'
import {
  appOf,
  FREE,
  MAJORS,
  onSite,
  raw,
  seen,
  slowStore,
  targetOfLink,
  threeUses,
  USED,
  type Major,
} from './lease-site'

/** A stream that breaks after some pieces. */
function breaking(...pieces: readonly string[]): Readable {
  const left = [...pieces]
  return new Readable({
    read() {
      const piece = left.shift()
      if (piece === undefined) this.destroy(new Error('broken'))
      else this.push(piece)
    },
  })
}

const majors = Object.keys(MAJORS).map((major) => Number(major) as Major)

describe.each(majors)('a leased link on Koa %i', (major) => {
  it('is used up by a stream that breaks after a piece, and free after one that breaks before', async () => {
    for (const [stream, end] of [
      [breaking('one'), 'commit'],
      [breaking(), 'release'],
    ] as const) {
      const first: Middleware = (ctx) => void (ctx.body = stream)
      await onSite({ major, first }, async ({ use, ended }) => {
        const request = use().timeout(150) // Koa 2 leaves the connection open
        await request.catch(() => undefined)
        expect(ended).toEqual([end])
      })
    }
  })

  it.each<[string, Middleware, string]>([
    ['JSON', (ctx) => void (ctx.body = {}), 'commit'],
    ['a stream', (ctx) => void (ctx.body = Readable.from(['one', 'two'])), 'commit'],
    ['a raw end', raw((res) => void res.end()), 'commit'],
    ['a throw', (ctx) => ctx.throw(422), 'release'],
    ['nothing', () => undefined, 'release'],
  ])('is settled also when the client has hung up: %s', async (_what, work, end) => {
    let finish!: () => void
    const finished = new Promise<void>((resolve) => (finish = resolve))
    let hangUp!: () => void
    const first: Middleware = async (ctx, next) => {
      hangUp()
      await once(ctx.res, 'close')
      setImmediate(finish)
      await work(ctx, next)
    }
    await onSite({ major, first }, async ({ use, ended }) => {
      const request = use()
      hangUp = () => void request.abort()
      request.end(() => undefined)
      await finished
      await new Promise(setImmediate)
      expect(ended).toEqual([end])
    })
  })

  it.each(['outer', 'inner'] as const)('works with compression, %s of the guard', async (place) => {
    const text = 'countersign '.repeat(1_000)
    const handlers: readonly Middleware[] = [
      (ctx) => void (ctx.body = { text }),
      (ctx) => void ((ctx.type = 'text'), (ctx.body = Readable.from([text, text]))),
      (ctx) => ctx.throw(500),
    ]
    for (const first of handlers) {
      const app = { major, first, [place]: koaCompress() }
      const burned = await onSite({ ...app, lease: false }, async ({ use }) => seen(await use()))
      expect(await onSite(app, async ({ use }) => seen(await use()))).toEqual(burned)
      const [status, ...then] = await onSite(app, threeUses)
      expect(then).toEqual(status === 500 ? FREE : USED)
    }
  })

  it('is settled over HTTP/2, also by a response past Koa', async () => {
    const respond: Middleware = (ctx) => {
      const { stream } = ctx.res as unknown as { stream: ServerHttp2Stream } // of HTTP/2
      stream.respond({ ':status': 201 })
      stream.end('done')
    }
    const handlers: readonly (readonly [Middleware, string, number])[] = [
      [(ctx) => void (ctx.body = { ok: true }), 'commit', 200],
      [(ctx) => ctx.throw(422), 'release', 422],
      [respond, 'commit', 201],
      [(ctx, next) => ((ctx.respond = false), respond(ctx, next)), 'commit', 201],
    ]
    for (const [first, end, status] of handlers) {
      const { replayStore, ended } = slowStore()
      const handle = appOf({ major, first }, replayStore).callback()
      const server = createServer((req, res) => void handle(req, res))
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a TCP server
      const target = await targetOfLink()
      const stream = session.request({ ':method': 'POST', ':path': target }, { endStream: true })
      const [headers] = (await once(stream, 'response')) as [Record<string, unknown>]
      await once(stream.resume(), 'close')
      expect([headers[':status'], ended]).toEqual([status, [end]])
      session.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})

it.each<[string, () => unknown]>([
  ['blob', () => new Blob(['done'])],
  ['stream', () => new Blob(['done']).stream()],
  ['Response', () => new Response('done')],
])('is used up by a web %s, which Koa 3 sends', async (_kind, body) => {
  const first: Middleware = (ctx) => void (ctx.body = body())
  expect(await onSite({ major: 3, first }, threeUses)).toEqual([200, ...USED])
})
