import type { ServerResponse } from 'node:http'
import { settleOnAnswer } from '../src'
import { answered, codeOf, gated, turns } from './held'
import { head, overHttp } from './over-http'

describe('the status that decides', () => {
  it.each<[string, (res: ServerResponse) => unknown, number]>([
    ['an end', (res) => res.end(), 200],
    ['an end with a status', (res) => void ((res.statusCode = 404), res.end()), 404],
    ['a head', (res) => res.writeHead(302).end(), 302],
    ['a head sent ahead', (res) => void (res.flushHeaders(), res.end()), 200],
    ['a piece', (res) => void ((res.statusCode = 500), res.write('x'), res.end()), 500],
    ['a teardown before it began', (res) => res.destroy(), 500],
    ['a teardown for an error', (res) => res.destroy(new Error('broken')), 500],
    ['a piece before a teardown', (res) => void (res.write('x'), res.destroy()), 200],
    ['an end before a teardown', (res) => void (res.end('x'), res.destroy()), 200],
  ])('is that of %s', async (_what, work, status) => {
    await answered(({ res, open, statuses }) => {
      work(res)
      expect(statuses[0]).toBe(status)
      open()
    })
  })

  it('is known at once where the answer has begun already', async () => {
    await overHttp(head(['Connection: close']), (_req, _client, res) => {
      const { reservation, statuses, open } = gated()
      res.writeHead(503).write('x')
      settleOnAnswer(res, reservation)
      expect(statuses).toEqual([503])
      open()
      res.end()
    })
  })

  it.each([
    ['an end', (res: ServerResponse) => res.end(42 as unknown as string)], // wrong on purpose
    ['a piece', (res: ServerResponse) => res.write({} as unknown as string)], // likewise
    ['no piece', (res: ServerResponse) => res.write(null as unknown as string)], // likewise
  ])('is not that of %s which Node throws for at once', async (_what, mistake) => {
    const text = await answered(({ res, open, statuses }) => {
      expect(codeOf(() => mistake(res))).toMatch(/^ERR_(?:INVALID_ARG_TYPE|STREAM_NULL_VALUES)$/)
      expect(statuses).toEqual([])
      res.statusCode = 500
      res.end('broken')
      expect(statuses).toEqual([500])
      open()
    })
    expect(text).toMatch(/^HTTP\/1\.1 500 .*\r\n\r\nbroken$/s)
  })

  it('is not one that there is none of: Node throws for it at once', async () => {
    const text = await answered(({ res, open, statuses }) => {
      res.statusCode = 99
      expect(codeOf(() => res.end('done'))).toBe('ERR_HTTP_INVALID_STATUS_CODE')
      expect(statuses).toEqual([])
      res.statusCode = 500
      res.end('broken')
      open()
    })
    expect(text).toMatch(/^HTTP\/1\.1 500 /)
  })

  it('holds nothing back where it was known before', async () => {
    const seen: unknown[] = []
    await answered(({ res, open, settle }) => {
      open()
      void settle(200).then(() => {
        res.write('one')
        res.end('two')
        seen.push(Object.getOwnPropertyDescriptor(res, 'writableEnded'), res.writableEnded)
      })
    })
    expect(seen).toEqual([undefined, true])
  })

  it.each<[string, (res: ServerResponse) => unknown]>([
    ['an end', (res) => res.end('x')],
    ['a piece', (res) => res.write('x')],
    ['a head', (res) => res.writeHead(200)],
  ])('is that of %s also when the client is gone', async (_what, work) => {
    const statuses = await overHttp(head([]), async (_req, client, res) => {
      const { reservation, open, statuses: told } = gated()
      settleOnAnswer(res, reservation)
      const gone = new Promise((resolve) => res.once('close', resolve))
      client.destroy()
      await gone
      expect(told).toEqual([]) // hanging up decides nothing
      work(res)
      open()
      await turns()
      return told
    })
    expect(statuses[0]).toBe(200)
  })

  it('is nobody’s where an answer is taken down whose client is gone', async () => {
    const statuses = await overHttp(head([]), async (_req, client, res) => {
      const { reservation, statuses: told } = gated()
      settleOnAnswer(res, reservation)
      const gone = new Promise((resolve) => res.once('close', resolve))
      client.destroy()
      await gone
      res.destroy()
      return told
    })
    expect(statuses).toEqual([])
  })
})
