import { createServer, type RequestListener } from 'node:http'
import { memoryReplayStore, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { keepRawBody, requireSignedUser } from '@countersign/express'
import { portalCases, type CaseResponse } from '@countersign/testing'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import request from 'supertest'
import { answer, app5, guarded, served } from '../support/apps'
import { expectMostPass, findingsOf } from '../support/findings'
import { now, sample, secret, type SampleName } from '../support/samples'
import { stamp } from '../support/schemes'

const whoami = ({ body }: CaseResponse): unknown => (body as { readonly id?: unknown }).id
const links = featkit({ secret })
const surveys = () => harlyy({ secret })
const idsOf = (cases: readonly { readonly id: string }[]) => cases.map(({ id }) => id)
const guardOf = (portal: Portal, options: object = {}) =>
  requireSignedUser(portal, { now, ...options }) as unknown as RequestHandler // its locals are narrower

/** One for each way in which credentials travel. */
const FEW: readonly SampleName[] = ['FeatKit', 'Harlyy', 'fdback', 'acme']

describe('the cases pass', () => {
  it.each<SampleName>(['FeatKit', 'fdback'])(
    'through an agent and a base URL for %s',
    async (name) => {
      const { portal, user, guard } = sample(name)
      const app = guarded('Express 5', portal, guard)
      const cases = portalCases(portal, '/vote?lang=en', { ...guard, now, user })
      await expectMostPass(cases, request.agent(app))
      await served(express().use('/prefix', app), async (port) => {
        await expectMostPass(cases, new URL(`http://127.0.0.1:${port}/prefix/`))
      })
      await expectMostPass(portalCases(portal, '/', { ...guard, now, user }), app)
    },
  )

  it('with a clock that goes on while credentials are made', async () => {
    const { portal, user, guard } = sample('fdback')
    let time = now() - 2_000 // the app is a little ahead
    const ticking = () => time++
    const cases = portalCases(portal, '/vote', { ...guard, now: ticking, user, whoami })
    await expectMostPass(cases, guarded('Express 5', portal, guard))
  })

  it.each(FEW)('with `mode: "optional"` for %s', async (name) => {
    const { portal, user, guard } = sample(name)
    const options = { ...guard, now, mode: 'optional' } as const
    const cases = portalCases(portal, '/vote', { ...options, user, whoami })
    await expectMostPass(cases, guarded('Express 5', portal, options))
    expect(idsOf(cases)).toContain('who-is-it')
  })

  it('with answers of the app’s own, by `rejections: "forward"` or `codes: false`', async () => {
    const own: ErrorRequestHandler = (error, _req, res, _next) => {
      res.status(error.status ?? 500).json({ oops: true })
    }
    const options = { now, rejections: 'forward' } as const
    const app = app5().use(guardOf(links, options), answer, own)
    await expectMostPass(portalCases(links, '/vote', options), app)
    await expectMostPass(portalCases(links, '/vote', { now, codes: false }), app)
    const strict = await findingsOf(portalCases(links, '/vote', { now }), app)
    expect(Object.keys(strict)).toEqual(expect.arrayContaining(['missing', 'expired']))
  })

  it('with `headers` and `body` that the app needs', async () => {
    const needy: RequestHandler = (req, res, next) =>
      req.get('x-api-key') === 'k1' ? next() : void res.sendStatus(403)
    const picky: RequestHandler = (req, res, next) =>
      req.body?.vote === 1 ? next() : void res.status(422).json({ error: 'no vote' })
    const portal = surveys()
    const app = app5().use(needy, guardOf(portal), express.json(), picky, answer)
    const headers = new Headers({ 'x-api-key': 'k1' })
    const cases = portalCases(portal, '/vote', { now, headers, body: { vote: 1 } })
    const wanted = await findingsOf(cases, app)
    expect(wanted).toEqual({})
    const without = await findingsOf(portalCases(portal, '/vote', { now }).slice(0, 1), app)
    expect(without['signed-user']?.means).toMatch(/before the guard or endpoint has answered/)
  })

  it.each([
    ['express.json() that keeps the bytes', express.json({ verify: keepRawBody })],
    ['express.raw()', express.raw({ type: '*/*' })],
    ['express.text()', express.text({ type: '*/*' })],
  ])('where %s reads the body before the guard', async (_, parser) => {
    const portal = fdback({ secret, workspaceId: 'ws_demo' })
    const cases = portalCases(portal, '/vote', { now, whoami })
    await expectMostPass(cases, app5().use(parser, guardOf(portal), answer))
  })

  it('where handlers answer 204, or redirect to another page', async () => {
    const silent = app5().get('/vote', guardOf(links), (_req, res) => void res.sendStatus(204))
    const elsewhere = app5().get('/vote', guardOf(links), (_req, res) => res.redirect('/thanks'))
    for (const app of [silent, elsewhere])
      await expectMostPass(portalCases(links, '/vote', { now }), app)
  })

  it('where every unknown path has a page, in HTML or in JSON that names the path', async () => {
    for (const page of [
      (path: string) => `<p>welcome to ${path.length}</p>`,
      (path: string) => ({ welcome: path }),
    ]) {
      const app = app5().get('/vote', guardOf(links), answer)
      app.use((req, res) => void res.send(page(req.path)))
      await expectMostPass(portalCases(links, '/vote', { now }), app)
    }
  })

  it('where each connection is closed after an answer, or after one request', async () => {
    const inner = guarded('Express 5', links)
    const closing: RequestListener = (req, res) => {
      res.setHeader('connection', 'close')
      inner(req, res)
    }
    const single = Object.assign(createServer(inner), { maxRequestsPerSocket: 1 })
    for (const app of [closing, single]) {
      await expectMostPass(portalCases(links, '/vote', { now, whoami }), app)
    }
  })

  it('where visitors get a page or a 403 of the app’s own, by `acceptRefusal`', async () => {
    const login: ErrorRequestHandler = (error, _req, res, _next) =>
      error.code === 'credential_missing' ? res.redirect('/login') : res.sendStatus(error.status)
    const app = app5().use(guardOf(links, { rejections: 'forward' }), answer, login)
    const acceptRefusal = ({ headers }: CaseResponse) => headers['location'] === '/login'
    const options = { now, rejections: 'forward', acceptRefusal } as const
    await expectMostPass(portalCases(links, '/vote', options), app)
  })

  it('where another method is public, by `publicMethods`', async () => {
    const app = app5().get('/vote', guardOf(links), answer)
    app.post('/vote', (_req, res) => void res.send('a form that anyone may post'))
    const cases = (publicMethods: readonly string[]) =>
      portalCases(links, '/vote', { now, publicMethods })
    await expectMostPass(cases(['POST']), app)
    expect(Object.keys(await findingsOf(cases([]), app))).toEqual(['ways-around'])
  })

  it('where a page with a form is public before a guarded POST', async () => {
    const portal = surveys()
    const app = app5()
      .get('/vote', (_req, res) => void res.send('<form>'))
      .post('/vote', guardOf(portal), answer)
    await expectMostPass(portalCases(portal, '/vote', { now }), app)
  })

  it('with `consume: { lease }`, and with `consume: "manual"`', async () => {
    const portal = surveys()
    const lease = { now, consume: { lease: 30 }, replayStore: memoryReplayStore({ now }) }
    await expectMostPass(
      portalCases(portal, '/vote', lease),
      app5().use(guardOf(portal, lease), answer),
    )
    const options = { now, consume: 'manual' } as const
    const using: RequestHandler = (req, _res, next) =>
      void req.portalAuth!.consume().then(() => next(), next)
    const refused: ErrorRequestHandler = (error, _req, res, _next) => {
      const { status, code, headers } = error
      res.status(status).set(headers).set('cache-control', 'no-store')
      res.json({ type: 'urn:x', title: 'Used', status, code })
    }
    const app = app5().post('/vote', guardOf(portal, options), using, answer).use(refused)
    await expectMostPass(portalCases(portal, '/vote', options), app)
  })

  it('with the method GET for one-time links that are only shown', async () => {
    const portal = surveys()
    const cases = portalCases(portal, '/vote', { now, method: 'GET' })
    await expectMostPass(cases, app5().get('/vote', guardOf(portal), answer))
    expect(idsOf(cases)).toContain('twice')
    expect(idsOf(cases)).not.toContain('replayed')
  })

  it('for each portal of one guard, and for a tenant', async () => {
    const portals: readonly Portal[] = [
      featkit({ secret: `${secret}-1` }),
      seggwat({ secret: `${secret}-2`, projectKey: 'abc123', mode: 'jwt' }),
      harlyy({ secret: `${secret}-3` }),
      fdback({ secret: `${secret}-4`, workspaceId: 'ws_demo' }),
    ]
    const app = app5().use(requireSignedUser(portals, { now }), answer)
    for (const portal of portals) await expectMostPass(portalCases(portal, '/vote', { now }), app)
    const many = seggwat({ secret: ({ tenant }) => (tenant === 't1' ? secret : null) })
    const cases = portalCases(many, '/vote', { now, tenant: 't1', whoami })
    await expectMostPass(cases, app5().use(guardOf(many, { tenant: () => 't1' }), answer))
  })

  it('for several processes that share a store, by `also`', async () => {
    const portal = surveys()
    const replayStore = memoryReplayStore({ now })
    const start = () => app5().use(guardOf(portal, { replayStore }), answer)
    const cases = portalCases(portal, '/vote', { now, also: [start(), start()] })
    await expectMostPass(cases, start())
    expect(idsOf(cases)).toContain('other-processes')
    expect(idsOf(portalCases(links, '/vote', { now, also: [start()] }))).toContain(
      'other-processes',
    )
  })

  it.each([
    ['a millisecond', fdback({ secret, workspaceId: 'ws_demo' })],
    ['a second', stamp({ secret })],
  ])(
    'twice on one store, for credentials that differ by %s although the clock does not advance',
    async (_, portal) => {
      const options = { now, replayStore: memoryReplayStore({ now }) }
      const app = app5().use(guardOf(portal, options), answer)
      const cases = portalCases(portal, '/vote', options)
      expect(idsOf(cases)).toContain('one-winner')
      await expectMostPass(cases, app)
      await expectMostPass(cases, app)
    },
  )
})
