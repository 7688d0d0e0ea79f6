import { memoryReplayStore, type ReplayStore } from '@countersign/core'
import { requireSignedUser } from '@countersign/express'
import { fdback, featkit, harlyy, seggwat } from '@countersign/schemes'
import { portalCases, testSecret } from '@countersign/testing'
import express, { type Express, type RequestHandler } from 'express'
import { expectFinding, problem, type Broken } from '../support/broken-app'
import { NOW, now, secret } from '../support/mint-portals'

const links = seggwat({ secret, projectKey: 'abc123' })
const messages = fdback({ secret, workspaceId: 'ws_demo' })
const surveys = () => harlyy({ secret })
const linkCases = portalCases(links, '/vote', { now })
const [signedUser] = portalCases(links, '/vote', { now, deadline: 200 })
const answer: RequestHandler = (_req, res) => void res.json({ ok: true })
const app = (): Express => express().set('env', 'test')

/** With the guard of links behind something that is wrong. */
const behind = (...all: readonly RequestHandler[]) =>
  app().use([...all], requireSignedUser(links, { now }), answer)
const guarded = (options: object, portal = links) =>
  app().use(requireSignedUser(portal, { now, ...options }), answer)

const rewriting =
  (rewrite: (url: string) => string): RequestHandler =>
  (req, _res, next) => {
    req.url = req.originalUrl = rewrite(req.originalUrl)
    next()
  }

function stuck(): ReplayStore {
  const { leases, ...store } = memoryReplayStore({ now })
  return { ...store, leases: { ...leases!, reserve: async () => 'leased' } }
}

function onLease(): Pick<Broken, 'app' | 'cases'> {
  const portal = surveys()
  const options = { now, replayStore: stuck(), consume: { lease: 30 } }
  const open = app().use(requireSignedUser(portal, options), answer)
  return { app: open, cases: portalCases(portal, '/vote', options) }
}

function usedTwice(): Pick<Broken, 'app' | 'cases'> {
  const portal = surveys()
  const replayStore = memoryReplayStore({ now })
  const [one, other] = [surveys(), surveys()].map((each) =>
    requireSignedUser(each, { now, replayStore }),
  )
  return { app: app().use(one!, other!, answer), cases: portalCases(portal, '/vote', { now }) }
}

function storeless(): Pick<Broken, 'app' | 'cases'> {
  const portal = surveys()
  const replayStore = { durable: true, claim: failing, has: failing }
  const open = app().use(requireSignedUser(portal, { now, replayStore }), answer)
  return { app: open, cases: portalCases(portal, '/vote', { now }) }
}

function failing(): never {
  throw new Error('down')
}

const fails = 'signed-user'
const onLinks = (name: string, open: Broken['app'], means: RegExp): Broken => ({
  name,
  app: open,
  cases: linkCases,
  fails,
  means,
})

const broken: readonly Broken[] = [
  onLinks(
    'has another secret',
    guarded({}, seggwat({ secret: testSecret('other'), projectKey: 'abc123' })),
    /do not share a secret/,
  ),
  onLinks(
    'has another mode',
    guarded({}, seggwat({ secret, projectKey: 'abc123', mode: 'jwt' })),
    /scheme or mode/,
  ),
  onLinks(
    'has another project key',
    guarded({}, seggwat({ secret, projectKey: 'zzz' })),
    /another key or workspace/,
  ),
  onLinks(
    'has a clock two days ahead',
    guarded({ now: () => NOW + 172_800_000 }),
    /clock is ahead/,
  ),
  onLinks('has a clock a day behind', guarded({ now: () => NOW - 86_400_000 }), /clock is behind/),
  onLinks(
    'has a clock in seconds',
    guarded({ now: () => NOW / 1000 }),
    /clock does not show milliseconds/,
  ),
  onLinks('accepts short lives only', guarded({ maxLifetime: 60 }), /`maxLifetime` is below/),
  onLinks(
    'loses the query',
    behind(rewriting((url) => url.split('?')[0]!)),
    /does not reach the guard/,
  ),
  onLinks(
    'sends the query twice',
    behind(rewriting((url) => `${url}&${url.split('?')[1]}`)),
    /reaches the guard twice/,
  ),
  onLinks(
    'has a secret that cannot be fetched',
    guarded({}, seggwat({ secret: failing, projectKey: 'abc123' })),
    /function that gives the secret failed/,
  ),
  onLinks('refuses claims', problem(401, 'claims_invalid'), /other rules/),
  onLinks('finds bodies too large', problem(413, 'body_too_large'), /larger than a signed body/),
  onLinks('finds bodies compressed', problem(415, 'unsupported_encoding'), /compresses the body/),
  onLinks('has no such route', app().get('/other', answer), /has no GET \/vote/),
  onLinks('has the route for another method', problem(405), /has no GET \/vote/),
  onLinks('wants a login', problem(401), /another login/),
  onLinks(
    'wants a vote',
    behind((_req, res) => void res.sendStatus(422)),
    /not what the handler wants/,
  ),
  onLinks(
    'fails in its handler',
    app().use(requireSignedUser(links, { now }), failing),
    /fails for a signed user/,
  ),
  onLinks(
    'fails, and shows the URL',
    app().use(
      requireSignedUser(links, { now }),
      (req, res) => void res.status(500).send(req.originalUrl),
    ),
    /fails for a signed user/,
  ),
  onLinks('limits how often', problem(429), /rate limit/),
  onLinks('has a firewall', problem(403), /something in front has answered/),
  onLinks('makes tea', problem(418), /made a 418/),
  { ...onLinks('never answers', () => undefined, /never answers/), cases: [signedUser!] },
  onLinks('hangs up', (req) => void req.socket.destroy(), /connection ended without an answer/),
  {
    name: 'parses JSON before the guard and keeps no bytes',
    app: app().use(express.json(), requireSignedUser(messages, { now }), answer),
    cases: portalCases(messages, '/vote', { now }),
    fails,
    means: /express\.json\(\), ran before the guard and kept no bytes/,
    fix: /keepRawBody/,
  },
  { name: 'finds everything on lease', ...onLease(), fails, means: /on lease/ },
  { name: 'uses a link up twice on its way', ...usedTwice(), fails, means: /counts as used/ },
  { name: 'has a store that fails', ...storeless(), fails, means: /replay store failed/ },
]

describe('an app that', () => {
  let warned: jest.SpyInstance
  beforeAll(() => void (warned = jest.spyOn(process, 'emitWarning').mockImplementation())) // a ConfigError is told there
  afterAll(() => warned.mockRestore())

  it.each([...broken])('$name is told so', async (each) => {
    await expectFinding(each)
  })

  it('is not there is told so', async () => {
    const [signed] = linkCases
    await expect(signed?.run('http://127.0.0.1:9')).rejects.toThrow(
      /nothing listens at this address/,
    )
  })

  it('knows somebody else is told so, where its answer tells', async () => {
    const whoami = (): string => 'somebody'
    const cases = portalCases(featkit({ secret }), '/vote', { now, whoami })
    const open = app().use(requireSignedUser(featkit({ secret }), { now }), answer)
    await expectFinding({
      name: '',
      app: open,
      cases,
      fails: 'who-is-it',
      means: /does not see the user/,
    })
  })
})
