import { Readable } from 'node:stream'
import type { Context, Middleware } from 'koa'
import { GIVEN_BACK, onKoa, used, USED_UP } from './lease-kit'

/** The application answers past Koa. */
const raw =
  (work: (res: Context['res']) => void): Middleware =>
  (ctx) => {
    ctx.respond = false
    work(ctx.res)
  }

/** Answers that use the link up. */
const successes: Readonly<Record<string, Middleware>> = {
  JSON: (ctx) => void (ctx.body = { ok: true }),
  text: (ctx) => void (ctx.body = 'done'),
  bytes: (ctx) => void (ctx.body = Buffer.from([1, 2, 3])),
  nothing: (ctx) => void (ctx.body = null),
  'a status alone': (ctx) => void (ctx.status = 202),
  'a redirect': (ctx) => ctx.redirect('/thanks'),
  'a stream': (ctx) => void (ctx.body = Readable.from(['one', 'two'])),
  'JSON, later': async (ctx) => {
    await new Promise(setImmediate)
    ctx.body = { ok: true }
  },
  'a raw end': raw((res) => void res.writeHead(200).end('done')),
  'a raw answer in pieces': raw((res) => {
    res.statusCode = 200
    res.write('one')
    res.end('two')
  }),
  'a late raw answer': raw((res) => {
    res.statusCode = 201
    setImmediate(() => setImmediate(() => res.end('done')))
  }),
  'a late raw answer in pieces': raw((res) => {
    res.statusCode = 200
    setImmediate(() => {
      res.write('one')
      setImmediate(() => res.end('two'))
    })
  }),
  'a late raw stream': raw((res) => {
    res.statusCode = 200
    setImmediate(() => Readable.from(['one', 'two']).pipe(res))
  }),
  'a raw answer that Koa was not told of': (ctx) => {
    ctx.res.statusCode = 200
    ctx.res.end('done')
  },
  'a raw answer before a throw': (ctx) => {
    ctx.res.statusCode = 200
    ctx.res.end('done')
    throw new Error('after the answer')
  },
}

/** What gives the link back. */
const failures: Readonly<Record<string, Middleware>> = {
  '400': (ctx) => {
    ctx.status = 400
    ctx.body = {}
  },
  '422 of `ctx.throw`': (ctx) => ctx.throw(422, 'no'),
  '500 of a throw': () => {
    throw new Error('broken')
  },
  '500 of a rejection': async () => {
    await new Promise(setImmediate)
    throw new Error('broken')
  },
  '500 of a throw after the body was set': (ctx) => {
    ctx.body = { ok: true }
    throw new Error('broken')
  },
  '404 of nobody': (_ctx, next) => next(),
  '404 of a handler that says nothing': () => undefined,
  '409 of a raw end': raw((res) => void res.writeHead(409).end()),
  '500 of a late raw answer': raw((res) => {
    setImmediate(() => res.writeHead(500).end('broken'))
  }),
  '500 of a throw before a raw answer': (ctx) => {
    ctx.respond = false
    ctx.res.statusCode = 200
    setImmediate(() => ctx.res.writeHead(500).end())
    throw new Error('broken')
  },
}

describe.each([2, 3] as const)('a leased link on Koa %i', (major) => {
  it.each(Object.keys(successes))('is used up by %s', async (name) => {
    const outcomes = await onKoa({ major, first: successes[name]! }, used)
    expect(outcomes).toEqual([expect.stringMatching(/^[23]\d\d$/), ...USED_UP])
  })

  it.each(Object.keys(failures))('is given back by a %s', async (name) => {
    const outcomes = await onKoa({ major, first: failures[name]! }, used)
    expect(outcomes).toEqual([name.slice(0, 3), ...GIVEN_BACK])
  })

  it.each(['the same twice', 'two'] as const)(
    'is settled once behind guards: %s',
    async (guards) => {
      for (const [status, ended] of [
        [200, 'commit'],
        [500, 'release'],
      ] as const) {
        const first: Middleware = (ctx) => void (ctx.status = status)
        await onKoa({ major, first, guards }, async ({ use, store }) => {
          expect((await use()).status).toBe(status)
          expect(store.ended).toEqual([ended])
        })
      }
    },
  )

  it('is given back by a throw, though a handler in front of the guard answers 200', async () => {
    const outer: Middleware = async (ctx, next) => {
      await next().catch(() => {
        ctx.status = 200
        ctx.body = 'sorry'
      })
    }
    const first: Middleware = (ctx) => ctx.throw(500)
    expect(await onKoa({ major, first, outer }, used)).toEqual(['200', ...GIVEN_BACK])
  })

  it('is used up by a success, though a handler in front of the guard answers 500', async () => {
    const outer: Middleware = async (ctx, next) => {
      await next()
      if (ctx.status === 200) ctx.status = 500
    }
    const first: Middleware = (ctx) => void (ctx.body = 'done')
    expect(await onKoa({ major, first, outer }, used)).toEqual(['500', ...USED_UP])
  })

  it('is settled before the handlers in front of the guard go on', async () => {
    for (const [status, then] of [
      [200, '401 token_replayed'],
      [500, '200'],
    ] as const) {
      let look!: () => Promise<string>
      let seen: string | undefined
      const outer: Middleware = async (_ctx, next) => {
        await next()
        seen = await look()
      }
      const first: Middleware = (ctx) => void (ctx.status = status)
      await onKoa({ major, first, outer }, async ({ use, elsewhere }) => {
        look = elsewhere
        expect((await use()).status).toBe(status)
        expect(seen).toBe(then)
      })
    }
  })

  it('is settled by what a handler behind the guard makes of a throw', async () => {
    for (const [status, then] of [
      [200, USED_UP],
      [422, GIVEN_BACK],
    ] as const) {
      const inner: Middleware = async (ctx, next) => {
        await next().catch(() => (ctx.status = status))
      }
      const first: Middleware = (ctx) => ctx.throw(500)
      expect(await onKoa({ major, first, inner }, used)).toEqual([`${status}`, ...then])
    }
  })

  it('is kept from those who come while the handler works, also from those who only look', async () => {
    let answer = (): void => undefined
    const first: Middleware = async (ctx) => {
      await new Promise<void>((resolve) => (answer = resolve))
      ctx.body = {}
    }
    await onKoa({ major, first }, async ({ open, use, outcome, store }) => {
      const connection = await open()
      const seen = new Set<number>()
      while (!seen.has(409)) seen.add((await use('GET')).status)
      expect(await outcome()).toBe('409 nonce_in_progress')
      expect((await use()).headers).toMatchObject({ 'retry-after': '1' })
      expect(store.ended).toEqual([])
      answer()
      expect((await connection.answer('POST')).status).toBe(200)
      expect(await outcome()).toBe('401 token_replayed')
      connection.abort()
    })
  })
})
