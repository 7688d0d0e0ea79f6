import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import compression from 'compression'
import type { RequestHandler } from 'express'
import session from 'express-session'
import koaCompress from 'koa-compress'
import type { Middleware } from 'koa'
import { GIVEN_BACK, onExpress, onKoa, used, USED_UP, type Site } from './lease-kit'

const TEXT = 'countersign '.repeat(1_000)

/** Middleware that wraps the answer's methods, as much of what one installs does. */
const wrappers: Readonly<Record<string, () => RequestHandler>> = {
  compression: () => compression(),
  'a session': () => session({ secret: 'of the tests', resave: true, saveUninitialized: true }),
  'a late header': () => (_req, res, next) => (beforeHead(res), next()),
  'an end of its own': () => (_req, res, next) => (endInTwoSteps(res), next()),
  'an end that waits': () => (_req, res, next) => (endLater(res), next()),
}

function beforeHead(res: ServerResponse): void {
  const { writeHead } = res
  res.writeHead = function lateHeader(...head: unknown[]) {
    res.setHeader('X-Late', 'yes')
    res.removeHeader('X-Powered-By')
    return Reflect.apply(writeHead, res, head) as ServerResponse // itself
  } as ServerResponse['writeHead'] // it has several forms, all passed on
}

/** Ends through the answer's own `write`, whoever has wrapped it since. */
function endInTwoSteps(res: ServerResponse): void {
  const { end } = res
  res.end = function writeAndEnd(chunk?: unknown) {
    if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) res.write(chunk)
    return Reflect.apply(end, res, []) as ServerResponse // itself
  } as ServerResponse['end'] // likewise
}

function endLater(res: ServerResponse): void {
  const { end } = res
  res.end = function lateEnd(...last: unknown[]) {
    setImmediate(() => Reflect.apply(end, res, last))
    return res
  } as ServerResponse['end'] // likewise
}

const answers: Readonly<Record<string, RequestHandler>> = {
  JSON: (_req, res) => void res.json({ text: TEXT }),
  'a short text': (_req, res) => void res.send('done'),
  'a raw end': (_req, res) => void res.type('text').end(TEXT),
  'a short raw end': (_req, res) => void res.type('text').end('done'),
  pieces: (_req, res) => {
    res.type('text').write(TEXT)
    setImmediate(() => {
      res.write(TEXT)
      setImmediate(() => res.end('end'))
    })
  },
  'a stream': (_req, res) => void Readable.from([TEXT, TEXT]).pipe(res.type('text')),
  nothing: (_req, res) => void res.status(204).end(),
  'a failure': (_req, res) => void res.status(500).json({ text: TEXT }),
}

const BURN = { consume: ['POST'] }
const LEASE = { consume: { lease: 30 } }

/** The answer as a client sees it that unpacks what is compressed. */
async function seen({ port, target }: Site): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method: 'POST' })
  const { date: _date, 'set-cookie': cookie, ...headers } = Object.fromEntries(answer.headers)
  const digest = createHash('sha256')
    .update(await answer.text())
    .digest('hex')
  return { status: answer.status, headers, hasCookie: cookie !== undefined, digest }
}

/** Those that one installs. */
const REAL: readonly string[] = ['compression', 'a session']

const cases = Object.keys(wrappers).flatMap((wrapper) =>
  (['outer', 'inner'] as const).flatMap((place) =>
    Object.keys(answers).map((answer) => [wrapper, place, answer] as const),
  ),
)

describe.each([4, 5] as const)('on Express %i, wrapped by', (major) => {
  // the two differ in what they send themselves, not in what stands around it
  const some = major === 5 ? cases : cases.filter(([wrapper]) => REAL.includes(wrapper))

  it.each(some)(
    '%s, %s of the guard, an answer is what it is without a lease: %s',
    async (wrapper, place, answer) => {
      const site = { major, first: answers[answer]!, [place]: wrappers[wrapper]!() }
      const [burned, leased] = [
        await onExpress({ ...site, guard: BURN }, seen),
        await onExpress({ ...site, guard: LEASE }, seen),
      ]
      expect(leased).toEqual(burned)
    },
  )

  it.each(some)(
    '%s, %s of the guard, an answer settles its link: %s',
    async (wrapper, place, answer) => {
      const site = { major, first: answers[answer]!, [place]: wrappers[wrapper]!() }
      const [status, ...then] = await onExpress(site, used)
      expect(status).toMatch(/^(?:20\d|500)$/)
      expect(then).toEqual(status === '500' ? GIVEN_BACK : USED_UP)
    },
  )
})

describe.each([2, 3] as const)('on Koa %i, compressed', (major) => {
  const koaAnswers: Readonly<Record<string, Middleware>> = {
    JSON: (ctx) => void (ctx.body = { text: TEXT }),
    'a short text': (ctx) => void (ctx.body = 'done'),
    'a stream': (ctx) => void ((ctx.type = 'text'), (ctx.body = Readable.from([TEXT, TEXT]))),
    'a failure': (ctx) => ctx.throw(500),
  }
  const places = (['outer', 'inner'] as const).flatMap((place) =>
    Object.keys(koaAnswers).map((answer) => [place, answer] as const),
  )

  it.each(places)(
    '%s of the guard, an answer is what it is without a lease, and settles its link: %s',
    async (place, answer) => {
      const site = { major, first: koaAnswers[answer]!, [place]: koaCompress() }
      const [burned, leased] = [
        await onKoa({ ...site, guard: BURN }, seen),
        await onKoa({ ...site, guard: LEASE }, seen),
      ]
      expect(leased).toEqual(burned)
      const [status, ...then] = await onKoa(site, used)
      expect(then).toEqual(status === '500' ? GIVEN_BACK : USED_UP)
    },
  )
})
