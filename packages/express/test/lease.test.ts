import { Readable } from 'node:stream'
import { signedLink } from '@countersign/testing'
import compression from 'compression'
import express5, { type RequestHandler } from 'express'
import express4 from 'express4'
import session from 'express-session'
import request, { type Response } from 'supertest'
import { memoryReplayStore, requireSignedUser, type ReplayStore } from '../src'
import { surveys } from './portals'

const TEXT = 'countersign '.repeat(1_000)

const oops = new Error('broken')
const fail = (): never => {
  throw oops
}

/** A wrapper may not have sent this response when Express hangs up, with or without a lease. */
const CUT_OFF = 'JSON before a throw'

/** The status of the first use and of the second: 401 where the link is used up. */
const HANDLERS: readonly (readonly [first: number, second: number, string, RequestHandler])[] = [
  [200, 401, 'JSON', (_req, res) => void res.json({ text: TEXT })],
  [200, 401, 'a stream', (_req, res) => void Readable.from([TEXT, TEXT]).pipe(res.type('text'))],
  [200, 401, CUT_OFF, (_req, res) => (res.json({ text: TEXT }), fail())],
  [302, 401, 'a redirect', (_req, res) => res.redirect('/thanks')],
  [422, 200, 'a failure', (_req, res) => void res.status(422).json({ text: TEXT })],
  [404, 200, 'no response', (_req, _res, next) => next()],
  [500, 200, 'a throw', fail],
  [500, 200, 'a late error', (_req, _res, next) => void setImmediate(() => next(oops))],
]

/** A memory store that records the end of a lease some turns later. */
function slowStore(): ReplayStore {
  const store = memoryReplayStore()
  const leases = store.leases!
  const turns = async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  }
  const commit: typeof leases.commit = async (...use) => (await turns(), leases.commit(...use))
  const release: typeof leases.release = async (...use) => (await turns(), leases.release(...use))
  return { ...store, leases: { ...leases, commit, release } }
}

/** What a client sees, but for the date and the value of a cookie. */
function seen({ status, headers, text }: Response): object {
  const { date: _, 'set-cookie': cookie, ...rest } = headers as Record<string, unknown>
  return { status, headers: rest, hasCookie: cookie !== undefined, text }
}

/** What two uses of a link get, on lease or without. */
async function twoUses(
  first: RequestHandler,
  { express = express5, lease = true, outer = [], inner = [] }: Site = {},
) {
  const consume = lease ? { lease: 30 } : undefined
  const guard = requireSignedUser(surveys, { replayStore: slowStore(), consume })
  const app = express().set('env', 'test') // in any other, Express writes errors to the console
  app.use(...outer, guard as RequestHandler, ...inner) // its locals are narrower
  app.post('/first', first).post('/second', (_req, res) => void res.json({}))
  const query = await signedLink(surveys, {}, { path: '' })
  const use = (path: string) =>
    request(app)
      .post(path + query)
      .redirects(0)
  return [await use('/first'), await use('/second')] as const
}

interface Site {
  readonly express?: typeof express5
  readonly lease?: boolean
  /** In front of the guard, and behind it. */
  readonly outer?: readonly RequestHandler[]
  readonly inner?: readonly RequestHandler[]
}

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('a leased link on %s', (_name, express) => {
  it.each(HANDLERS)('is answered with %i, and then with %i, after %s', async (...row) => {
    const [first, second, , handler] = row
    const answers = await twoUses(handler, { express })
    expect(answers.map(({ status }) => status)).toEqual([first, second])
  })
})

it('a leased link is free again where the handler rejects, which Express 5 awaits', async () => {
  const answers = await twoUses(async () => fail())
  expect(answers.map(({ status }) => status)).toEqual([500, 200])
})

/** Middleware that puts its own methods in front of the response's. */
const WRAPPERS: Readonly<Record<string, RequestHandler>> = {
  compression: compression(),
  'a session': session({ secret: 'of the tests', resave: true, saveUninitialized: true }),
}

describe.each(Object.entries(WRAPPERS))('%s and a lease', (_name, wrapper) => {
  it.each(['outer', 'inner'])('work together, %s of the guard', async (place) => {
    const site = { [place]: [wrapper] }
    for (const [, second, , handler] of HANDLERS.filter(([, , name]) => name !== CUT_OFF)) {
      const [plain] = await twoUses(handler, { ...site, lease: false })
      const [leased, again] = await twoUses(handler, site)
      expect([seen(leased), again.status]).toEqual([seen(plain), second])
    }
  })
})
