import { memoryReplayStore, type Portal } from '@countersign/core'
import { keepRawBody, requireSignedUser } from '@countersign/express'
import { fdback, featkit, harlyy, seggwat } from '@countersign/schemes'
import { portalCases, type CaseResponse } from '@countersign/testing'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { failingIds, findingsOf } from '../support/failing'
import { now, sample, secret } from '../support/mint-portals'

const answer: RequestHandler = (req, res) => void res.json({ id: req.portalUser?.id ?? null })
const whoami = ({ body }: CaseResponse): unknown => (body as { readonly id?: unknown }).id
const app = (): Express => express().set('env', 'test')

const featkits = featkit({ secret })
const seggwats = seggwat({ secret, projectKey: 'abc123' })
const surveys = () => harlyy({ secret })
const messages = () => fdback({ secret, workspaceId: 'ws_demo' })

describe('a sound app', () => {
  it('that lets strangers in passes with `mode: "optional"`', async () => {
    for (const name of ['FeatKit', 'Harlyy', 'fdback', 'acme'] as const) {
      const { portal, user, guard } = sample(name)
      const options = { ...guard, now, mode: 'optional' } as const
      const cases = portalCases(portal, '/vote', { ...options, user, whoami })
      const open = app().use(requireSignedUser(portal, options), answer)
      expect(await failingIds(cases, open)).toEqual([])
      expect(cases.map(({ id }) => id)).toContain('who-is-nobody')
    }
  })

  it('that has an error format of its own passes with `rejections: "forward"`', async () => {
    const own: ErrorRequestHandler = (error, _req, res, _next) => {
      res.status(error.status ?? 500).json({ oops: true })
    }
    const options = { now, rejections: 'forward' } as const
    const open = app().use(requireSignedUser(featkits, options), answer).use(own)
    expect(await failingIds(portalCases(featkits, '/vote', options), open)).toEqual([])
    expect(await failingIds(portalCases(featkits, '/vote', { now, codes: false }), open)).toEqual(
      [],
    )
    const strict = await failingIds(portalCases(featkits, '/vote', { now }), open)
    expect(strict).toEqual(expect.arrayContaining(['missing', 'expired', 'refusal-document']))
  })

  it('that leaves errors to Express passes with `rejections: "forward"` and `codes: false`', async () => {
    const options = { now, rejections: 'forward' } as const
    const written = jest.spyOn(console, 'error').mockImplementation() // Express tells of each error
    const open = express()
      .set('env', 'production')
      .use(requireSignedUser(seggwats, options), answer)
    expect(await failingIds(portalCases(seggwats, '/vote', options), open)).toEqual([])
    expect(written).toHaveBeenCalled()
    written.mockRestore()
  })

  it('that needs an API key and a body passes with `headers` and `body`', async () => {
    const needy: RequestHandler = (req, res, next) =>
      req.get('x-api-key') === 'k1' ? next() : void res.sendStatus(403)
    const picky: RequestHandler = (req, res, next) =>
      req.body?.vote === 1 ? next() : void res.status(422).json({ error: 'no vote' })
    const portal = surveys()
    const open = app()
      .use(needy, requireSignedUser(portal, { now }), express.json())
      .post('/vote', picky, answer)
      .get('/vote', answer)
    const options = { now, headers: { 'X-Api-Key': 'k1' }, body: { vote: 1 } }
    expect(await failingIds(portalCases(portal, '/vote', options), open)).toEqual([])
    const listed = { ...options, headers: [['x-api-key', 'k1']] as const, body: '{"vote":1}' }
    expect(await failingIds(portalCases(portal, '/vote', listed), open)).toEqual([])
    const bare = await findingsOf(portalCases(portal, '/vote', { now }), open)
    expect(bare['signed-user']?.means).toMatch(/something in front has answered/)
  })

  it.each([
    ['express.json() that keeps the bytes', express.json({ verify: keepRawBody })],
    ['express.raw()', express.raw({ type: '*/*' })],
    ['express.text()', express.text({ type: '*/*' })],
  ])('that reads bodies with %s before the guard passes', async (_, parser) => {
    const portal = messages()
    const open = app().use(parser, requireSignedUser(portal, { now }), answer)
    expect(await failingIds(portalCases(portal, '/vote', { now, whoami }), open)).toEqual([])
  })

  it('that takes bodies, and links beside them, passes', async () => {
    const portal = surveys()
    const parsers = [express.json(), express.urlencoded({ extended: true })]
    const open = app().use(parsers, requireSignedUser(portal, { now }), answer)
    const cases = portalCases(portal, '/vote', { now })
    expect(await failingIds(cases, open)).toEqual([])
    expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining(['json-body', 'form-body']))
  })

  it('whose handlers answer 204, or send elsewhere, passes', async () => {
    const guard = requireSignedUser(featkits, { now })
    const silent = app().get('/vote', guard, (_req, res) => void res.sendStatus(204))
    const elsewhere = app().get('/vote', guard, (_req, res) => res.redirect('/thanks'))
    for (const open of [silent, elsewhere]) {
      expect(await failingIds(portalCases(featkits, '/vote', { now }), open)).toEqual([])
    }
  })

  it('that shows a page for every path there is not passes', async () => {
    const open = app()
      .get('/vote', requireSignedUser(featkits, { now }), answer)
      .use((req, res) => void res.send(`<p>welcome to ${req.path.length}</p>`))
    expect(await failingIds(portalCases(featkits, '/vote', { now }), open)).toEqual([])
  })

  it('that reserves while it works passes with `consume: { lease }`', async () => {
    const portal = surveys()
    const options = { now, consume: { lease: 30 }, replayStore: memoryReplayStore({ now }) }
    const open = app().use(requireSignedUser(portal, options), answer)
    expect(await failingIds(portalCases(portal, '/vote', options), open)).toEqual([])
  })

  it('that says itself when a link is used passes with `consume: "manual"`', async () => {
    const portal = surveys()
    const options = { now, consume: 'manual' } as const
    const using: RequestHandler = (req, res, next) => {
      req.portalAuth!.consume().then(() => next(), next)
    }
    const refused: ErrorRequestHandler = (error, _req, res, _next) => {
      const { status, code, headers } = error
      res.status(status).set(headers).set('cache-control', 'no-store')
      res.json({ type: 'urn:x', title: 'Used', status, code })
    }
    const open = app().post('/vote', requireSignedUser(portal, options), using, answer).use(refused)
    expect(await failingIds(portalCases(portal, '/vote', options), open)).toEqual([])
  })

  it('that only shows one-time links passes with the method GET', async () => {
    const portal = surveys()
    const open = app().get('/vote', requireSignedUser(portal, { now }), answer)
    const cases = portalCases(portal, '/vote', { now, method: 'GET' })
    expect(await failingIds(cases, open)).toEqual([])
    expect(cases.map(({ id }) => id)).toContain('looked-at-twice')
    expect(cases.map(({ id }) => id)).not.toContain('replayed')
  })

  it('that has one guard for several portals passes with the cases of each', async () => {
    const portals: readonly Portal[] = [
      featkit({ secret: `${secret}-1` }),
      seggwat({ secret: `${secret}-2`, projectKey: 'abc123', mode: 'jwt' }),
      harlyy({ secret: `${secret}-3` }),
      fdback({ secret: `${secret}-4`, workspaceId: 'ws_demo' }),
    ]
    const open = app().use(requireSignedUser(portals, { now }), answer)
    for (const portal of portals) {
      expect(await failingIds(portalCases(portal, '/vote', { now }), open)).toEqual([])
    }
  })

  it('that serves many tenants passes with `tenant`', async () => {
    const portal = seggwat({ secret: ({ tenant }) => (tenant === 't1' ? secret : null) })
    const open = app().use(requireSignedUser(portal, { now, tenant: () => 't1' }), answer)
    const cases = portalCases(portal, '/vote', { now, tenant: 't1', whoami })
    expect(await failingIds(cases, open)).toEqual([])
  })

  it('of several processes that share a store passes with `also`', async () => {
    const portal = surveys()
    const replayStore = memoryReplayStore({ now })
    const process = (): Express =>
      app().use(requireSignedUser(portal, { now, replayStore }), answer)
    const cases = portalCases(portal, '/vote', { now, also: [process(), process()] })
    expect(await failingIds(cases, process())).toEqual([])
    expect(cases.map(({ id }) => id)).toContain('used-elsewhere')
    const links = portalCases(featkits, '/vote', { now, also: [process()] })
    expect(links.map(({ id }) => id)).toContain('everywhere')
  })
})
