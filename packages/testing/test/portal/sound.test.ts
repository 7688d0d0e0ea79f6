import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { memoryReplayStore, type Portal } from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/core/schemes'
import { keepRawBody } from '@countersign/express'
import { portalCases, type Target } from '@countersign/testing'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { answer, app5, guarded, served, whoami } from '../support/apps'
import { expectMostPass, expectPass, findingsOf } from '../support/findings'
import { NAMES, now, sample, secret, type SampleName } from '../support/samples'
import { stamp } from '../support/schemes'
import { guard, guardOf, inTurn, links, messages, surveys } from '../zoo/apps'

const app = (portal: Portal, options: object = {}) => app5().use(guardOf(options, portal), answer)
const cases = (portal: Portal, options: Parameters<typeof portalCases>[2] = {}) =>
  portalCases(portal, '/vote', { now, ...options })

type Pair = readonly [ReturnType<typeof cases>, Target]

const own: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(error.status ?? 500).json({ oops: true })
}
const login: ErrorRequestHandler = (error, _req, res, _next) =>
  error.code === 'credential_missing' ? res.redirect('/login') : res.sendStatus(error.status)
const using: RequestHandler = (req, _res, next) =>
  void req.portalAuth!.consume().then(() => next(), next)
const used: ErrorRequestHandler = ({ status, code, headers }, _req, res, _next) => {
  res.status(status).set(headers).set('cache-control', 'no-store')
  res.json({ type: 'urn:x', title: 'Used', status, code })
}
const forward = { rejections: 'forward' } as const
const store = () => ({ replayStore: memoryReplayStore({ now }) })
const inner = guarded('Express 5', links)
const closing: RequestListener = (req, res) => {
  res.setHeader('connection', 'close')
  inner(req, res)
}
const shared = store()
const many = seggwat({ secret: ({ tenant }) => (tenant === 't1' ? secret : null) })
const four: readonly Portal[] = [
  featkit({ secret: `${secret}-1` }),
  seggwat({ secret: `${secret}-2`, projectKey: 'abc123', mode: 'jwt' }),
  harlyy({ secret: `${secret}-3` }),
  fdback({ secret: `${secret}-4`, workspaceId: 'ws_demo' }),
]

/** Sound apps, and the cases that they pass. */
const sound: Readonly<Record<string, () => readonly Pair[]>> = {
  'answers of the app’s own, by `rejections: "forward"` or `codes: false`': () =>
    [forward, { codes: false }].map((options) => [
      cases(links, options),
      app(links, forward).use(own),
    ]),
  'express.json() that keeps the bytes, before the guard': () => [
    [cases(messages, { whoami }), app5().use(express.json({ verify: keepRawBody }), app(messages))],
  ],
  'express.raw() and express.text() before the guard': () =>
    [express.raw({ type: '*/*' }), express.text({ type: '*/*' })].map((parser) => [
      cases(messages, { whoami }),
      app5().use(parser, app(messages)),
    ]),
  'answers of 204, or redirects to another page': () => [
    [cases(links), app5().get('/vote', guard, (_req, res) => void res.sendStatus(204))],
    [cases(links), app5().get('/vote', guard, (_req, res) => res.redirect('/thanks'))],
    [
      cases(surveys),
      app5().post('/vote', guardOf({}, surveys), (_req, res) => res.redirect(303, '/thanks')),
    ],
  ],
  'a page for every unknown path, in HTML or in JSON that names the path or the request': () =>
    [
      (path: string) => `<p>welcome to ${path.length}</p>`,
      (path: string) => ({ welcome: path }),
      (path: string) => ({ welcome: path, request: randomUUID(), at: new Date() }),
      (path: string) => `<li>${path.split('/').join('</li><li>')}</li>`,
    ].map((page) => [
      cases(links),
      app5()
        .get('/vote', guard, answer)
        .use((req, res) => void res.send(page(req.path))),
    ]),
  'connections that close after an answer, or after one request': () => [
    [cases(links, { whoami }), closing],
    [cases(links, { whoami }), Object.assign(createServer(inner), { maxRequestsPerSocket: 1 })],
  ],
  'a login page for visitors, by `acceptRefusal`': () => [
    [
      cases(links, {
        ...forward,
        acceptRefusal: ({ headers }) => headers['location'] === '/login',
      }),
      app(links, forward).use(login),
    ],
  ],
  'a public page with a form before a guarded POST': () => [
    [
      cases(surveys),
      app5()
        .get('/vote', (_req, res) => void res.send('<form>'))
        .post('/vote', guardOf({}, surveys), answer),
    ],
  ],
  '`consume: { lease }`': () => {
    const lease = { consume: { lease: 30 }, ...store() }
    return [[cases(surveys, lease), app(surveys, lease)]]
  },
  '`consume: "manual"`': () => {
    const manual = { consume: 'manual' } as const
    const handler = app5().post('/vote', guardOf(manual, surveys), using, answer).use(used)
    return [[cases(surveys, manual), handler]]
  },
  'one-time links that GET only shows': () => [
    [cases(surveys, { method: 'GET' }), app5().get('/vote', guardOf({}, surveys), answer)],
  ],
  'one guard for four portals': () => {
    const all = app5().use(guardOf({}, four), answer)
    return four.map((portal) => [cases(portal), all])
  },
  'a tenant': () => [[cases(many, { tenant: 't1', whoami }), app(many, { tenant: () => 't1' })]],
  'several processes that share a store': () => [
    [cases(surveys, shared), inTurn(app(surveys, shared), app(surveys, shared))],
  ],
  'a clock that goes on, and is a little behind that of the app': () => {
    let time = now() - 2_000
    const { guard } = sample('fdback')
    return [[cases(messages, { ...guard, now: () => time++, whoami }), app(messages, guard)]]
  },
}

