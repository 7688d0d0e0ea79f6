import { Readable } from 'node:stream'
import type { RequestHandler } from 'express'
import type { Middleware } from 'koa'
import { openRaw, requestBytes, type RawAnswer, type RawRequest } from '../src'
import { onExpress, onKoa, type Site } from './lease-kit'

/** Larger than what any buffer on the way holds. */
const LARGE = Buffer.alloc(1_000_000, 'abcdefgh')

const expressHandlers: Readonly<Record<string, RequestHandler>> = {
  JSON: (_req, res) => void res.json({ text: 'é\u{1f600}' }),
  'text with an ETag': (_req, res) => void res.send('done'),
  'a redirect': (_req, res) => res.redirect('/thanks'),
  'no content': (_req, res) => void res.sendStatus(204),
  'an empty end': (_req, res) => void res.end(),
  'an end with a callback': (_req, res) => void res.end(() => undefined),
  'an end with text and a callback': (_req, res) => void res.end('é', () => undefined),
  'an end in an encoding': (_req, res) => void res.end('c3a9', 'hex'),
  'an end with bytes': (_req, res) => void res.end(Buffer.from([0, 255, 10, 13])),
  'an end with a view': (_req, res) => void res.end(new Uint8Array([1, 2, 3]).subarray(1)),
  'an end with nothing in it': (_req, res) => void res.end(''),
  'a length of its own': (_req, res) => void res.setHeader('content-length', '2').end('ok'),
  'chunks by its own wish': (_req, res) =>
    void res.setHeader('transfer-encoding', 'chunked').end('ok'),
  'a head with a message': (_req, res) => void res.writeHead(201, 'Made', { 'X-A': '1' }).end('ok'),
  'a head with a list of headers': (_req, res) =>
    void res.writeHead(200, ['X-A', '1', 'X-A', '2']).end('ok'),
  'not modified': (_req, res) => void res.writeHead(304).end(),
  'two pieces': (_req, res) => void (res.write('one'), res.end('two')),
  'three pieces over time': (_req, res) => {
    res.write('one')
    setImmediate(() => {
      res.write('two')
      setImmediate(() => res.end('three'))
    })
  },
  'a head ahead of its time': (_req, res) => {
    res.flushHeaders()
    setImmediate(() => res.end('ok'))
  },
  'one large piece': (_req, res) => void res.end(LARGE),
  'a large stream': (_req, res) => void Readable.from(slices()).pipe(res),
  'a stream with a length': (_req, res) => {
    res.setHeader('Content-Length', LARGE.length)
    Readable.from(slices()).pipe(res)
  },
  'a file': (_req, res) => res.sendFile(__filename, { lastModified: false }),
  'an error': (_req, _res, next) => next(new Error('broken')),
  nobody: (_req, _res, next) => next(),
}

const koaHandlers: Readonly<Record<string, Middleware>> = {
  JSON: (ctx) => void (ctx.body = { text: 'é' }),
  text: (ctx) => void (ctx.body = 'done'),
  bytes: (ctx) => void (ctx.body = Buffer.from([0, 255])),
  nothing: (ctx) => void (ctx.body = null),
  'a redirect': (ctx) => ctx.redirect('/thanks'),
  'a large stream': (ctx) => void (ctx.body = Readable.from(slices())),
  'a stream with a length': (ctx) => {
    ctx.body = Readable.from(slices())
    ctx.length = LARGE.length
  },
  'a raw end': (ctx) => void ((ctx.respond = false), ctx.res.writeHead(200).end('ok')),
  'a late raw end': (ctx) => {
    ctx.respond = false
    ctx.res.statusCode = 200
    setImmediate(() => ctx.res.end('ok'))
  },
  'raw pieces': (ctx) => {
    ctx.respond = false
    ctx.res.statusCode = 200
    ctx.res.write('one')
    setImmediate(() => ctx.res.end('two'))
  },
  'an error': (ctx) => ctx.throw(422, 'no'),
  nobody: (_ctx, next) => next(),
}

