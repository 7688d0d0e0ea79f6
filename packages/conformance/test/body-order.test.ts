import type { IncomingMessage } from 'node:http'
import { setImmediate as nextRound } from 'node:timers/promises'
import { sendRaw, type RawRequest } from '../src'
import { PARSERS } from './body-parsers'
import { answer, before, FRAMEWORKS, guard, running, type Step } from './transport-frameworks'
import { formPost, jsonPost, portals } from './transport-kit'

/** Answers with what the application's parser made of the body. */
const echo = answer(({ user, body }) => ({
  id: user?.id,
  body: Buffer.isBuffer(body) ? { hex: body.toString('hex') } : (body ?? null),
}))

/** What may stand in front of a guard without touching the body. */
const ARRIVALS: readonly (readonly [string, Step])[] = [
  ['at once', before(() => {})],
  ['after a pause', before((req) => void req.pause())],
  ['after a pause that ends as soon as the guard has begun', pauseAround()],
  ['after a pause that ends in the next tick', before(pauseUntil(process.nextTick))],
  ['after a pause that ends while the guard reads', before(pauseUntil(setImmediate))],
  ['when the whole body is there', before(untilComplete)],
]

/** What connect's sessions did: pause, go on, resume. */
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

async function untilComplete(req: IncomingMessage): Promise<void> {
  while (!req.complete) await nextRound()
}

/** The carriers of fdback that have a body, in each way in which a body can be framed. */
async function deliveries(): Promise<readonly (readonly [string, RawRequest])[]> {
  const named = { JSON: await jsonPost(), form: await formPost() }
  return Object.entries(named).flatMap(([name, post]) => [
    [`${name} with a Content-Length`, post] as const,
    [`${name} in one chunk`, { ...post, body: [post.body] }] as const,
    [`${name} in a chunk a byte`, { ...post, body: [...post.body] }] as const,
  ])
}

describe.each(FRAMEWORKS)('a guard in front of the parser, on $name', (framework) => {
  const { keeping, losing } = PARSERS[framework.family]
  const parsers = [...keeping, ...losing]

  describe.each(ARRIVALS)('judging %s', (_when, arrival) => {
    it.each(parsers)('leaves the body as it was for $name', async ({ step }) => {
      const guarded = await answersWith([arrival, guard(portals().fdback), step])
      const plain = await answersWith([step])
      expect(guarded).toHaveLength(6)
      for (const [index, { delivery, status, json }] of guarded.entries()) {
        expect({ delivery, status, id: json.id }).toEqual({
          delivery,
          status: 200,
          id: 'ada@example.com',
        })
        expect({ delivery, body: json.body }).toEqual({ delivery, body: plain[index]?.json.body })
        expect(JSON.stringify(json.body)).toMatch(/Ada|416461/)
      }
    })
  })

  async function answersWith(steps: readonly Step[]) {
    return running(framework, [...steps, echo], async (port) => {
      const answers = []
      for (const [delivery, request] of await deliveries()) {
        const { status, body } = await sendRaw(port, request)
        const json = JSON.parse(body) as { readonly id?: string; readonly body?: unknown }
        answers.push({ delivery, status, json })
      }
      return answers
    })
  }
})
