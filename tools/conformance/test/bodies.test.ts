import type { IncomingMessage } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { setImmediate as nextRound } from 'node:timers/promises'
import {
  ask,
  before,
  FORM_TYPE,
  formPost,
  NODE_FRAMEWORKS,
  greet,
  guard,
  jsonPost,
  portals,
  publicCode,
  running,
  sendRaw,
  type Framework,
  type RawRequest,
  type Step,
} from '../src'
import { KEEPING, LOSING, readersOf } from './parsers'
import { quiet } from './quiet'

quiet()

/** What may happen to a request before a guard without its body being read. */
const ARRIVALS: Readonly<Record<string, Step>> = {
  'not touched': before(() => {}),
  'paused by connect, which resumes it after `next()`': pauseAround(),
  'paused until the next tick': before(pauseUntil(process.nextTick)),
  'paused while the guard reads': before(pauseUntil(setImmediate)),
  'complete before the guard runs': before(async (req) => {
    while (!req.complete) await nextRound()
  }),
}

/** The majors of a framework differ in their routers, not in the stream of a body. */
const arrivalsOn = ({ name }: Framework): typeof ARRIVALS =>
  ['Express 5', 'Koa 3'].includes(name) ? ARRIVALS : { 'not touched': ARRIVALS['not touched']! }

function pauseAround(): Step {
  const around = <Result>(req: IncomingMessage, next: () => Result): Result => {
    req.pause()
    const result = next()
    req.resume()
    return result
  }
  return {
    express: () => (req, _res, next) => around(req, next),
    koa: () => (ctx, next) => around(ctx.req, next),
  }
}

function pauseUntil(later: (resume: () => void) => unknown): (req: IncomingMessage) => void {
  return (req) => {
    req.pause()
    later(() => req.resume())
  }
}

/** Each carrier of fdback that has a body, in each way in which a body can be framed. */
async function deliveries(): Promise<readonly RawRequest[]> {
  const posts = [await jsonPost(), await formPost()]
  return posts.flatMap((post) => [
    post,
    { ...post, body: [post.body] },
    { ...post, body: [...post.body] },
  ])
}

/** The user and the body that an app reports for each delivery. */
function reported(framework: Framework, steps: readonly Step[]) {
  return running(framework, steps, async (port) => {
    const reports: { readonly id?: string; readonly body?: unknown }[] = []
    for (const request of await deliveries()) {
      reports.push(JSON.parse((await sendRaw(port, request)).body) as (typeof reports)[number])
    }
    return reports
  })
}

describe.each(NODE_FRAMEWORKS)('a guard before the parser on $name', (framework) => {
  it.each(readersOf(framework))('leaves the body as it was for $name', async ({ steps }) => {
    const plain = await reported(framework, steps)
    for (const { body } of plain) expect(JSON.stringify(body)).toContain('Ada')
    for (const [arrival, step] of Object.entries(arrivalsOn(framework))) {
      const guarded = await reported(framework, [step, guard(portals().fdback), ...steps])
      const expected = plain.map(({ body }) => ({ id: 'ada@example.com', body }))
      expect({ arrival, guarded }).toEqual({ arrival, guarded: expected })
    }
  })

  it('leaves a form without a credential to the parser, and an empty one', async () => {
    const optional = guard(portals().fdback, { mode: 'optional' })
    const form = { method: 'POST', target: '/', headers: [FORM_TYPE] }
    for (const parser of [...KEEPING[framework.family], LOSING[framework.family]]) {
      for (const body of ['vote=up&note=a+b', ['vote=up', '&note=a+b'], '', []]) {
        const plain = await ask(framework, parser.steps, { ...form, body })
        const guarded = await ask(framework, [optional, ...parser.steps], { ...form, body })
        expect([guarded.status, guarded.body]).toEqual([200, plain.body])
      }
    }
  })
})

describe.each(NODE_FRAMEWORKS)('a guard behind the parser on $name', (framework) => {
  it.each(KEEPING[framework.family])('verifies the bytes that $name keeps', async ({ steps }) => {
    const json = await jsonPost()
    const requests: readonly RawRequest[] = [
      ...(await deliveries()),
      { ...json, body: json.body.replace('Ada', 'Eve') },
      { ...json, body: json.body.replace('{', '{ ') },
    ]
    const guarded = [...steps.slice(0, -1), guard(portals().fdback), greet]
    const statuses = await running(framework, guarded, async (port) => {
      const all = []
      for (const request of requests) all.push((await sendRaw(port, request)).status)
      return all
    })
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 401, 401])
  })

  const { steps: losing } = LOSING[framework.family]
  const touched: Readonly<Record<string, readonly Step[]>> = {
    'a parser has read': losing.slice(0, -1),
    'middleware has read': [before((req) => textOf(req))],
    'middleware has begun to read': [before((req) => req.on('data', () => {}))],
    'middleware discards': [before((req) => req.resume())],
    'middleware decodes as text': [before((req) => req.setEncoding('utf8'))],
  }

  it.each(Object.entries(touched))('refuses a body that %s with 500', async (_, steps) => {
    const codes: string[] = []
    const guarded = guard(portals().fdback, { onRejected: ({ code }) => codes.push(code) })
    const requests = await deliveries()
    for (const request of requests) {
      const response = await ask(framework, [...steps, guarded, greet], request)
      expect([response.status, publicCode(response)]).toEqual([500, 'server_error'])
    }
    expect(codes).toEqual(requests.map(() => 'raw_body_unavailable'))
  })
})
