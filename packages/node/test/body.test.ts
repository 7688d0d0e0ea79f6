import type { IncomingMessage } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { connectionHeaders, keepRawBody, nodeView, type BodyHolder } from '../src'
import { head, overHttp, post } from './over-http'

async function bodyOf(req: IncomingMessage, holder: BodyHolder = {}, limit = 100): Promise<string> {
  const bytes = await nodeView({ req, native: req, target: '/', holder }).body(limit)
  expect(Buffer.isBuffer(bytes)).toBe(true)
  return Buffer.from(bytes).toString('latin1')
}

const backing = Uint8Array.from(Buffer.from('<kept>', 'latin1'))

describe('the bytes of a body', () => {
  it.each<readonly [string, BodyHolder, string]>([
    ['a Buffer in `rawBody`', { rawBody: Buffer.from('kept\u00ff', 'latin1') }, 'kept\u00ff'],
    ['a part of other memory', { rawBody: backing.subarray(1, 5) }, 'kept'],
    ['text in `rawBody`', { rawBody: '\u00e9' }, '\u00c3\u00a9'],
    ['a Buffer in `body`', { body: Buffer.from('kept') }, 'kept'],
    ['text in `body`', { body: 'kept' }, 'kept'],
    ['an empty Buffer', { rawBody: Buffer.alloc(0) }, ''],
    ['an empty text', { rawBody: '' }, ''],
    ['`rawBody` before `body`', { rawBody: 'kept', body: 'other' }, 'kept'],
  ])('are found in %s', async (_where, holder, expected) => {
    expect(await overHttp(post('sent'), (req) => bodyOf(req, holder))).toBe(expected)
  })

  it.each<readonly [string, BodyHolder]>([
    ['a parsed object', { body: { a: 1 } }],
    ['a parsed list', { body: ['kept'] }],
    ['a number', { rawBody: 7 }],
    ['nothing', { rawBody: undefined, body: null }],
  ])('are never made of %s', async (_what, holder) => {
    expect(await overHttp(post('sent'), (req) => bodyOf(req, holder))).toBe('sent')
  })

  it('are kept by `keepRawBody`, and by the guard for the one that follows', async () => {
    const bytes = await overHttp(post('sent'), async (req, _client, res) => {
      const first = await bodyOf(req)
      const again = await bodyOf(req)
      keepRawBody(req, res, Buffer.from('other'))
      return [first, again, await bodyOf(req)]
    })
    expect(bytes).toEqual(['sent', 'sent', 'other'])
  })

  it('are held to the limit wherever they were kept', async () => {
    const kept = { rawBody: 'x'.repeat(101) }
    const tooLarge = expect.objectContaining({ code: 'body_too_large' })
    await expect(overHttp(post(''), (req) => bodyOf(req, kept))).rejects.toEqual(tooLarge)
    await expect(overHttp(post('x'.repeat(101)), (req) => bodyOf(req))).rejects.toEqual(tooLarge)
    expect(await overHttp(post('x'.repeat(100)), (req) => bodyOf(req))).toHaveLength(100)
  })

  it('are none where none were announced, and the stream is left alone', async () => {
    for (const bytes of [head([]), head(['Content-Length: 0'])]) {
      const seen = await overHttp(bytes, async (req) => {
        req.resume()
        return [await bodyOf(req), req.listenerCount('readable')]
      })
      expect(seen).toEqual(['', 0])
    }
  })

  it.each<readonly [string, (req: IncomingMessage) => unknown]>([
    ['was read', (req) => textOf(req)],
    ['is being read', (req) => void req.on('data', () => {})],
    ['flows away', (req) => void req.resume()],
    ['became text', (req) => void req.setEncoding('latin1')],
  ])('are asked for in vain where the stream %s', async (_how, touch) => {
    for (const bytes of [post('sent'), `${head(['Transfer-Encoding: chunked'])}0\r\n\r\n`]) {
      const asked = overHttp(bytes, async (req) => {
        await touch(req)
        return bodyOf(req)
      })
      await expect(asked).rejects.toMatchObject({
        code: 'raw_body_unavailable',
        status: 500,
        message: expect.stringContaining('express.json({ verify: keepRawBody })'),
      })
    }
  })
})

describe('connectionHeaders', () => {
  it('closes an HTTP/1 connection after an answer to half a body, and no other', async () => {
    const closing = await overHttp(head([]), (req) =>
      [200, 401, 408, 413, 415, 500].filter(
        (status) => connectionHeaders(req, status)['connection'],
      ),
    )
    expect(closing).toEqual([408, 413])
    const second = { httpVersionMajor: 2 } as IncomingMessage // HTTP/2 forbids the header
    expect(connectionHeaders(second, 413)).toEqual({})
  })
})
