import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { signedLink } from '@countersign/testing'
import Koa3, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'
import { memoryReplayStore, requireSignedUser, type ReplayStore } from '../src'
import { surveys } from './portals'

const fail = (): never => {
  throw new Error('broken')
}

/** Answers past Koa. */
const raw =
  (work: (res: ServerResponse) => unknown): Middleware =>
  (ctx) => {
    ctx.respond = false
    work(ctx.res)
  }

const broken = () => new Readable({ read: fail })
const webStream = () => new ReadableStream({ pull: fail })

type Row = readonly [first: number, second: number, string, Middleware]

/** The status of the first use, 0 for a hang-up, and of the second: 401 where the link is used up. */
const HANDLERS: readonly Row[] = [
  [200, 401, 'JSON', (ctx) => void (ctx.body = { ok: true })],
  [204, 401, 'no content', (ctx) => void (ctx.body = null)],
  [302, 401, 'a redirect', (ctx) => ctx.redirect('/thanks')],
  [200, 401, 'a stream', (ctx) => void (ctx.body = Readable.from(['one', 'two']))],
  [200, 401, 'an end that Koa is not told of', (ctx) => void ctx.res.writeHead(200).end()],
  [200, 401, 'an end before a throw', (ctx) => (ctx.res.writeHead(200).end(), fail())],
  [200, 401, 'a late end past Koa', raw((res) => setImmediate(() => res.writeHead(200).end()))],
  [409, 200, 'a late failure past Koa', raw((res) => setImmediate(() => res.writeHead(409).end()))],
  [400, 200, 'a failure', (ctx) => void ((ctx.status = 400), (ctx.body = {}))],
  [422, 200, 'a throw', (ctx) => ctx.throw(422)],
  [500, 200, 'a throw behind a body', (ctx) => ((ctx.body = {}), fail())],
  [404, 200, 'no response', () => undefined],
]
const HANDLERS_2: readonly Row[] = [
  [500, 200, 'a stream that breaks', (ctx) => void (ctx.body = broken())],
]
const HANDLERS_3: readonly Row[] = [
  [0, 200, 'a stream that breaks', (ctx) => void (ctx.body = broken())],
  [200, 401, 'a blob', (ctx) => void (ctx.body = new Blob(['done']))],
  [0, 200, 'a web stream that breaks', (ctx) => void (ctx.body = webStream())],
  [0, 200, 'a Response that breaks', (ctx) => void (ctx.body = new Response(webStream()))],
]

const servers: Server[] = []
afterEach(() =>
  servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())),
)

/** An app with a guard behind `outer`, and how to use a link to it. */
async function siteOf(Koa: typeof Koa3, first: Middleware, { replayStore, outer }: Site = {}) {
  const app = new Koa()
  app.silent = true // else it writes errors to the console
  if (outer) app.use(outer)
  app.use(requireSignedUser(surveys, { replayStore, consume: { lease: 30 } }) as Middleware) // its state is narrower
  app.use((ctx, next) => (ctx.path === '/first' ? first(ctx, next) : void (ctx.body = {})))
  const query = await signedLink(surveys, {}, { path: '' })
  const server = app.listen(0, '127.0.0.1')
  servers.push(server)
  return (path = '/first') =>
    request(server)
      .post(path + query)
      .redirects(0)
}

interface Site {
  readonly replayStore?: ReplayStore
  readonly outer?: Middleware
}

/** A store that takes some turns to end a lease, and tells how each has ended. */
function slowStore() {
  const { leases, ...store } = memoryReplayStore()
  const ended = jest.fn<void, ['commit' | 'release']>()
  const end = (how: 'commit' | 'release') => async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    ended(how)
    return true
  }
  const slow = { ...leases!, commit: end('commit'), release: end('release') }
  return { replayStore: { ...store, leases: slow }, ended }
}

describe.each([
  ['Koa 2', Koa2, [...HANDLERS, ...HANDLERS_2]],
  ['Koa 3', Koa3, [...HANDLERS, ...HANDLERS_3]],
])('a leased link on %s', (_name, Koa, handlers) => {
  it.each(handlers)('is answered with %i, and then with %i, after %s', async (...row) => {
    const [first, second, , handler] = row
    const use = await siteOf(Koa, handler)
    const answer = await use().then(
      ({ status }) => status,
      () => 0,
    )
    expect([answer, (await use('/second')).status]).toEqual([first, second])
  })

  it.each<['commit' | 'release', Middleware]>([
    ['commit', (ctx) => void (ctx.body = {})],
    ['release', fail],
  ])('is settled by a %s before middleware in front of the guard goes on', async (end, first) => {
    const { replayStore, ended } = slowStore()
    const outer: Middleware = async (ctx, next) => {
      await next().catch(() => undefined)
      ctx.body = ended.mock.calls
    }
    const use = await siteOf(Koa, first, { replayStore, outer })
    expect((await use()).body).toEqual([[end]])
  })

  it.each<['commit' | 'release', string, Middleware]>([
    ['commit', 'JSON', (ctx) => void (ctx.body = {})],
    ['commit', 'a stream', (ctx) => void (ctx.body = Readable.from(['one']))],
    ['release', 'a throw', fail],
  ])('is settled by a %s also where the client has hung up: %s', async (end, _what, work) => {
    const { replayStore, ended } = slowStore()
    const settled = new Promise((resolve) => ended.mockImplementation(resolve))
    const use = await siteOf(
      Koa,
      async (ctx, next) => {
        pending.abort()
        await once(ctx.res, 'close')
        return work(ctx, next)
      },
      { replayStore },
    )
    const pending = use()
    pending.end(() => undefined)
    expect(await settled).toBe(end)
  })
})
