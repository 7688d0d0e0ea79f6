import { Readable } from 'node:stream'
import type { Middleware } from 'koa'
import { FREE, MAJORS, onSite, raw, seen, threeUses, USED, type Major } from './lease-site'

const SUCCESSES: Readonly<Record<string, Middleware>> = {
  JSON: (ctx) => void (ctx.body = { ok: true }),
  bytes: (ctx) => void (ctx.body = Buffer.from([0, 255])),
  nothing: (ctx) => void (ctx.body = null),
  'a status alone': (ctx) => void (ctx.status = 202),
  'a redirect': (ctx) => ctx.redirect('/thanks'),
  'a stream': (ctx) => void (ctx.body = Readable.from(['one', 'two'])),
  'JSON, later': async (ctx) => {
    await new Promise(setImmediate)
    ctx.body = { ok: true }
  },
  'a raw end': raw((res) => void res.writeHead(200).end('done')),
  'late raw pieces': raw((res) => {
    setImmediate(() => (res.write('one'), setImmediate(() => res.end('two'))))
  }),
  'a raw end that Koa is not told of': (ctx) => {
    ctx.res.statusCode = 200
    ctx.res.end('done')
  },
  'a raw end before a throw': (ctx) => {
    ctx.res.statusCode = 200
    ctx.res.end('done')
    throw new Error('after the response')
  },
}

const FAILURES: Readonly<Record<string, Middleware>> = {
  400: (ctx) => void ((ctx.status = 400), (ctx.body = {})),
  '422 of `ctx.throw`': (ctx) => ctx.throw(422, 'no'),
  '500 of a rejection': () => Promise.reject(new Error('broken')),
  '500 of a throw after the body was set': (ctx) => {
    ctx.body = { ok: true }
    throw new Error('broken')
  },
  '404 without a handler': (_ctx, next) => next(),
  '404 of a handler that sets nothing': () => undefined,
  '409 of a raw end': raw((res) => void res.writeHead(409).end()),
  '500 of a late raw response': raw((res) => {
    setImmediate(() => res.writeHead(500).end('broken'))
  }),
  '500 of a throw before a raw response': (ctx) => {
    ctx.respond = false
    setImmediate(() => ctx.res.writeHead(500).end())
    throw new Error('broken')
  },
}

const majors = Object.keys(MAJORS).map((major) => Number(major) as Major)

describe.each(majors)('a leased link on Koa %i', (major) => {
  it.each(Object.entries(SUCCESSES))('is used up by %s, which arrives', async (_name, first) => {
    const burned = await onSite({ major, first, lease: false }, async ({ use }) =>
      seen(await use()),
    )
    await onSite({ major, first }, async ({ use, status }) => {
      expect(seen(await use())).toEqual(burned)
      expect([await status(), await status()]).toEqual(USED)
    })
  })

  it.each(Object.entries(FAILURES))('is free again after %s', async (name, first) => {
    const statuses = await onSite({ major, first }, threeUses)
    expect(statuses).toEqual([Number(name.slice(0, 3)), ...FREE])
  })

  it('is settled by what handlers behind the guard make of a throw', async () => {
    const first: Middleware = (ctx) => ctx.throw(500)
    for (const [status, then] of [
      [200, USED],
      [422, FREE],
    ] as const) {
      const inner: Middleware = (ctx, next) => next().catch(() => (ctx.status = status))
      expect(await onSite({ major, first, inner }, threeUses)).toEqual([status, ...then])
    }
  })

  it('is settled before handlers in front of the guard go on, which change nothing', async () => {
    for (const [work, shown, end] of [
      [(ctx) => ctx.throw(500), 200, 'release'],
      [(ctx) => void (ctx.body = 'done'), 500, 'commit'],
    ] as readonly (readonly [Middleware, number, string])[]) {
      let ends: readonly string[] = []
      let endsThen: readonly string[] = []
      const outer: Middleware = async (ctx, next) => {
        await next().catch(() => undefined)
        endsThen = [...ends]
        ctx.status = shown
      }
      await onSite({ major, first: work, outer }, async ({ status, ended }) => {
        ends = ended
        expect([await status(), endsThen]).toEqual([shown, [end]])
        expect(ended).toEqual([end])
      })
    }
  })

  it.each(['one twice', 'two'] as const)('is settled once behind guards: %s', async (guards) => {
    for (const [status, end] of [
      [200, 'commit'],
      [500, 'release'],
    ] as const) {
      const first: Middleware = (ctx) => void (ctx.status = status)
      await onSite({ major, first, guards }, async (site) => {
        expect([await site.status(), site.ended]).toEqual([status, [end]])
      })
    }
  })
})
