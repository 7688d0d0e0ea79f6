import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { settleOnAnswer } from '@countersign/core/node'
import { answered, bothWays, codeOf, gated, turns, type Handler } from './held'
import { head, overHttp } from './over-http'

const LATE = 'ERR_HTTP_HEADERS_SENT'
/** More than the buffers on the way hold. */
const LARGE = Buffer.alloc(1_000_000, 'abcdefgh')

const HUGE = Buffer.alloc(8 * LARGE.length, LARGE)

function* slices(): Generator<Buffer> {
  for (let at = 0; at < LARGE.length; at += 70_001) yield LARGE.subarray(at, at + 70_001)
}

function later(...steps: readonly (() => unknown)[]): void {
  const [first, ...rest] = steps
  if (first) setImmediate(() => (first(), later(...rest)))
}

const sized = (res: ServerResponse, length: number) => res.setHeader('Content-Length', length)

/** Handlers, and those that make mistakes. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  'an end': (res) => res.end('done'),
  'an empty end': (res) => res.end(),
  'an end with nothing in it': (res) => res.end(''),
  'an end with a callback': (res) => res.end('é', () => undefined),
  'an end in an encoding': (res) => res.end('c3a9', 'hex'),
  'an end with a view of bytes': (res) => res.end(new Uint8Array([1, 2, 3]).subarray(1)),
  'no content': (res) => res.writeHead(204).end(),
  'not modified': (res) => res.writeHead(304).end(),
  'a failure': (res) => ((res.statusCode = 500), res.end('broken')),
  'a head with a message': (res) => res.writeHead(201, 'Made', { 'X-A': '1' }).end('ok'),
  'a head with a list': (res) => res.writeHead(200, ['X-A', '1', 'X-A', '2']).end('ok'),
  'a head sent early': (res) => (res.flushHeaders(), later(() => res.end('ok'))),
  'a length': (res) => res.setHeader('Content-Length', '2').end('ok'),
  'chunks by header': (res) => res.setHeader('Transfer-Encoding', 'chunked').end('ok'),
  'a piece of the announced length': (res) =>
    void (res.setHeader('Content-Length', 4).write('done'), later(() => res.end())),
  'pieces over time': (res) =>
    later(
      () => res.write('one'),
      () => res.write('two'),
      () => res.end('three'),
    ),
  trailers: (res) => {
    const { httpVersion, method } = res.req
    const canFollow = httpVersion === '1.1' && method === 'POST'
    if (canFollow) res.setHeader('Trailer', 'X-Sum').addTrailers({ 'X-Sum': '1' })
    res.end('ok')
  },
  'a large end': (res) => res.end(LARGE),
  'a large stream': (res) => Readable.from(slices()).pipe(res),
  'a large stream with a length': (res) =>
    Readable.from(slices()).pipe(res.setHeader('Content-Length', LARGE.length)),
  'ends in a row': (res) => (res.end('done'), res.end(), res.end(() => undefined)),
  'an end after the end': (res) => (res.end('done'), res.end('more')),
  'a piece after the end': (res) => (res.end('done'), res.write('more')),
  'a header after the end': (res) => (res.end('done'), codeOf(() => res.setHeader('X-A', '1'))),
  'a head after the end': (res) => (res.end('done'), codeOf(() => res.writeHead(500))),
  'a status after the end': (res) => (res.end('done'), (res.statusCode = 500)),
  'flushed headers after the end': (res) => (res.end('done'), res.flushHeaders()),
  'a teardown after the end': (res) => (res.end('done'), res.destroy()),
  'a hang-up after the end': (res) => (res.end('done'), res.socket?.destroy()),
  'a hang-up after a large end': (res) => (res.end(HUGE), res.socket?.destroySoon()),
  'a closed connection after the end': (res) => (res.end('done'), res.socket?.end()),
}

describe('a response whose end waits for the store', () => {
  it.each(Object.entries(HANDLERS))(
    'has the same bytes, and settles by its status: %s',
    async (_name, work) => {
      const requests = [
        head(['Connection: close']),
        head(['Connection: close']).replace('POST', 'HEAD'),
        head([]).replace('HTTP/1.1', 'HTTP/1.0'),
      ]
      for (const request of requests) {
        const { leased, alone, status } = await bothWays(work, request)
        expect(leased).toBe(alone)
        expect(leased.slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
      }
    },
  )

  it.each<[string, Handler, 'arrived' | 'known']>([
    ['an end', (res) => res.end('done'), 'known'],
    ['an end of its length', (res) => sized(res, 4).end('done'), 'known'],
    ['a piece of its length', (res) => (sized(res, 4).write('done'), res.end()), 'known'],
    ['an encoded piece', (res) => (sized(res, 8).write('done', 'utf16le'), res.end()), 'known'],
    ['a first piece', (res) => (res.write('do'), res.end('ne')), 'arrived'],
  ])('arrives when the store knows, all but first pieces: %s', async (_what, work, first) => {
    const order: string[] = []
    await answered(({ res, open, client }) => {
      client.once('data', () => order.push('arrived'))
      work(res)
      void turns().then(() => {
        order.push('known')
        open()
      })
    })
    expect(order[0]).toBe(first)
  })

  it('is torn down a second after it should be where the client does not read', async () => {
    const real = ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const
    jest.useFakeTimers({ doNotFake: [...real, 'Date', 'hrtime', 'performance', 'setInterval'] })
    await overHttp(head([]), async (_req, client, res) => {
      const { reservation, open } = gated()
      client.pause()
      settleOnAnswer(res, reservation)
      res.end(HUGE)
      for (let call = 0; call < 20; call++) res.destroy()
      open()
      await turns()
      expect([res.destroyed, res.listenerCount('finish')]).toEqual([false, 2]) // one is Node's
      jest.advanceTimersByTime(1_000)
      expect(res.destroyed).toBe(true)
    }).finally(() => jest.useRealTimers())
  })

  it('looks sent to all code that asks, and cannot be changed', async () => {
    const seen: unknown[] = []
    const mistakes: readonly Handler[] = [
      (res) => res.setHeader('X-Late', '1'),
      (res) => res.appendHeader('X-Late', '1'),
      (res) => res.removeHeader('Date'),
      (res) => res.writeHead(500),
    ]
    await answered(({ res, open }) => {
      res.end('done')
      seen.push(res.headersSent, Boolean(Reflect.get(res, '_header')), res.writableEnded)
      seen.push(...mistakes.map((mistake) => codeOf(() => mistake(res))))
      open()
    })
    expect(seen).toEqual([true, true, true, LATE, LATE, LATE, LATE])
  })

  it('is an ordinary response again once it was sent', async () => {
    const shadows: string[] = []
    const codes: unknown[] = []
    await answered(({ res, open }) => {
      const { socket } = res
      res.end('done')
      res.once('finish', () => {
        shadows.push(...Object.keys(res).filter((name) => /^(headersSent|flush)/.test(name)))
        shadows.push(...Object.keys(socket!).filter((name) => /^(destroy|end)$/.test(name)))
        res.end((error?: Error) => codes.push(error && Reflect.get(error, 'code')))
      })
      open()
    })
    expect(shadows).toEqual([])
    expect(codes).toEqual(['ERR_STREAM_ALREADY_FINISHED'])
  })

  it('reports the same mistakes, and calls back', async () => {
    const events: unknown[] = []
    await answered(({ res, open }) => {
      res.on('error', (error) => events.push(Reflect.get(error, 'code')))
      res.write('one', () => events.push('written'))
      res.end('two', () => events.push('ended'))
      res.write('more')
      open()
    })
    expect(new Set(events)).toEqual(new Set(['written', 'ended', 'ERR_STREAM_WRITE_AFTER_END']))
  })

  it('takes the connection down where the end fails after all', async () => {
    const text = await answered(({ res, open }: { res: ServerResponse; open: () => void }) => {
      res.strictContentLength = true
      res.setHeader('Content-Length', 5)
      res.end('done') // one byte short
      open()
    })
    expect(text).not.toContain('done')
  })

  it('arrives before a hang-up, although a wrapper of `end` sends it later', async () => {
    const text = await overHttp(head([]), (_req, client, res) => {
      const { end } = res
      res.end = (...last: unknown[]) => {
        setImmediate(() => Reflect.apply(end, res, last))
        return res
      }
      const { reservation, open } = gated()
      settleOnAnswer(res, reservation)
      res.end('done')
      res.socket?.destroy()
      open()
      return textOf(client)
    })
    expect(text).toMatch(/done$/)
  })
})
