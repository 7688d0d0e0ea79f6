import { once } from 'node:events'
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

/** A store that tells when a lease has been settled. */
function settlingStore() {
  const store = memoryReplayStore({ now })
  const { leases } = store
  if (!leases) throw new Error('A memory store has leases')
  let settle: () => void
  const settled = new Promise<void>((resolve) => (settle = resolve))
  const commit: typeof leases.commit = (...use) => (settle(), leases.commit(...use))
  const release: typeof leases.release = (...use) => (settle(), leases.release(...use))
  return { settled, store: { ...store, leases: { ...leases, commit, release } } }
}

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

  it('uses a leased link up where the client hung up before a success', async () => {
    const { store: replayStore, settled } = settlingStore()
    const onRequest = requireSignedUser(surveys, { now, replayStore, consume: { lease: 10 } })
    const hangUp = new AbortController()
    const app = fastify().post('/first', { onRequest }, async (request) => {
      hangUp.abort()
      await once(request.raw.socket, 'close')
      return 'ok'
    })
    app.post('/again', { onRequest }, async () => 'ok')
    const query = await surveyQuery()
    const lost = { method: 'POST', signal: hangUp.signal }
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    await expect(fetch(`${origin}/first${query}`, lost)).rejects.toThrow('aborted')
    await settled
    expect((await fetch(`${origin}/again${query}`, { method: 'POST' })).status).toBe(401)
    await app.close()
  })
})
