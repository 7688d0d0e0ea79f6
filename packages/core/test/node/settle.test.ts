import type { ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { settleOnAnswer } from '@countersign/core/node'
import { answered, codeOf, gated, turns, type Handler } from './held'
import { head, overHttp } from './over-http'

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

describe('the status that settles a reservation', () => {
  it.each<[string, Handler, number]>([
    ['a piece', (res) => void ((res.statusCode = 500), res.write('x'), res.end()), 500],
    ['an empty stream', (res) => Readable.from([]).pipe(res), 200],
    ['a stream that breaks after a piece', (res) => piped(breaking('x'), res), 200],
    ['a stream that breaks before its first piece', (res) => piped(breaking(), res), 500],
    ['a teardown before it began', (res) => res.destroy(), 500],
    ['a teardown for an error', (res) => res.destroy(new Error('broken')), 500],
    ['a piece before a teardown', (res) => void (res.write('x'), res.destroy()), 200],
    ['an end before a teardown', (res) => void (res.end('x'), res.destroy()), 200],
  ])('is that of %s', async (_what, work, status) => {
    let first: number | undefined
    await answered(({ res, open, statuses }) => {
      work(res)
      open()
      res.once('close', () => (first = statuses[0]))
    })
    await turns()
    expect(first).toBe(status)
  })

  it('is that of a response that has begun before', async () => {
    await overHttp(head(['Connection: close']), (_req, _client, res) => {
      const { reservation, statuses, open } = gated()
      res.writeHead(503).write('x')
      settleOnAnswer(res, reservation)
      expect(statuses).toEqual([503])
      open()
      res.end()
    })
  })

  const STATUS = 'ERR_HTTP_INVALID_STATUS_CODE'

  it.each<[string, Handler, string]>([
    ['an end', (res) => res.end(42 as unknown as string), 'ERR_INVALID_ARG_TYPE'], // wrong on purpose
    ['a piece', (res) => res.write({} as unknown as string), 'ERR_INVALID_ARG_TYPE'], // likewise
    ['no piece', (res) => res.write(null as unknown as string), 'ERR_STREAM_NULL_VALUES'], // likewise
    ['a status', (res) => res.writeHead(99), STATUS],
    ['a status set before', (res) => ((res.statusCode = 99), res.end()), STATUS],
  ])('is not that of %s that Node throws for', async (_what, mistake, code) => {
    const text = await answered(({ res, open, statuses }) => {
      expect([codeOf(() => mistake(res)), statuses]).toEqual([code, []])
      res.statusCode = 500
      res.end('broken')
      expect(statuses).toEqual([500])
      open()
    })
    expect(text).toMatch(/^HTTP\/1\.1 500 .*\r\n\r\nbroken$/s)
  })

  it.each<[string, Handler]>([
    ['an end', (res) => (res.write('one'), res.end('two'))],
    ['a piece of the announced length', (res) => res.setHeader('Content-Length', 3).write('one')],
  ])('may be settled by the adapter before: then %s is not held back', async (_what, work) => {
    let isHeld: boolean | undefined
    await answered(({ res, open, settle }) => {
      open()
      void settle(200).then(() => {
        work(res)
        isHeld = Object.hasOwn(res, 'writableEnded')
        res.end()
      })
    })
    expect(isHeld).toBe(false)
  })
})

function piped(stream: Readable, res: ServerResponse): void {
  pipeline(stream, res, () => undefined)
}

describe('a client that hangs up', () => {
  /** The statuses of a handler that works on after its client has gone. */
  function afterHangUp(work: Handler): Promise<readonly number[]> {
    return overHttp(head([]), async (_req, client, res) => {
      const { reservation, open, statuses } = gated()
      settleOnAnswer(res, reservation)
      const gone = new Promise((resolve) => res.once('close', resolve))
      client.destroy()
      await gone
      expect(statuses).toEqual([])
      work(res)
      open()
      await turns()
      return statuses
    })
  }

  it.each<[string, Handler]>([
    ['an end', (res) => res.end('x')],
    ['a piece', (res) => res.write('x')],
    ['a head', (res) => res.writeHead(200)],
    ['a stream', (res) => Readable.from(['x', 'y']).pipe(res)],
  ])('settles nothing, and the response still does: %s', async (_what, work) => {
    expect((await afterHangUp(work))[0]).toBe(200)
  })

  it('leaves the lease to its end where the response is then torn down', async () => {
    expect(await afterHangUp((res) => res.destroy())).toEqual([])
  })

  it('in the middle of a stream leaves the status that was sent', async () => {
    const endless = new Readable({
      read() {
        setImmediate(() => this.push('more'))
      },
    })
    const statuses = await overHttp(head([]), async (_req, client, res) => {
      const { reservation, open, statuses: settled } = gated()
      settleOnAnswer(res, reservation)
      client.once('data', () => client.destroy())
      piped(endless, res)
      open()
      await new Promise((resolve) => res.once('close', resolve))
      return settled
    })
    expect(statuses[0]).toBe(200)
  })
})
