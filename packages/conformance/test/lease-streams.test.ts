import { pipeline, Readable } from 'node:stream'
import type { Request, RequestHandler, Response } from 'express'
import type { Middleware } from 'koa'
import { hungUp, onExpress, onKoa, until, used, USED_UP, type Site } from './lease-kit'

const USED = '401 token_replayed'
const IN_PROGRESS = '409 nonce_in_progress'

/** A stream that breaks, after its first piece or before. */
function broken(after: 'a piece' | 'nothing'): Readable {
  let isFirst = after === 'a piece'
  return new Readable({
    read() {
      if (!isFirst) return void this.destroy(new Error('broken'))
      isFirst = false
      this.push('one')
    },
  })
}

/** A stream that never ends. */
function endless(): Readable {
  return new Readable({
    read() {
      setImmediate(() => this.push('more'))
    },
  })
}

/** Uses the link on a connection that the server breaks off, then again on others. */
async function afterBreak({ open, outcome }: Site): Promise<string> {
  const connection = await open()
  await connection.untilClosed()
  return until(outcome, IN_PROGRESS)
}

/** Uses the link on a connection that the client breaks off in the middle of the answer. */
async function afterHangUp({ open, outcome, store }: Site): Promise<readonly string[]> {
  const connection = await open()
  await until(async () => String(store.ended.length), '0')
  connection.abort()
  return [await until(outcome, IN_PROGRESS), ...store.ended]
}

describe.each([4, 5] as const)('a leased link on Express %i, answered with a stream', (major) => {
  it('is used up when the stream breaks after its first byte', async () => {
    const first: RequestHandler = (_req, res) =>
      void pipeline(broken('a piece'), res, () => undefined)
    expect(await onExpress({ major, first }, afterBreak)).toBe(USED)
  })

  it('is given back when the stream breaks before its first byte and takes the answer down', async () => {
    const first: RequestHandler = (_req, res) =>
      void pipeline(broken('nothing'), res, () => undefined)
    await onExpress({ major, first }, async (site) => {
      expect(await afterBreak(site)).toBe('200')
      expect(site.store.ended[0]).toBe('release')
    })
  })

  it('is given back when the stream breaks before its first byte and the handler says so', async () => {
    const first: RequestHandler = (_req, res, next) =>
      void broken('nothing').on('error', next).pipe(res)
    expect(await onExpress({ major, first }, used)).toEqual(['500', '200', '200'])
  })

  it('is used up when the client hangs up in the middle', async () => {
    const first: RequestHandler = (_req, res) => void pipeline(endless(), res, () => undefined)
    expect(await onExpress({ major, first }, afterHangUp)).toEqual([USED, 'commit'])
  })
})

describe.each([2, 3] as const)('a leased link on Koa %i, answered with a stream', (major) => {
  it('is used up when the stream breaks after its first byte', async () => {
    const first: Middleware = (ctx) => void (ctx.body = broken('a piece'))
    await onKoa({ major, first }, async ({ open, outcome, store }) => {
      const connection = await open()
      await until(async () => String(store.ended.length), '0')
      expect(await until(outcome, IN_PROGRESS)).toBe(USED)
      connection.abort()
    })
  })

  it('is given back when the stream breaks before its first byte', async () => {
    const first: Middleware = (ctx) => void (ctx.body = broken('nothing'))
    await onKoa({ major, first }, async (site) => {
      // Koa 2 answers with 500, Koa 3 hangs up: the link is then used again to see that it is free
      const then = major === 2 ? `${(await site.use()).status}` : await afterBreak(site)
      expect(then).toBe(major === 2 ? '500' : '200')
      expect(site.store.ended[0]).toBe('release')
      expect(await site.outcome()).toBe(major === 2 ? '200' : USED)
    })
  })

  it('is used up when the client hangs up in the middle', async () => {
    const first: Middleware = (ctx) => void (ctx.body = endless())
    expect(await onKoa({ major, first }, afterHangUp)).toEqual([USED, 'commit'])
  })
})

it.each(['blob', 'stream', 'answer'])('is used up by a web %s, which Koa 3 sends', async (kind) => {
  const body = (): unknown => {
    const blob = new Blob(['done'])
    if (kind === 'blob') return blob
    return kind === 'stream' ? blob.stream() : new Response('done')
  }
  const first: Middleware = (ctx) => void (ctx.body = body())
  expect(await onKoa({ major: 3, first }, used)).toEqual(['200', ...USED_UP])
})

/** The client is gone before the handler has said anything; then it does. */
async function afterLeaving({ open, outcome, store }: Site, arrived: Promise<void>) {
  const connection = await open()
  await arrived
  connection.abort()
  await until(async () => String(store.ended.length), '0')
  return until(outcome, IN_PROGRESS)
}

/** A promise with its handle. */
function signal() {
  let give!: () => void
  const given = new Promise<void>((resolve) => (give = resolve))
  return { give, given }
}

describe('a leased link whose client does not wait for the answer', () => {
  const onExpressLate: Readonly<
    Record<
      string,
      readonly [string, (req: Request, res: Response, next: (error: Error) => void) => void]
    >
  > = {
    JSON: [USED, (_req, res) => void res.json({})],
    'a redirect': [USED, (_req, res) => res.redirect('/thanks')],
    'a head and an end': [USED, (_req, res) => void res.writeHead(200).end('x')],
    pieces: [USED, (_req, res) => void (res.write('one'), res.end())],
    'a stream': [USED, (_req, res) => void endless().pipe(res)],
    'a 422': ['200', (_req, res) => void res.status(422).json({})],
    'an error': ['200', (_req, _res, next) => next(new Error('broken'))],
    'a stream of a 500': ['200', (_req, res) => void endless().pipe(res.status(500))],
  }

  it.each(
    ([4, 5] as const).flatMap((major) =>
      Object.entries(onExpressLate).map(([name, [then]]) => [major, name, then] as const),
    ),
  )('is settled by it all the same, on Express %i: %s', async (major, name, then) => {
    const { give, given } = signal()
    const first: RequestHandler = (req, res, next) => {
      give()
      void hungUp(res).then(() => onExpressLate[name]?.[1](req, res, next))
    }
    expect(await onExpress({ major, first }, (site) => afterLeaving(site, given))).toBe(then)
  })

  const onKoaLate: Readonly<Record<string, readonly [string, Middleware]>> = {
    JSON: [USED, (ctx) => void (ctx.body = {})],
    'a stream': [USED, (ctx) => void (ctx.body = endless())],
    'a raw end': [USED, (ctx) => void ((ctx.respond = false), ctx.res.writeHead(200).end())],
    'a 422': ['200', (ctx) => ctx.throw(422)],
    'a 404': ['200', () => undefined],
    'a raw 500': ['200', (ctx) => void ((ctx.respond = false), ctx.res.writeHead(500).end())],
  }

  it.each(
    ([2, 3] as const).flatMap((major) =>
      Object.entries(onKoaLate).map(([name, [then]]) => [major, name, then] as const),
    ),
  )('is settled by it all the same, on Koa %i: %s', async (major, name, then) => {
    const { give, given } = signal()
    const first: Middleware = async (ctx, next) => {
      give()
      await hungUp(ctx.res)
      await onKoaLate[name]?.[1](ctx, next)
    }
    expect(await onKoa({ major, first }, (site) => afterLeaving(site, given))).toBe(then)
  })
})
