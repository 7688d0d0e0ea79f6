import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { setImmediate as nextRound } from 'node:timers/promises'
import { requireSignedUser } from '@countersign/koa'
import koaBodyparser from 'koa-bodyparser'
import { sendRaw, serveKoa, type RawRequest } from '../src'
import { PARSERS } from './body-parsers'
import { answer, ask, before, FRAMEWORKS, guard, greet, publicCode } from './transport-frameworks'
import { featkitQuery, FORM_TYPE, formPost, jsonPost, now, portals } from './transport-kit'

/** How an application may read a body with no parser at all. */
const READERS: readonly (readonly [string, (req: IncomingMessage) => Promise<string>])[] = [
  ['an iterator', (req) => textOf(req)],
  ['data events', byEvents],
  ['data events, as text', (req) => byEvents(req.setEncoding('utf8'))],
  ['readable events', byReading],
  ['a pipe', (req) => textOf(req.pipe(new PassThrough()))],
]

function byEvents(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    req.on('data', (piece) => (text += String(piece)))
    req.on('end', () => resolve(text)).on('error', reject)
  })
}

function byReading(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    req.on('readable', () => {
      for (let piece = req.read(); piece !== null; piece = req.read()) text += String(piece)
    })
    req.on('end', () => resolve(text)).on('error', reject)
  })
}

/** What nobody may do to a body in front of a guard. */
const TOUCHES: readonly (readonly [string, (req: IncomingMessage) => unknown])[] = [
  ['has read it', (req) => byEvents(req)],
  ['has iterated over it', async (req) => void (await textOf(req))],
  ['has begun to read it', (req) => void req.on('data', () => {})],
  ['lets it flow away', (req) => void req.resume()],
  ['makes text of it', (req) => void req.setEncoding('utf8')],
]

const EMPTY_FORM: RawRequest = { method: 'POST', target: '/', headers: [FORM_TYPE], body: [] }

describe.each(FRAMEWORKS)('the stream of a guarded request, on $name', (framework) => {
  it.each(READERS)('can be read by %s as if there were no guard', async (_how, read) => {
    const post = await jsonPost()
    for (const body of [post.body, [...post.body]]) {
      const steps = [
        guard(portals().fdback),
        answer(async ({ req }) => ({ read: await read(req) })),
      ]
      const response = await ask(framework, steps, { ...post, body })
      expect([response.status, JSON.parse(response.body)]).toEqual([200, { read: post.body }])
    }
  })

  it.each(TOUCHES)(
    'is refused at once where somebody in front of the guard %s',
    async (_how, touch) => {
      const codes: string[] = []
      const onRejected = ({ code }: { readonly code: string }): void => void codes.push(code)
      const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
      const steps = [before(touch), guard(portals().fdback, { onRejected }), greet]
      const post = await jsonPost()
      for (const body of [post.body, [...post.body], []]) {
        const response = await ask(framework, steps, { ...post, body })
        expect([response.status, publicCode(response)]).toEqual([500, 'server_error'])
      }
      warned.mockRestore()
      expect(codes).toEqual(Array(3).fill('raw_body_unavailable'))
    },
  )

  it('does not matter where the signed user comes in the URL', async () => {
    const target = `/?${await featkitQuery()}`
    for (const [, touch] of TOUCHES) {
      const steps = [before(touch), guard(portals().featkit), greet]
      const { status } = await ask(framework, steps, { ...(await jsonPost()), target })
      expect(status).toBe(200)
    }
  })

  const { keeping, losing } = PARSERS[framework.family]
  it.each([...keeping, ...losing])('is in order for $name where it is empty', async ({ step }) => {
    const late = before(async (req) => {
      while (!req.complete) await nextRound()
    })
    for (const arrival of [before(() => {}), late]) {
      const steps = [arrival, guard(portals().fdback, { mode: 'optional' }), step, greet]
      const { status, body } = await ask(framework, steps, EMPTY_FORM)
      expect([status, body]).toEqual([200, '{"user":null}'])
    }
  })

  it('is in order for the parser where a guard has looked for a form and found a link', async () => {
    const { featkit, fdback } = portals()
    const target = `/?${await featkitQuery()}`
    const parsed = answer(({ user, body }) => ({ scheme: user?.scheme, body }))
    const steps = [guard([featkit, fdback]), losing[0].step, parsed]
    const request = { method: 'POST', target, headers: [FORM_TYPE] }
    for (const body of ['vote=up&note=a+b', ['vote=up', '&note=a+b']]) {
      const response = await ask(framework, steps, { ...request, body })
      expect([response.status, JSON.parse(response.body)]).toEqual([
        200,
        { scheme: 'featkit', body: { vote: 'up', note: 'a b' } },
      ])
    }
  })
})

describe.each([2, 3] as const)('koa-bodyparser behind a guard, on Koa %i', (major) => {
  it('keeps the body as text, as it would alone', async () => {
    const server = await serveKoa(major, (app) => {
      app.use(requireSignedUser(portals().fdback, { now })).use(koaBodyparser())
      app.use((ctx) => void (ctx.body = { raw: Reflect.get(ctx.request, 'rawBody') }))
    })
    for (const post of [await jsonPost(), await formPost()]) {
      expect(JSON.parse((await sendRaw(server.port, post)).body)).toEqual({ raw: post.body })
    }
    await server.close()
  })
})
