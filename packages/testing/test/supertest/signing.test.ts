import type { Server } from 'node:http'
import { PassThrough } from 'node:stream'
import { ConfigError, isRejection } from '@countersign/core'
import { fdback, featkit, harlyy } from '@countersign/schemes'
import { signed, testSecret } from '@countersign/testing'
import express from 'express'
import supertest7 from 'supertest'
import supertest6 from 'supertest6'
import { guarded, served } from '../support/apps'
import { NOW, now, secret } from '../support/mint-portals'
import { echo, type Echo } from '../wire/echo'

const ada = { id: 'u_1', email: 'ada@example.com' }
const portal = featkit({ secret })
const message = fdback({ secret })
/** For what is never sent. */
const NOWHERE = 'http://127.0.0.1:9'
const app = guarded('Express 5', portal)

async function failure(pending: PromiseLike<unknown>): Promise<unknown> {
  return pending.then(
    () => 'nothing failed',
    (error: unknown) => error,
  )
}

describe.each([
  [6, supertest6],
  [7, supertest7],
] as const)('signing a request of supertest %s', (_, request) => {
  it('gives the request back, to be chained, awaited or ended like any other', async () => {
    const pending = request(app).get('/vote')
    expect(signed(pending, portal, ada, { now })).toBe(pending)
    await pending.expect(200, { id: 'u_1' })
    const body = await signed(request(app).get('/vote').expect(200), portal, ada, { now }).then(
      (answer) => answer.body as unknown,
    )
    expect(body).toEqual({ id: 'u_1' })
    const ended = await new Promise((resolve, reject) => {
      signed(request(app).get('/vote'), portal, ada, { now }).end(
        (error: unknown, answer) => (error ? reject(error as Error) : resolve(answer.body)), // what superagent fails with
      )
    })
    expect(ended).toEqual({ id: 'u_1' })
    await new Promise<void>((resolve, reject) => {
      void signed(request(app).get('/vote'), portal, ada, { now }).expect(200, (error: unknown) =>
        error ? reject(error as Error) : resolve(),
      )
    })
  })

  it('fails as supertest fails when an expectation is wrong', async () => {
    const error = await failure(signed(request(app).get('/vote'), portal, ada, { now }).expect(401))
    expect(error).toMatchObject({ message: expect.stringMatching(/^expected 401 .*, got 200 /) })
  })

  it('keeps the query, the headers and the body that the test has set, before and after', async () => {
    await served(echo, async (port) => {
      const test = request(`http://127.0.0.1:${port}`)
        .post('/vote?a=%2F+b')
        .set('X-One', '1')
        .query({ c: 'd e' })
      const { body } = await signed(test, portal, ada, { now })
        .set('X-Two', '2')
        .query('f=g+h')
        .send({ choice: 'tea' })
      const { url, rawHeaders, body: sent } = body as Echo
      expect(url).toMatch(/^\/vote\?a=%2F\+b&f=g\+h&token=[\w=-]+\.[0-9a-f]{64}&c=d%20e$/)
      expect(rawHeaders).toEqual(expect.arrayContaining(['X-One', '1', 'X-Two', '2']))
      expect(Buffer.from(sent, 'hex').toString()).toBe('{"choice":"tea"}')
    })
  })

  it('keeps a type of the test’s own beside a signed body', async () => {
    await served(echo, async (port) => {
      const test = request(`http://127.0.0.1:${port}`)
        .post('/')
        .type('application/json; charset=utf-8')
      const { body } = await signed(test, message, ada, { now })
      const { rawHeaders, body: sent } = body as Echo
      expect(rawHeaders.filter((each) => each.startsWith('application/json'))).toEqual([
        'application/json; charset=utf-8',
      ])
      expect(Buffer.from(sent, 'hex').toString()).toBe('{"email":"ada@example.com"}')
    })
  })

  it('signs when the request is sent, not before', async () => {
    let time = NOW - 100 * 86_400_000
    const pending = signed(request(app).get('/vote'), portal, ada, { now: () => time })
    time = NOW
    await pending.expect(200)
  })

  it('signs once, though the answer sends the request on', async () => {
    const link = harlyy({ secret: testSecret('redirected') })
    const other = guarded('Express 5', link)
    const redirecting = express().get('/from', (req, res) =>
      res.redirect(307, req.originalUrl.replace('/from', '/to')),
    )
    redirecting.use(other)
    await signed(request(redirecting).get('/from').redirects(1), link, {}, { now }).expect(200)
  })

  it('puts it where it is told to, in place of what the test had there', async () => {
    const both = guarded('Koa 3', portal, { bearer: true })
    const test = request(both).get('/vote').set('authorization', 'Bearer of-someone-else')
    await signed(test, portal, ada, { now, carrier: 'bearer' }).expect(200)
  })

  it('works with what an agent adds', async () => {
    const agent = request.agent(app).set('X-Agent', 'yes')
    await signed(agent.get('/vote'), portal, ada, { now }).expect(200)
  })

  it('signs one request for two portals', async () => {
    const link = harlyy({ secret: testSecret('both') })
    await served(echo, async (port) => {
      const test = request(`http://127.0.0.1:${port}`).get('/')
      const { body } = await signed(signed(test, portal, ada, { now }), link, {}, { now })
      expect((body as Echo).url).toMatch(/[?&]token=.*[?&]sig=|[?&]sig=.*[?&]token=/)
    })
  })

  it('refuses a body beside one that is to be signed, at once where it is there', () => {
    const post = () => request(NOWHERE).post('/')
    const refused = (pending: Parameters<typeof signed>[0]) =>
      expect(() => signed(pending, message, ada)).toThrow(
        expect.objectContaining({
          name: 'ConfigError',
          message: expect.stringContaining('.send()'),
        }),
      )
    refused(post().send({ choice: 'tea' }))
    refused(post().send('text'))
    refused(post().field('choice', 'tea'))
  })

  it('refuses one that comes later when the request is sent', async () => {
    const later = signed(request(app).post('/'), message, ada, { now }).send({ choice: 'tea' })
    expect(await failure(later)).toBeInstanceOf(ConfigError)
  })

  it('lets a body of the test’s own be, where the signed one travels in the query', async () => {
    await served(echo, async (port) => {
      const test = request(`http://127.0.0.1:${port}`).post('/').send({ choice: 'tea' })
      const { body } = await signed(test, message, ada, { now, carrier: 'parameter' })
      expect((body as Echo).url).toMatch(/^\/\?data=/)
      expect(Buffer.from((body as Echo).body, 'hex').toString()).toBe('{"choice":"tea"}')
    })
  })

  it('fails the request for a user that cannot be signed, or a mistake of the test', async () => {
    const nobody = await failure(signed(request(app).get('/'), portal, { id: '' }))
    expect(isRejection(nobody) && nobody.code).toBe('user_invalid')
    const impossible = await failure(
      signed(request(app).get('/'), portal, ada, { defect: 'algNone' }),
    )
    expect(impossible).toBeInstanceOf(ConfigError)
    const pending = request(app).get('/')
    const ended = await new Promise((resolve) => {
      signed(pending, portal, { id: '' }).end(resolve)
    })
    expect(isRejection(ended)).toBe(true)
    const { _server: server } = pending as { readonly _server?: Server } // of supertest's own making
    expect(server?.listening ?? false).toBe(false)
  })

  it('refuses what takes two requests, and says so', async () => {
    const link = harlyy({ secret })
    const error = await failure(signed(request(app).post('/'), link, {}, { defect: 'replayed' }))
    expect(error).toMatchObject({
      reason: 'option_invalid',
      message: expect.stringContaining('nonce'),
    })
  })

  it('uses a link twice where two requests have one nonce', async () => {
    const link = harlyy({ secret: testSecret('twice') })
    const survey = guarded('Express 5', link)
    const once = () => signed(request(survey).post('/'), link, {}, { now, nonce: 'n_1' })
    await once().expect(200)
    const { body } = (await once().expect(401)) as { readonly body: { readonly code: string } }
    expect(body.code).toBe('token_replayed')
  })

  it('cannot be streamed: the signature would come too late', () => {
    const pending = signed(request(NOWHERE).post('/'), portal, ada)
    expect(() => pending.write('x')).toThrow(ConfigError)
    expect(() => pending.pipe(new PassThrough())).toThrow(ConfigError)
  })
})
