import { Readable } from 'node:stream'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { FREE, MAJORS, onSite, seen, threeUses, USED, type Major } from './lease-site'

const SUCCESSES: Readonly<Record<string, RequestHandler>> = {
  JSON: (_req, res) => void res.json({ ok: true }),
  'text with an ETag': (_req, res) => void res.status(201).send('done'),
  'no content': (_req, res) => void res.sendStatus(204),
  'a redirect': (_req, res) => res.redirect('/thanks'),
  'a file': (_req, res) => res.sendFile(__filename, { lastModified: false }),
  'a stream': (_req, res) => void Readable.from(['one', 'two']).pipe(res),
  'JSON, later': (_req, res) => void setImmediate(() => res.json({ ok: true })),
}

const FAILURES: Readonly<Record<string, RequestHandler>> = {
  400: (_req, res) => void res.status(400).json({}),
  '404 without a handler': (_req, _res, next) => next(),
  '500 of a throw': () => {
    throw new Error('broken')
  },
  '500 of `next(error)`': (_req, _res, next) => next(new Error('broken')),
  '500 of a late error': (_req, _res, next) => void setImmediate(() => next(new Error('broken'))),
  '422 of an error': (_req, _res, next) => next(Object.assign(new Error('no'), { status: 422 })),
  '500 of a body that Node refuses': (_req, res) => void res.end(42 as unknown as string), // wrong on purpose
}

/** As the documentation of Express advises. */
const usual: ErrorRequestHandler = (error, _req, res, next) =>
  res.headersSent ? next(error) : void res.status(500).json({})

const majors = Object.keys(MAJORS).map((major) => Number(major) as Major)

describe.each(majors)('a leased link on Express %i', (major) => {
  it('runs on that major', () => {
    expect('Router' in MAJORS[major] && 'lazyrouter' in MAJORS[major].application).toBe(major === 4)
  })

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

  it.each([
    [200, USED],
    [422, FREE],
  ])('is settled by the response of an error handler: %i', async (status, then) => {
    const onError: ErrorRequestHandler = (_error, _req, res, _next) =>
      void res.status(status).json({})
    const first: RequestHandler = (_req, _res, next) => next(new Error('broken'))
    expect(await onSite({ major, first, onError }, threeUses)).toEqual([status, ...then])
  })

  it.each<[string, (next: (error: Error) => void) => void]>([
    [
      'throws',
      () => {
        throw new Error('after the response')
      },
    ],
    ['calls `next(error)`', (next) => next(new Error('after the response'))],
  ])('is used up, and the response arrives, where the handler then %s', async (_how, fail) => {
    const first: RequestHandler = (_req, res, next) => {
      res.json({ ok: true })
      fail(next)
    }
    for (const onError of [usual, undefined]) {
      await onSite({ major, first, ...(onError && { onError }) }, async ({ use, status }) => {
        expect(await use()).toMatchObject({ status: 200, body: { ok: true } })
        expect(await status()).toBe(401)
      })
    }
  })

  it.each(['one twice', 'two'] as const)('is settled once behind guards: %s', async (guards) => {
    for (const [status, end] of [
      [200, 'commit'],
      [500, 'release'],
    ] as const) {
      const first: RequestHandler = (_req, res) => void res.sendStatus(status)
      await onSite({ major, first, guards }, async (site) => {
        expect([await site.status(), site.ended]).toEqual([status, [end]])
      })
    }
  })
})

it('is free again where the handler rejects, which Express 5 awaits', async () => {
  const first: RequestHandler = () => Promise.reject(new Error('broken'))
  expect(await onSite({ major: 5, first }, threeUses)).toEqual([500, ...FREE])
})
