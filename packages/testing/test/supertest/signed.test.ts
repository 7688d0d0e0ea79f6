import { PassThrough } from 'node:stream'
import type { Server } from 'node:http'
import { ConfigError, isRejection } from '@countersign/core'
import { fdback, featkit, harlyy } from '@countersign/core/schemes'
import { DEFECTS, defectsFor, mint, signed, testSecret, type Defect } from '@countersign/testing'
import express from 'express'
import supertest7 from 'supertest'
import supertest6 from 'supertest6'
import { FRAMEWORKS, guarded, served } from '../support/apps'
import { NAMES, NOW, now, sample, secret, type SampleName } from '../support/samples'
import { echo, type Echo } from '../http/echo'

const ada = { id: 'u_1', email: 'ada@example.com' }
const portal = featkit({ secret })
const messages = fdback({ secret })
/** For what is never sent. */
const NOWHERE = 'http://127.0.0.1:9'
const app = guarded('Express 5', portal)

const failure = (pending: PromiseLike<unknown>): PromiseLike<unknown> =>
  pending.then(
    () => 'nothing failed',
    (error: unknown) => error,
  )

/** The first of each code that one request shows, and that is the same each time. */
function firsts(name: SampleName): readonly Defect[] {
  const { portal: own, guard } = sample(name)
  const all = defectsFor(own, guard).filter((it) => it !== 'replayed' && it !== 'algEs256')
  const codes = all.map((defect) => DEFECTS[defect].code)
  return all.filter((_, index) => codes.indexOf(codes[index]!) === index)
}

