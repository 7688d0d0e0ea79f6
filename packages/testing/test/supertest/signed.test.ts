import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { isRejection } from '@countersign/core'
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
import { FRAMEWORKS, guarded } from '../support/apps'
import { NAMES, NOW, now, sample, secret, type SampleName } from '../support/samples'
import { echo, type Echo } from '../http/echo'

const ada = { id: 'u_1', email: 'ada@example.com' }
const portal = featkit({ secret })
const messages = fdback({ secret })
const surveys = harlyy({ secret })
const app = guarded('Express 5', portal)
const nowhere = 'http://127.0.0.1:9' // for what is never sent

let server: Server
let origin: string
beforeAll(() => {
  server = createServer(echo).listen(0)
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP
})
afterAll(() => server.close())

/** What arrived at the server. */
const arrived = async (pending: PromiseLike<{ readonly body: unknown }>) =>
  (await pending).body as Echo
const headersOf = ({ rawHeaders }: Echo) =>
  rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]] as const] : []))

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
    for (const defect of [undefined, ...firsts(name)]) {
      const options = { now, nonce: 'n/1+~ü', defect }
      const { query, headers, body } = (await mint(own, user, options)).request
      const got = await arrived(signed(request(origin).post('/vote'), own, user, options))
      const names = headers.map(([sent]) => sent.toLowerCase())
      expect({
        url: got.url,
        body: got.body,
        headers: headersOf(got).filter(([each]) => names.includes(each.toLowerCase())),
      }).toEqual({
        url: query === '' ? '/vote' : `/vote?${query}`,
        body: Buffer.from(body ?? '').toString('hex'),
        headers: [...headers],
      })
    }
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
    const test = request(origin).post('/vote?a=%2F+b').set('X-One', '1').query({ c: 'd e' })
    const both = signed(test, portal, ada, { now }).query('f=g+h').send({ choice: 'tea' })
    const { url, rawHeaders, body } = await arrived(both)
    expect(url).toMatch(/^\/vote\?a=%2F\+b&f=g\+h&token=[\w=-]+\.[0-9a-f]{64}&c=d%20e$/)
    expect(rawHeaders).toContain('X-One')
    expect(Buffer.from(body, 'hex').toString()).toBe('{"choice":"tea"}')
    const type = 'application/json; charset=utf-8'
    const typed = signed(request(origin).post('/').type(type), messages, ada, { now })
    const message = await arrived(typed)
    expect(message.rawHeaders.filter((it) => it.startsWith('application/json'))).toEqual([type])
    expect(Buffer.from(message.body, 'hex').toString()).toBe('{"email":"ada@example.com"}')
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
    const once = signed(request(origin).get('/'), portal, ada, { now })
    const { url } = await arrived(signed(once, surveys, {}, { now }))
    expect(url).toMatch(/[?&]token=.*[?&]sig=|[?&]sig=.*[?&]token=/)
  })

  it('has no body beside one that is signed, before or when it is sent', async () => {
    const post = () => request(nowhere).post('/')
    for (const pending of [post().send({ a: 1 }), post().send('text'), post().field('a', 'b')]) {
      expect(() => signed(pending, messages, ada)).toThrow('.send()')
    }
    const later = signed(post(), messages, ada, { now }).send({ choice: 'tea' })
    await expect(Promise.resolve(later)).rejects.toThrow('.send()')
    const beside = { now, carrier: 'parameter' } as const
    await signed(request(app).post('/'), messages, ada, beside).send({ choice: 'tea' })
  })

  it('fails for a user that cannot be signed, or a mistake of the test', async () => {
    const pending = request(app).get('/')
    const ended = await new Promise((resolve) => {
      signed(pending, portal, { id: '' }).end(resolve)
    })
    expect(isRejection(ended)).toBe(true)
    const { _server: own } = pending as { readonly _server?: Server } // of supertest's own making
    expect(own?.listening ?? false).toBe(false)
    const wrong = signed(request(app).get('/'), portal, ada, { defect: 'algNone' })
    await expect(Promise.resolve(wrong)).rejects.toThrow('cannot have the defect')
    const twice = signed(request(app).post('/'), surveys, {}, { defect: 'replayed' })
    await expect(Promise.resolve(twice)).rejects.toThrow('nonce')
    const streamed = signed(request(nowhere).post('/'), portal, ada)
    expect(() => streamed.write('x')).toThrow('cannot be streamed')
    expect(() => streamed.pipe(new PassThrough())).toThrow('cannot be streamed')
  })

  it('of a stranger has none of the headers of the portals that are named, and all others', async () => {
    const agent = request.agent(origin).set('Authorization', 'Bearer x')
    const test = () => agent.post('/vote?page=2').set('X-Signature', 'aa').set('X-Other', 'kept')
    const stranger = asStranger(test(), portal, messages, sample('acme').portal)
    const got = await arrived(stranger.set('X-WORKSPACE-ID', 'ws_demo').set('X-Acme-User', 'x'))
    const namesOf = (each: Echo) => headersOf(each).map(([name]) => name.toLowerCase())
    expect([got.url, namesOf(got).includes('x-other')]).toEqual(['/vote?page=2', true])
    const gone = ['authorization', 'x-signature', 'x-workspace-id', 'x-acme-user']
    expect(namesOf(got).filter((name) => gone.includes(name))).toEqual([])
    expect(namesOf(await arrived(asStranger(test(), portal)))).toContain('x-signature')
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

  it.each([{ defect: 'expired' }, { expiresIn: 60 }] as const)(
    'is minted with %j',
    async (given) => {
      const { query } = (await mint(portal, ada, { now, ...given })).request
      expect(await signedLink(portal, ada, { now, path: '/', ...given })).toBe(`/?${query}`)
    },
  )

  it('is the page alone where the credential is missing', async () => {
    expect(await signedLink(portal, ada, { path: '/', defect: 'missing' })).toBe('/')
  })

  it.each<[string, () => Promise<string>, string]>([
    ['has no path of its own', () => signedLink(portal, ada), 'slug'],
    ['is a header', () => signedLink(sample('acme').portal, sample('acme').user), 'signed('],
    ['has a wrong header', () => linkWith(portal, 'emptyBearer'), 'signed('],
    ['is to be used twice', () => linkWith(surveys, 'replayed'), 'sign twice'],
  ])('cannot be made for what %s', async (_, work, hint) => {
    await expect(work()).rejects.toThrow(hint)
  })
})

const linkWith = (own: typeof portal | typeof surveys, defect: Defect) =>
  signedLink(own, ada as never, { path: '/', defect }) // each takes such a user
