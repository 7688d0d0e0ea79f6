import { Readable } from 'node:stream'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { GIVEN_BACK, onExpress, used, USED_UP } from './lease-kit'

/** Answers that use the link up. */
const successes: Readonly<Record<string, RequestHandler>> = {
  JSON: (_req, res) => void res.json({ ok: true }),
  text: (_req, res) => void res.status(201).send('done'),
  bytes: (_req, res) => void res.type('png').send(Buffer.from([1, 2, 3])),
  'a status alone': (_req, res) => void res.sendStatus(202),
  nothing: (_req, res) => void res.status(204).end(),
  'not modified': (_req, res) => void res.status(304).end(),
  'a redirect': (_req, res) => res.redirect('/thanks'),
  'a permanent redirect': (_req, res) => res.redirect(308, '/thanks'),
  'its end alone': (_req, res) => void res.end(),
  'an end with a callback alone': (_req, res) => void res.end(() => undefined),
  'its end in an encoding': (_req, res) => void res.end('ZMOpZA==', 'base64'),
  'a head and an end': (_req, res) => void res.writeHead(201, { 'X-A': 'b' }).end('done'),
  'two pieces': (_req, res) => {
    res.write('one')
    res.end('two')
  },
  'pieces over time': (_req, res) => {
    res.write('one')
    setImmediate(() => {
      res.write('two')
      setImmediate(() => res.end())
    })
  },
  'a head sent ahead': (_req, res) => {
    res.flushHeaders()
    setImmediate(() => res.end('done'))
  },
  'a file': (_req, res) => res.sendFile(__filename),
  'a piece of a known length': (_req, res) => {
    res.setHeader('Content-Length', 3).write('one')
    setImmediate(() => res.end())
  },
  'a stream': (_req, res) => void Readable.from(['one', 'two', 'three']).pipe(res),
  'an empty stream': (_req, res) => void Readable.from([]).pipe(res),
  'JSON, later': (_req, res) => void setImmediate(() => res.json({ ok: true })),
}

/** What gives the link back. */
const failures: Readonly<Record<string, RequestHandler>> = {
  '400': (_req, res) => void res.status(400).json({}),
  '422 with a head': (_req, res) => void res.writeHead(422).end('wrong'),
  '500 in pieces': (_req, res) => {
    res.status(500).write('one')
    res.end()
  },
  '503 without a body': (_req, res) => void res.sendStatus(503),
  '404 of nobody': (_req, _res, next) => next(),
  '500 of a throw': () => {
    throw new Error('broken')
  },
  '500 of `next(error)`': (_req, _res, next) => next(new Error('broken')),
  '422 of an error': (_req, _res, next) => next(Object.assign(new Error('no'), { status: 422 })),
  '500 of a late error': (_req, _res, next) => void setImmediate(() => next(new Error('broken'))),
  '500 of an end that is no text': (_req, res) => void res.end(42 as unknown as string), // wrong on purpose
  '500 of a piece that is no text': (_req, res) => void res.write({}, () => undefined), // likewise
  '500 of JSON that has no end': (_req, res) => {
    const round: Record<string, unknown> = {}
    round['itself'] = round
    res.json(round)
  },
}

describe.each([4, 5] as const)('a leased link on Express %i', (major) => {
  it.each(Object.keys(successes))('is used up by %s', async (name) => {
    const first = successes[name]!
    const outcomes = await onExpress({ major, first }, used)
    expect(outcomes).toEqual([expect.stringMatching(/^[23]\d\d$/), ...USED_UP])
  })

  it.each(Object.keys(failures))('is given back by a %s', async (name) => {
    const first = failures[name]!
    const outcomes = await onExpress({ major, first }, used)
    expect(outcomes).toEqual([name.slice(0, 3), ...GIVEN_BACK])
  })

  it.each<[status: number, then: readonly string[]]>([
    [200, USED_UP],
    [303, USED_UP],
    [400, GIVEN_BACK],
    [500, GIVEN_BACK],
  ])('is settled by what an error handler answers: %i', async (status, then) => {
    const onError: ErrorRequestHandler = (_error, _req, res, _next) =>
      void res.status(status).json({})
    const first: RequestHandler = (_req, _res, next) => next(new Error('broken'))
    const outcomes = await onExpress({ major, first, onError }, used)
    expect(outcomes).toEqual([`${status}`, ...then])
  })

  it.each(['the same twice', 'two'] as const)(
    'is settled once behind guards: %s',
    async (guards) => {
      for (const [status, ended] of [
        [200, 'commit'],
        [500, 'release'],
      ] as const) {
        const first: RequestHandler = (_req, res) => void res.sendStatus(status)
        await onExpress({ major, first, guards }, async ({ use, store }) => {
          expect((await use()).status).toBe(status)
          expect(store.ended).toEqual([ended])
        })
      }
    },
  )

  it('is used up by an answer after which the handler throws, and the answer arrives', async () => {
    const first: RequestHandler = (_req, res) => {
      res.json({ ok: true })
      throw new Error('after the answer')
    }
    const leave: ErrorRequestHandler = (error, _req, res, next) =>
      res.headersSent ? undefined : next(error)
    expect(await onExpress({ major, first, onError: leave }, used)).toEqual(['200', ...USED_UP])
  })

  it('is used up also where Express then hangs up, as it does by default', async () => {
    const first: RequestHandler = (_req, res) => {
      res.json({ ok: true })
      throw new Error('after the answer')
    }
    await onExpress({ major, first }, async ({ open, outcome }) => {
      const connection = await open()
      await connection.untilClosed() // with the answer or without
      expect(await outcome()).toBe('401 token_replayed')
    })
  })

  it('is kept from those who come while the handler works, also from those who only look', async () => {
    let answer = (): void => undefined
    const first: RequestHandler = (_req, res) => void (answer = () => res.json({}))
    await onExpress({ major, first }, async ({ open, use, outcome, store }) => {
      const connection = await open()
      const states = new Set<string>()
      while (!states.has('409')) states.add(String((await use('GET')).status))
      expect([...states].at(-1)).toBe('409')
      expect(await outcome()).toBe('409 nonce_in_progress')
      const { headers } = await use()
      expect(headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' })
      expect(store.ended).toEqual([])
      answer()
      expect((await connection.answer('POST')).status).toBe(200)
      expect(await outcome()).toBe('401 token_replayed')
      connection.abort()
    })
  })
})

it('is given back by a handler that rejects, which Express 5 waits for', async () => {
  const first: RequestHandler = async () => Promise.reject(new Error('broken'))
  expect(await onExpress({ major: 5, first }, used)).toEqual(['500', ...GIVEN_BACK])
})
