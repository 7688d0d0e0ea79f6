import { PassThrough } from 'node:stream'
import type { Server } from 'node:http'
import { createVerifier, isRejection } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import {
  asStranger,
  DEFECTS,
  defectsFor,
  mint,
  signed,
  signedLink,
  testSecret,
  type Defect,
} from '@countersign/testing'
import express from 'express'
import supertest7 from 'supertest'
import supertest6 from 'supertest6'
import { viewOf } from '../../src/minting/request'
import { FRAMEWORKS, guarded, served } from '../support/apps'
import { NAMES, NOW, now, sample, secret, type SampleName } from '../support/samples'
import { echo, type Echo } from '../http/echo'

const ada = { id: 'u_1', email: 'ada@example.com' }
const portal = featkit({ secret })
const messages = fdback({ secret })
/** For what is never sent. */
const NOWHERE = 'http://127.0.0.1:9'
const app = guarded('Express 5', portal)

/** The first of each code that one request shows, and that is the same each time. */
function firsts(name: SampleName): readonly Defect[] {
  const { portal: own, guard } = sample(name)
  const all = defectsFor(own, guard).filter((it) => it !== 'replayed')
  const codes = all.map((defect) => DEFECTS[defect].code)
  return all.filter((_, index) => codes.indexOf(codes[index]!) === index)
}