/** One for each way in which credentials travel. */
const FEW: readonly SampleName[] = ['FeatKit', 'Harlyy', 'fdback', 'acme']

describe.each(['Express 5', 'Koa 2'] as const)('the cases pass with %s', (framework) => {
  const thorough = framework === 'Express 5'

  it.each(thorough ? NAMES : FEW)('for %s', async (name) => {
    const { portal, user, guard } = sample(name)
    const all = portalCases(portal, '/vote', { ...guard, now, user, whoami, thorough })
    await expectPass(all, guarded(framework, portal, guard))
  })
})

it.each(Object.entries(sound))('the cases pass with %s', async (what, pairsOf) => {
  const expectSound = /unknown path|public page/.test(what) ? expectPass : expectMostPass
  for (const [each, target] of pairsOf()) await expectSound(each, target)
})

describe('the cases pass', () => {
  it('by a base URL, for a route with a query', async () => {
    await served(app5().use('/prefix', app(messages)), async (port) => {
      const all = portalCases(messages, '/vote?lang=en', { now })
      await expectMostPass(all, new URL(`http://127.0.0.1:${port}/prefix/`))
    })
  })

  it.each(FEW)('with `mode: "optional"` for %s', async (name) => {
    const { portal, user, guard } = sample(name)
    const options = { ...guard, now, mode: 'optional' } as const
    const all = portalCases(portal, '/vote', { ...options, user, whoami })
    await expectMostPass(all, guarded('Express 5', portal, options))
  })

  it('with `headers` and `body` that the app needs', async () => {
    const needy: RequestHandler = (req, res, next) =>
      req.get('x-api-key') === 'k1' ? next() : void res.sendStatus(403)
    const picky: RequestHandler = (req, res, next) =>
      req.body?.vote === 1 ? next() : void res.status(422).json({ error: 'no vote' })
    const target = app5().use(needy, guardOf({}, surveys), express.json(), picky, answer)
    const headers = new Headers({ 'x-api-key': 'k1' })
    await expectMostPass(cases(surveys, { headers, body: { vote: 1 } }), target)
    const without = await findingsOf(cases(surveys).slice(0, 1), target)
    expect(without['signed-user']?.means).toMatch(/before the guard or endpoint has answered/)
  })

  it('where another method is public, by `publicMethods`', async () => {
    const target = app5().get('/vote', guard, answer)
    target.post('/vote', (_req, res) => void res.send('a form that anyone may post'))
    await expectPass(cases(links, { publicMethods: ['POST'] }), target)
    const some = cases(links).filter(({ id }) => /^(?:signed-user|missing|ways-around)$/.test(id))
    expect(Object.keys(await findingsOf(some, target))).toEqual(['ways-around'])
  })

  it.each([
    ['a millisecond', messages],
    ['a second', stamp({ secret })],
  ])(
    'twice on one store, for credentials that differ by %s although the clock does not advance',
    async (_, portal) => {
      const options = store()
      const all = cases(portal, options)
      expect(all.map(({ id }) => id)).toContain('one-winner')
      for (const target of [app(portal, options), app(portal, options)])
        await expectMostPass(all, target)
    },
  )
})
