import type { RouteHandlerMethod } from 'fastify'
import { memoryReplayStore, requireSignedUser } from '../src'
import { MAJORS, send } from './majors'
import { now, surveyQuery, surveys } from './signed'

const SUCCESSES: Readonly<Record<string, RouteHandlerMethod>> = {
  'a returned value': async () => ({ ok: true }),
  'a reply': (_request, reply) => void reply.code(202).send('ok'),
  'a redirect': (_request, reply) => reply.code(303).header('location', '/thanks').send(),
  'a response past Fastify': (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200).end('ok')
  },
}

const FAILURES: Readonly<Record<string, RouteHandlerMethod>> = {
  'a reply of 422': (_request, reply) => reply.code(422).send('no'),
  'a throw': async () => {
    throw new Error('broken')
  },
  'a throw with a status': async () => {
    throw Object.assign(new Error('broken'), { statusCode: 404 })
  },
}

const ENDS = [
  ...Object.entries(SUCCESSES).map((end) => [401, ...end] as const),
  ...Object.entries(FAILURES).map((end) => [200, ...end] as const),
]

beforeAll(() => void jest.spyOn(process, 'emitWarning').mockImplementation()) // of refused requests
afterAll(() => void jest.restoreAllMocks())

describe.each(MAJORS)('%s', (_name, fastify) => {
  it.each(ENDS)('answers a leased link with %i after %s', async (status, _, handler) => {
    const replayStore = memoryReplayStore({ now })
    const onRequest = requireSignedUser(surveys, { now, replayStore, consume: { lease: 10 } })
    const app = fastify().post('/first', { onRequest }, handler)
    app.post('/again', { onRequest }, async () => 'ok')
    const query = await surveyQuery()
    const post = { method: 'POST' }
    const answers = await send(app, [`/first${query}`, post], [`/again${query}`, post])
    expect(answers[1]?.status).toBe(status)
  })
})