describe.each([
  ['6', supertest6],
  ['7', supertest7],
] as const)('a request of supertest %s', (_, request) => {
  it.each(FRAMEWORKS)('that is signed gets into an app of %s', async (framework) => {
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

  it('is chained, awaited or ended like any other, and fails as any other', async () => {
    const pending = request(app).get('/vote')
    expect(signed(pending, portal, ada, { now })).toBe(pending)
    await pending.expect(200, { id: 'u_1' })
    const test = signed(request(app).get('/vote'), portal, ada, { now })
    const error = await new Promise((resolve) => void test.expect(200, resolve))
    expect(error).toBeNull()
    const refused = signed(request(app).get('/vote'), portal, ada, { now }).expect(401)
    await expect(Promise.resolve(refused)).rejects.toThrow(/^expected 401 .*, got 200 /)
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
      const types = message.rawHeaders.filter((each) => each.startsWith('application/json'))
      expect(types).toEqual([type])
      expect(Buffer.from(message.body, 'hex').toString()).toBe('{"email":"ada@example.com"}')
    })
  })

  it('is signed when it is sent, and once, although it is redirected', async () => {
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

  it('has no body beside one that is signed, before or when it is sent', async () => {
    const post = () => request(NOWHERE).post('/')
    for (const pending of [post().send({ a: 1 }), post().send('text'), post().field('a', 'b')]) {
      expect(() => signed(pending, messages, ada)).toThrow('.send()')
    }
    const test = () => request(app).post('/')
    const later = signed(test(), messages, ada, { now }).send({ choice: 'tea' })
    await expect(Promise.resolve(later)).rejects.toThrow('.send()')
    const beside = { now, carrier: 'parameter' } as const
    await signed(test(), messages, ada, beside).send({ choice: 'tea' })
  })

  it('fails for a user that cannot be signed, or a mistake of the test', async () => {
    const pending = request(app).get('/')
    const ended = await new Promise((resolve) => {
      signed(pending, portal, { id: '' }).end(resolve)
    })
    expect(isRejection(ended)).toBe(true)
    const { _server: server } = pending as { readonly _server?: Server } // of supertest's own making
    expect(server?.listening ?? false).toBe(false)
    const wrong = signed(request(app).get('/'), portal, ada, { defect: 'algNone' })
    await expect(Promise.resolve(wrong)).rejects.toThrow('cannot have the defect')
    const twice = signed(request(app).post('/'), harlyy({ secret }), {}, { defect: 'replayed' })
    await expect(Promise.resolve(twice)).rejects.toThrow('nonce')
    const streamed = signed(request(NOWHERE).post('/'), portal, ada)
    expect(() => streamed.write('x')).toThrow('cannot be streamed')
    expect(() => streamed.pipe(new PassThrough())).toThrow('cannot be streamed')
  })

  it('uses a link twice where two requests have one nonce', async () => {
    const link = harlyy({ secret: testSecret(`twice ${_}`) })
    const survey = guarded('Express 5', link)
    const once = () => signed(request(survey).post('/'), link, {}, { now, nonce: 'n_1' })
    await once().expect(200)
    await once().expect(401, /token_replayed/)
  })

  it('of a stranger has none of the headers of the portals that are named, and all others', async () => {
    await served(echo, async (port) => {
      const agent = request.agent(`http://127.0.0.1:${port}`).set('Authorization', 'Bearer x')
      const test = () => agent.post('/vote?page=2').set('X-Signature', 'aa').set('X-Other', 'kept')
      const stranger = asStranger(test(), portal, messages, sample('acme').portal)
      const { body } = await stranger.set('X-WORKSPACE-ID', 'ws_demo').set('X-Acme-User', 'x')
      const namesOf = (each: unknown) => (each as Echo).rawHeaders.map((it) => it.toLowerCase())
      expect((body as Echo).url).toBe('/vote?page=2')
      expect(namesOf(body)).toContain('x-other')
      for (const name of ['authorization', 'x-signature', 'x-workspace-id', 'x-acme-user']) {
        expect(namesOf(body)).not.toContain(name)
      }
      expect(namesOf((await asStranger(test(), portal)).body)).toContain('x-signature')
    })
  })
})

describe('a signed link', () => {
  it.each(NAMES.filter((name) => name !== 'acme'))(
    'opens the page of an app of %s',
    async (name) => {
      const { portal: own, user, guard } = sample(name)
      const link = await signedLink(own, user, { now, path: '/vote' })
      expect(link).toMatch(/^\/vote\?[\w]+=[\w%.=-]+$/)
      await supertest7(guarded('Koa 3', own, guard))
        .get(link)
        .expect(200)
    },
  )

  it('has the path of the portal’s own links by default', async () => {
    const baseUrl = 'https://self.example/feedback/'
    const hosted = seggwat({ secret, projectKey: 'abc123', baseUrl })
    expect(await signedLink(hosted, ada)).toMatch(/^\/feedback\/p\/abc123\?token=/)
    const own = await signedLink(hosted, ada, { path: '/vote?idea=7' })
    expect(own).toMatch(/^\/vote\?idea=7&token=/)
    const message = fdback({ secret, workspaceId: 'ws_demo' })
    expect(await signedLink(message, ada)).toMatch(/^\/api\/auth\/sdk-login\?data=/)
  })

  it('has the defect and the lifetime that it is given', async () => {
    const codeAt = async (options: object, time = NOW) => {
      const link = await signedLink(portal, ada, { now, path: '/', ...options })
      const request = { method: 'GET', query: link.slice(2), headers: [] }
      const result = await createVerifier(portal, { now: () => time }).verify(viewOf(request))
      return result.ok ? null : result.error.code
    }
    expect(await codeAt({ defect: 'expired' })).toBe('token_expired')
    expect(await codeAt({ expiresIn: 60 }, NOW + 59_999)).toBeNull()
    expect(await codeAt({ expiresIn: 60 }, NOW + 60_000)).toBe('token_expired')
    expect(await signedLink(portal, ada, { path: '/', defect: 'missing' })).toBe('/')
  })

  it.each<[string, () => Promise<string>, string]>([
    ['has no path of its own', () => signedLink(portal, ada), 'slug'],
    [
      'travels in a header',
      () => signedLink(sample('acme').portal, sample('acme').user),
      'signed(',
    ],
    [
      'has its defect in a header',
      () => signedLink(portal, ada, { path: '/', defect: 'emptyBearer' }),
      'signed(',
    ],
    [
      'is to be used twice',
      () => signedLink(harlyy({ secret }), {}, { path: '/', defect: 'replayed' }),
      'sign twice',
    ],
  ])('cannot be made for what %s', async (_, work, hint) => {
    await expect(work()).rejects.toThrow(hint)
  })
})
