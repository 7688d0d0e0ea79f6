import type { IncomingMessage, ServerResponse } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { Rejection } from '@countersign/core'
import { closeAfter, keepRawBody, NodeView, type BodyHolder } from '@countersign/core/node'
import { head, overHttp, post } from './over-http'

async function bodyOf(req: IncomingMessage, holder?: BodyHolder, limit = 100): Promise<string> {
  const kept = holder ?? (req as BodyHolder) // Express keeps what it has read on the request
  const bytes = await new NodeView(req, kept, '/', req).body(limit)
  expect(Buffer.isBuffer(bytes)).toBe(true)
  return Buffer.from(bytes).toString('latin1')
}

const CHUNKED = head(['Transfer-Encoding: chunked'])
const memory = Uint8Array.from(Buffer.from('<kept>', 'latin1'))

describe('the bytes of a body', () => {
  it.each<readonly [string, BodyHolder, string]>([
    ['a Buffer in `rawBody`', { rawBody: Buffer.from('kep\u00ff', 'latin1') }, 'kep\u00ff'],
    ['a part of other memory', { rawBody: memory.subarray(1, 5) }, 'kept'],
    ['text in `rawBody`', { rawBody: '\u00e9\u00e9' }, '\u00c3\u00a9\u00c3\u00a9'],
    ['a Buffer in `body`', { body: Buffer.from('kept') }, 'kept'],
    ['text in `body`', { body: 'kept' }, 'kept'],
    ['`rawBody` before `body`', { rawBody: 'kept', body: 'else' }, 'kept'],
  ])('are taken from %s', async (_where, holder, expected) => {
    expect(await overHttp(post('sent'), (req) => bodyOf(req, holder))).toBe(expected)
  })

  it.each<readonly [string, BodyHolder]>([
    ['a parsed object', { body: { a: 1 } }],
    ['a parsed list', { body: ['kept'] }],
    ['a number', { rawBody: 7 }],
    ['nothing', { rawBody: undefined, body: null }],
  ])('are never made from %s', async (_what, holder) => {
    expect(await overHttp(post('sent'), (req) => bodyOf(req, holder))).toBe('sent')
  })

  it('are kept by `keepRawBody`, and by the guard for the next guard', async () => {
    for (const bytes of [post('sent'), `${CHUNKED}4\r\nsent\r\n0\r\n\r\n`]) {
      const seen = await overHttp(bytes, async (req, _client, res) => {
        const first = [await bodyOf(req), await bodyOf(req), await textOf(req)]
        keepRawBody(req, res, Buffer.from('else'))
        return [...first, await bodyOf(req)]
      })
      expect(seen).toEqual(['sent', 'sent', 'sent', 'else'])
    }
  })

  it('are refused above the limit, kept or not', async () => {
    const tooLarge = expect.objectContaining({ code: 'body_too_large' })
    const long = 'x'.repeat(101)
    const kept = overHttp(post(long), (req) => bodyOf(req, { rawBody: long }))
    await expect(kept).rejects.toEqual(tooLarge)
    await expect(overHttp(post(long), (req) => bodyOf(req))).rejects.toEqual(tooLarge)
    const announced = overHttp(head(['Content-Length: 101']), (req) => bodyOf(req)) // and never sent
    await expect(announced).rejects.toEqual(tooLarge)
    expect(await overHttp(post(long.slice(1)), (req) => bodyOf(req))).toHaveLength(100)
  })

  it('are none where none were announced, and the stream is left alone', async () => {
    for (const bytes of [head([]), head(['Content-Length: 0'])]) {
      for (const holder of [{}, { body: {} }, { rawBody: '' }]) {
        const seen = await overHttp(bytes, async (req) => {
          req.resume()
          return [await bodyOf(req, holder), req.listenerCount('readable')]
        })
        expect(seen).toEqual(['', 0])
      }
    }
  })
})

describe('a kept body that is not the body', () => {
  const unavailable = expect.objectContaining({
    ...{ code: 'raw_body_unavailable', status: 500 },
    message: expect.stringContaining('is not complete'),
  })

  it.each<readonly [string, BodyHolder]>([
    ['empty text', { rawBody: '' }],
    ['empty bytes', { rawBody: Buffer.alloc(0) }],
    ['a part', { rawBody: Buffer.from('sen') }],
    ['a part in `body`', { body: Buffer.from('sen') }],
  ])('is not believed: %s', async (_what, holder) => {
    expect(await overHttp(post('sent'), (req) => bodyOf(req, holder))).toBe('sent')
    const touched = overHttp(post('sent'), async (req) => (await textOf(req), bodyOf(req, holder)))
    await expect(touched).rejects.toEqual(unavailable)
  })

  it.each([
    ['with a length', post('sent')],
    ['in chunks', `${CHUNKED}4\r\nsent\r\n0\r\n\r\n`],
  ])('is not believed while a listener fills it: %s', async (_how, bytes) => {
    const filled = (req: IncomingMessage & BodyHolder) => {
      req.rawBody = ''
      req.setEncoding('utf8').on('data', (piece: string) => (req.rawBody += piece))
      return new Promise((resolve) => req.once('end', resolve))
    }
    const early = overHttp(bytes, (req) => (void filled(req), bodyOf(req)))
    await expect(early).rejects.toEqual(unavailable)
    expect(await overHttp(bytes, async (req) => (await filled(req), bodyOf(req)))).toBe('sent')
  })

  it('is not believed where the end of a chunked body has not come', async () => {
    const bytes = `${CHUNKED}4\r\nsent\r\n`
    const early = overHttp(bytes, async (req) => {
      await new Promise((resolve) => req.once('readable', resolve))
      req.read()
      return bodyOf(req, { rawBody: 'sent' })
    })
    await expect(early).rejects.toEqual(unavailable)
  })

  it('is believed as text without the byte order mark that decoders drop', async () => {
    const body = await overHttp(post('\ufeffsent'), (req) => bodyOf(req, { rawBody: 'sent' }))
    expect(body).toBe('sent')
  })
})

describe('a body that was read and not kept', () => {
  const FORM = 'Content-Type: application/x-www-form-urlencoded'

  it.each([
    ['Express, JSON', false, 'Content-Type: application/json', 'express.json({ verify'],
    ['Express, a form', false, FORM, 'express.urlencoded({ verify'],
    ['Nest', false, FORM, 'NestFactory.create(AppModule, { rawBody: true })'],
    ['Koa', true, FORM, 'koaBody({ includeUnparsed: true })'],
  ])('names the parser that has probably read it: %s', async (_name, isKoa, type, expected) => {
    const asked = overHttp(post('sent', [type]), async (req) => {
      await textOf(req)
      return bodyOf(req, isKoa ? {} : undefined)
    })
    await expect(asked).rejects.toThrow(expected)
  })

  it('is unavailable where only a parsed body came with the request', async () => {
    const mock = { headers: {}, body: { email: 'a@b.test' } } as unknown as IncomingMessage // no stream
    await expect(bodyOf(mock)).rejects.toMatchObject({ code: 'raw_body_unavailable' })
  })
})

it('an HTTP/1 connection closes after a response to half a body', () => {
  const refusals = [200, 401, 408, 413, 415, 500].map((status) => ({ status }))
  const closing = [...refusals, new Rejection('body_too_large'), new Error('any'), null].filter(
    (refusal) => {
      const res = { shouldKeepAlive: true } as ServerResponse // all that it changes
      expect(closeAfter(res, refusal)).toBe(refusal)
      return !res.shouldKeepAlive
    },
  )
  expect(closing).toEqual([{ status: 408 }, { status: 413 }, expect.any(Rejection)])
})