function* slices(): Generator<Buffer> {
  for (let at = 0; at < LARGE.length; at += 70_001) yield LARGE.subarray(at, at + 70_001)
}

/** Sends it twice over one connection: what is left of the first answer would spoil the second. */
async function answers({ port, target }: Site, request: Partial<RawRequest>): Promise<unknown> {
  const { method = 'POST' } = request
  const connection = await openRaw(port)
  connection.write(requestBytes({ method, target, ...request }))
  const first = comparable(await connection.answer(method))
  connection.write(requestBytes({ method: 'GET', target: '/' }))
  const second = await connection.answer()
  connection.abort()
  return { first, next: second.status }
}

/** All of an answer but the time: headers as they are spelled, in any order. */
function comparable({ status, rawHeaders, body }: RawAnswer): object {
  const headers = rawHeaders.filter(([name]) => name !== 'Date').map((header) => header.join(': '))
  return { status, headers: headers.toSorted(), body }
}

const BURN = { consume: ['POST', 'HEAD'] }
const LEASE = { consume: { lease: 30, methods: ['POST', 'HEAD'] } }

describe.each([4, 5] as const)('an answer of Express %i', (major) => {
  it.each(Object.keys(expressHandlers))('is the same, leased or not: %s', async (name) => {
    const first = expressHandlers[name]!
    for (const method of ['POST', 'HEAD']) {
      const [burned, leased] = await Promise.all(
        [BURN, LEASE].map((guard) =>
          onExpress({ major, first, guard }, (site) => answers(site, { method })),
        ),
      )
      expect(leased).toEqual(burned)
      expect(leased).toMatchObject({ next: 401 })
    }
  })
})

describe.each([2, 3] as const)('an answer of Koa %i', (major) => {
  it.each(Object.keys(koaHandlers))('is the same, leased or not: %s', async (name) => {
    const first = koaHandlers[name]!
    for (const method of ['POST', 'HEAD']) {
      const [burned, leased] = await Promise.all(
        [BURN, LEASE].map((guard) =>
          onKoa({ major, first, guard }, (site) => answers(site, { method })),
        ),
      )
      expect(leased).toEqual(burned)
      expect(leased).toMatchObject({ next: 401 })
    }
  })
})

/** Every byte of an answer but the time, until the server hangs up. */
async function bytesOf({ port, target }: Site, version: string): Promise<string> {
  const connection = await openRaw(port)
  const head = [`POST ${target} HTTP/${version}`, 'Host: localhost', 'Connection: close', '', '']
  connection.write(head.join('\r\n'))
  return (await connection.untilClosed()).replace(/Date: .*\r\n/, '')
}

async function bothWays(first: RequestHandler, version: string): Promise<readonly string[]> {
  const sites = [BURN, LEASE].map((guard) => ({ major: 5, first, guard }) as const)
  return Promise.all(sites.map((site) => onExpress(site, (running) => bytesOf(running, version))))
}

describe('every byte of an answer', () => {
  it.each(['an end with bytes', 'two pieces', 'JSON', 'an empty end', 'an error'])(
    'is the same for a client of HTTP/1.0: %s',
    async (name) => {
      const [burned, leased] = await bothWays(expressHandlers[name]!, '1.0')
      expect(leased).toBe(burned)
      expect(leased).toMatch(/^HTTP\/1\.1 (?:200 OK|500 Internal Server Error)\r\n/)
    },
  )

  it('is the same where trailers follow it', async () => {
    const first: RequestHandler = (_req, res) => {
      res.setHeader('Trailer', 'X-Sum')
      res.addTrailers({ 'X-Sum': '1' })
      res.end('ok')
    }
    const [burned, leased] = await bothWays(first, '1.1')
    expect(leased).toBe(burned)
    expect(leased).toMatch(/\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n$/)
  })
})