describe.each([
  ['6', supertest6],
  ['7', supertest7],
] as const)('signing a request of supertest %s', (_, request) => {
  it.each(FRAMEWORKS)('gets it into an app of %s', async (framework) => {
    const { portal: own, user, guard } = sample('fdback')
    const guardedApp = guarded(framework, own, guard)
    await signed(request(guardedApp).post('/vote'), own, user, { now }).expect(200)
    await request(guardedApp).post('/vote').expect(401)
  })

  it.each(NAMES)('sends what is minted for %s, byte for byte', async (name) => {
    const { portal: own, user } = sample(name)
    await served(echo, async (port) => {
      for (const defect of [undefined, ...firsts(name)]) {
        const options = { now, nonce: 'n/1+~ü', defect }
        const { query, headers, body } = (await mint(own, user, options)).request
        const test = request(`http://127.0.0.1:${port}`).post('/vote')
        const arrived = (await signed(test, own, user, options)).body as Echo
        const names = headers.map(([sent]) => sent.toLowerCase())
        const pairs = arrived.rawHeaders.flatMap((each, at, all) =>
          at % 2 === 0 && names.includes(each.toLowerCase()) ? [[each, all[at + 1]]] : [],
        )
        expect({ url: arrived.url, body: arrived.body, headers: pairs }).toEqual({
          url: query === '' ? '/vote' : `/vote?${query}`,
          body: Buffer.from(body ?? '').toString('hex'),
          headers: [...headers],
        })
      }
    })
  })

  it('returns the request, to be chained, awaited or ended like any other', async () => {
    const pending = request(app).get('/vote')
    expect(signed(pending, portal, ada, { now })).toBe(pending)
    await pending.expect(200, { id: 'u_1' })
    await new Promise<void>((resolve, reject) => {
      void signed(request(app).get('/vote'), portal, ada, { now }).expect(
        200,
        (error: unknown) => (error ? reject(error as Error) : resolve()), // what superagent fails with
      )
    })
    const error = await failure(signed(request(app).get('/vote'), portal, ada, { now }).expect(401))
    expect(error).toMatchObject({ message: expect.stringMatching(/^expected 401 .*, got 200 /) })
  })

  it('keeps the query, headers, type and body that the test has set', async () => {
    await served(echo, async (port) => {
      const test = request(`http://127.0.0.1:${port}`)
        .post('/vote?a=%2F+b')
        .set('X-One', '1')
        .query({ c: 'd e' })
      const { body } = await signed(test, portal, ada, { now })
        .query('f=g+h')
        .send({ choice: 'tea' })
      const { url, rawHeaders, body: sent } = body as Echo
      expect(url).toMatch(/^\/vote\?a=%2F\+b&f=g\+h&token=[\w=-]+\.[0-9a-f]{64}&c=d%20e$/)
      expect(rawHeaders).toContain('X-One')
      expect(Buffer.from(sent, 'hex').toString()).toBe('{"choice":"tea"}')
      const type = 'application/json; charset=utf-8'
      const typed = request(`http://127.0.0.1:${port}`).post('/').type(type)
      const message = (await signed(typed, messages, ada, { now })).body as Echo
      expect(message.rawHeaders.filter((each) => each.startsWith('application/json'))).toEqual([
        type,
      ])
      expect(Buffer.from(message.body, 'hex').toString()).toBe('{"email":"ada@example.com"}')
    })
  })

  it('signs when the request is sent, and once, although it is redirected', async () => {
    let time = NOW - 100 * 86_400_000
    const pending = signed(request(app).get('/vote'), portal, ada, { now: () => time })
    time = NOW
    await pending.expect(200)
    const link = harlyy({ secret: testSecret('redirected') })
    const redirecting = express().get('/from', (req, res) =>
      res.redirect(307, req.originalUrl.replace('/from', '/to')),
    )
    redirecting.use(guarded('Express 5', link))
    await signed(request(redirecting).get('/from').redirects(1), link, {}, { now }).expect(200)
  })

  it('replaces what the test had in its place, and works for an agent and two portals', async () => {
    const both = guarded('Koa 3', portal, { bearer: true })
    const test = request(both).get('/vote').set('authorization', 'Bearer of-someone-else')
    await signed(test, portal, ada, { now, carrier: 'bearer' }).expect(200)
    const agent = request.agent(app).set('X-Agent', 'yes')
    await signed(agent.get('/vote'), portal, ada, { now }).expect(200)
    const link = harlyy({ secret: testSecret('both') })
    await served(echo, async (port) => {
      const get = request(`http://127.0.0.1:${port}`).get('/')
      const { body } = await signed(signed(get, portal, ada, { now }), link, {}, { now })
      expect((body as Echo).url).toMatch(/[?&]token=.*[?&]sig=|[?&]sig=.*[?&]token=/)
    })
  })

  it('refuses a body beside one that is signed, before or when it is sent', async () => {
    const post = () => request(NOWHERE).post('/')
    const refused = expect.objectContaining({ message: expect.stringContaining('.send()') })
    for (const pending of [
      post().send({ choice: 'tea' }),
      post().send('text'),
      post().field('a', 'b'),
    ]) {
      expect(() => signed(pending, messages, ada)).toThrow(refused)
    }
    const later = signed(request(app).post('/'), messages, ada, { now }).send({ choice: 'tea' })
    expect(await failure(later)).toBeInstanceOf(ConfigError)
    const beside = signed(request(app).post('/'), messages, ada, { now, carrier: 'parameter' })
    expect(await failure(beside.send({ choice: 'tea' }))).toBe('nothing failed')
  })

  it('fails the request for a user that cannot be signed, or a mistake of the test', async () => {
    const pending = request(app).get('/')
    const ended = await new Promise((resolve) => {
      signed(pending, portal, { id: '' }).end(resolve)
    })
    expect(isRejection(ended)).toBe(true)
    const { _server: server } = pending as { readonly _server?: Server } // of supertest's own making
    expect(server?.listening ?? false).toBe(false)
    const wrong = { defect: 'algNone' } as const
    expect(await failure(signed(request(app).get('/'), portal, ada, wrong))).toBeInstanceOf(
      ConfigError,
    )
    const twice = signed(request(app).post('/'), harlyy({ secret }), {}, { defect: 'replayed' })
    expect(await failure(twice)).toMatchObject({ message: expect.stringContaining('nonce') })
    const streamed = signed(request(NOWHERE).post('/'), portal, ada)
    expect(() => streamed.write('x')).toThrow(ConfigError)
    expect(() => streamed.pipe(new PassThrough())).toThrow(ConfigError)
  })

  it('uses a link twice where two requests have one nonce', async () => {
    const link = harlyy({ secret: testSecret(`twice ${_}`) })
    const survey = guarded('Express 5', link)
    const once = () => signed(request(survey).post('/'), link, {}, { now, nonce: 'n_1' })
    await once().expect(200)
    await once().expect(401, /token_replayed/)
  })
})
