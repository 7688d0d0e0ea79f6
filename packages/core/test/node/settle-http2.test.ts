import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect, createServer, type ClientHttp2Stream, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { settleOnAnswer } from '@countersign/core/node'
import { gated, turns, type Handler } from './held'

interface Play extends Omit<ReturnType<typeof gated>, 'reservation'> {
  readonly res: ServerResponse
  settle(status: number): Promise<void>
  /** The stream under the response. */
  readonly stream: ServerHttp2Stream
  readonly client: ClientHttp2Stream
}

/** Answers one request over HTTP/2, behind a reservation. */
async function overHttp2<Result>(
  play: (play: Play) => void,
  work: (client: ClientHttp2Stream, statuses: readonly number[]) => Promise<Result>,
  settling = settleOnAnswer,
): Promise<Result> {
  const { reservation, ...gate } = gated()
  const server = createServer((_req, response) => {
    const res = response as unknown as ServerResponse // as its compatibility API is meant
    const settle = settling(res, reservation)
    play({ ...gate, res, settle, stream: response.stream, client })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a TCP server
  const client = session.request({ ':method': 'POST' }, { endStream: true })
  client.on('error', () => undefined)
  try {
    return await work(client, gate.statuses)
  } finally {
    session.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function received(client: ClientHttp2Stream): Promise<unknown> {
  const [{ date: _, ...headers }] = (await once(client, 'response')) as [Record<string, unknown>]
  return { headers: { ...headers }, body: await text(client) }
}

const LARGE = 'abcdefgh'.repeat(30_000)

/** For an ordinary response. */
const unsettled = () => () => Promise.resolve()

describe('a response over HTTP/2', () => {
  it.each<[string, Handler, number]>([
    ['an end', (res) => res.end('done'), 200],
    ['an empty end', (res) => res.end(), 200],
    ['a head and bytes', (res) => res.writeHead(201, { 'x-a': '1' }).end(Buffer.from('é')), 201],
    ['pieces', (res) => (res.write(LARGE), res.end('end')), 200],
    ['a late end', (res) => setImmediate(() => res.end('done')), 200],
    ['a stream', (res) => Readable.from([LARGE, LARGE]).pipe(res), 200],
    ['a failure', (res) => res.writeHead(500).end('broken'), 500],
  ])('is the same, settled or not: %s', async (_what, work, status) => {
    const alone = await overHttp2(({ res }) => work(res), received, unsettled)
    const leased = await overHttp2(
      ({ res, open }) => {
        work(res)
        void turns().then(open)
      },
      async (client, statuses) => [await received(client), statuses[0]],
    )
    expect(leased).toEqual([alone, status])
  })

  it('arrives when the store knows', async () => {
    const order: string[] = []
    await overHttp2(
      ({ res, open, client }) => {
        client.once('response', () => order.push('arrived'))
        res.end('done')
        void turns().then(() => (order.push('known'), open()))
      },
      (client) => received(client),
    )
    expect(order).toEqual(['known', 'arrived'])
  })

  it.each<[string, (stream: ServerHttp2Stream) => unknown, number]>([
    ['respond', (stream) => (stream.respond({ ':status': 202 }), stream.end('x')), 202],
    ['a failure', (stream) => stream.respond({ ':status': 503 }, { endStream: true }), 503],
    ['respondWithFile', (stream) => stream.respondWithFile(__filename), 200],
  ])('past the response object settles by what was sent: %s', async (_how, work, status) => {
    const settled = await overHttp2(
      ({ open, stream }) => {
        work(stream)
        open()
      },
      async (client, statuses) => (await received(client), await turns(), statuses),
    )
    expect(settled).toEqual([status])
  })

  it('past the response object keeps an adapter from settling by another status', async () => {
    const settled = await overHttp2(
      ({ open, settle, stream }) => {
        stream.respond({ ':status': 200 })
        void settle(404)
        stream.end()
        open()
      },
      async (client, statuses) => (await received(client), statuses),
    )
    expect(settled[0]).toBe(200)
  })

  it.each<[string, Handler, readonly number[]]>([
    ['an end', (res) => res.end('x'), [200]],
    ['pieces', (res) => (res.write('x'), res.end()), [200]],
    ['a failure', (res) => ((res.statusCode = 500), res.end()), [500]],
    ['nothing', () => undefined, []],
  ])('settles also when the client is gone: %s', async (_what, work, expected) => {
    let done!: () => void
    const finished = new Promise<void>((resolve) => (done = resolve))
    const settled = await overHttp2(
      ({ res, open, client }) => {
        res.once('close', () => {
          work(res)
          open()
          void turns().then(done)
        })
        client.destroy()
      },
      async (_client, statuses) => (await finished, statuses),
    )
    expect(settled.slice(0, 1)).toEqual(expected)
  })

  it('closes its stream when the client resets it, before the store has answered', async () => {
    const order: string[] = []
    let done!: () => void
    const finished = new Promise<void>((resolve) => (done = resolve))
    await overHttp2(
      ({ res, open, client }) => {
        res.once('close', () => order.push('closed'))
        res.end('done')
        client.destroy()
        void turns().then(() => (order.push('known'), open(), done()))
      },
      () => finished,
    )
    expect(order).toEqual(['closed', 'known'])
  })
})
