import type { ServerResponse } from 'node:http'
import { answered, codeOf, plain, turns } from './held'

const LATE = 'ERR_HTTP_HEADERS_SENT'

describe('an answer that is held back', () => {
  it('is sent when the store knows, and not before', async () => {
    const order: string[] = []
    const text = await answered(({ res, open, client }) => {
      client.once('data', () => order.push('arrived'))
      res.end('done')
      void turns().then(() => {
        order.push('known')
        open()
      })
    })
    expect(order).toEqual(['known', 'arrived'])
    expect(text).toBe(await plain((res) => res.end('done')))
  })

  it('sends all but its end where it comes in pieces', async () => {
    const order: string[] = []
    const text = await answered(({ res, open, client }) => {
      res.write('one')
      res.end('two')
      client.once('data', (bytes: Buffer) => {
        order.push(bytes.toString().includes('two') ? 'all' : 'a part', 'known')
        open()
      })
    })
    expect(order).toEqual(['a part', 'known'])
    expect(text).toMatch(/\r\none\r\n.*two\r\n0\r\n\r\n$/s) // newer Nodes join the chunks where they can
  })

  it.each([
    ['its end', (res: ServerResponse) => void res.end('done')],
    [
      'its last piece',
      (res: ServerResponse) => void res.setHeader('Content-Length', 4).write('done'),
    ],
  ])('holds back %s where its length was announced', async (_what, work) => {
    const order: string[] = []
    const text = await answered(({ res, open, client }) => {
      client.once('data', () => order.push('arrived'))
      res.setHeader('Content-Length', 4)
      work(res)
      res.end()
      void turns().then(() => {
        order.push('known')
        open()
      })
    })
    expect(order).toEqual(['known', 'arrived'])
    expect(text).toMatch(/\r\n\r\ndone$/)
  })

  it('counts as begun and ended for all who ask, and nobody can change it', async () => {
    const seen: unknown[] = []
    const text = await answered(({ res, open }) => {
      res.end('done')
      seen.push(res.headersSent, Boolean(Reflect.get(res, '_header')), res.writableEnded)
      seen.push(
        ...[
          () => res.setHeader('X-Late', '1'),
          () => res.appendHeader('X-Late', '1'),
          () => res.removeHeader('Date'),
          () => res.writeHead(500),
        ].map(codeOf),
      )
      res.flushHeaders()
      res.statusCode = 500
      open()
    })
    expect(seen).toEqual([true, true, true, LATE, LATE, LATE, LATE])
    expect(text).toBe(await plain((res) => res.end('done')))
  })

  it('is the framework’s own again once it was sent', async () => {
    const seen: unknown[] = []
    await answered(({ res, open }) => {
      res.end('done')
      res.end()
      res.once('finish', () => {
        const shadows = ['headersSent', 'setHeader', 'writableEnded']
        seen.push(shadows.filter((name) => Object.hasOwn(res, name)))
        seen.push(
          res.headersSent,
          res.writableEnded,
          codeOf(() => res.setHeader('X-Late', '1')),
        )
      })
      open()
    })
    expect(seen).toEqual([[], true, true, LATE])
  })

  it('ends once, however often it is told to', async () => {
    const twice = (res: ServerResponse): void => {
      res.end('done')
      res.end()
      res.end(() => undefined)
    }
    const text = await answered(({ res, open }) => {
      twice(res)
      open()
    })
    expect(text).toBe(await plain(twice))
  })

  it.each([
    ['another end', (res: ServerResponse) => void res.end('more')],
    ['another piece', (res: ServerResponse) => void res.write('more')],
  ])('makes the mistake of %s what it always is', async (_what, mistake) => {
    const codes: unknown[] = []
    const work = (res: ServerResponse): void => {
      res.on('error', (error) => codes.push(Reflect.get(error, 'code')))
      res.end('done')
      mistake(res)
    }
    const text = await answered(({ res, open }) => {
      work(res)
      open()
    })
    expect(text).toBe(await plain(work))
    expect(codes).toEqual(['ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_WRITE_AFTER_END'])
  })

  it('calls back when it has ended', async () => {
    const called: string[] = []
    await answered(({ res, open }) => {
      res.write('one', () => called.push('written'))
      res.end('two', () => called.push('ended'))
      open()
    })
    expect(called).toEqual(['written', 'ended'])
  })

  it('takes the connection down where the end fails after all', async () => {
    const text = await answered(({ res, open }) => {
      res.strictContentLength = true
      res.setHeader('Content-Length', 5)
      res.end('done') // one byte short
      open()
    })
    expect(text).not.toContain('done')
  })
})
