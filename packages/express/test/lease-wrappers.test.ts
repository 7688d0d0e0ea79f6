import { Readable } from 'node:stream'
import compression from 'compression'
import type { RequestHandler } from 'express'
import session from 'express-session'
import { FREE, onSite, seen, threeUses, USED } from './lease-site'

const TEXT = 'countersign '.repeat(1_000)

/** Middleware that puts its own methods in front of the response's. */
const WRAPPERS: Readonly<Record<string, () => RequestHandler>> = {
  compression: () => compression(),
  'a session': () => session({ secret: 'of the tests', resave: true, saveUninitialized: true }),
  'a header set late': () => (_req, res, next) => {
    const { writeHead } = res
    res.writeHead = ((...head: Parameters<typeof writeHead>) => {
      res.setHeader('X-Late', 'yes')
      return writeHead.apply(res, head)
    }) as typeof writeHead // has several forms, all passed on
    next()
  },
  'an end in two steps': () => (_req, res, next) => {
    const { end } = res
    res.end = ((chunk?: unknown) => {
      if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) res.write(chunk)
      return Reflect.apply(end, res, []) as typeof res // itself
    }) as typeof end // likewise
    next()
  },
  'a late end': () => (_req, res, next) => {
    const { end } = res
    res.end = ((...last: unknown[]) => {
      setImmediate(() => Reflect.apply(end, res, last))
      return res
    }) as typeof end // likewise
    next()
  },
}

const HANDLERS: Readonly<Record<string, RequestHandler>> = {
  JSON: (_req, res) => void res.json({ text: TEXT }),
  pieces: (_req, res) => {
    res.type('text').write(TEXT)
    setImmediate(() => (res.write(TEXT), res.end('end')))
  },
  'a stream': (_req, res) => void Readable.from([TEXT, TEXT]).pipe(res.type('text')),
  'a failure': (_req, res) => void res.status(500).json({ text: TEXT }),
}

const cases = Object.keys(WRAPPERS).flatMap((wrapper) =>
  (['outer', 'inner'] as const).map((place) => [wrapper, place] as const),
)

it.each(cases)('a lease works with %s, %s of the guard', async (wrapper, place) => {
  for (const [name, first] of Object.entries(HANDLERS)) {
    const app = { major: 5, first, [place]: WRAPPERS[wrapper]!() } as const
    const burned = await onSite({ ...app, lease: false }, async ({ use }) => seen(await use()))
    const leased = await onSite(app, async ({ use }) => seen(await use()))
    expect([name, leased]).toEqual([name, burned])
    const [status, ...then] = await onSite(app, threeUses)
    expect([name, then]).toEqual([name, status === 500 ? FREE : USED])
  }
})

it.each(['outer', 'inner'] as const)(
  'a response arrives with a session %s of the guard, where the handler then throws',
  async (place) => {
    const first: RequestHandler = (_req, res) => {
      res.json({ text: TEXT })
      throw new Error('after the response')
    }
    const app = { major: 5, first, [place]: WRAPPERS['a session']!() } as const
    await onSite(app, async ({ use, status }) => {
      expect(await use()).toMatchObject({ status: 200, body: { text: TEXT } })
      expect(await status()).toBe(401)
    })
  },
)
