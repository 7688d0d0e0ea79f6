import { memoryReplayStore } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import { requireSignedUser, signEndpoint } from '@countersign/express'
import { describePortal, describeReplayStore, describeSignEndpoint } from '@countersign/testing'
import express from 'express'
import { secret } from './support/samples'

const links = featkit({ secret, slug: 'acme' })
const ada = { id: 'u_1', email: 'ada@example.com' }

const app = express()
app.get('/portal', requireSignedUser(links), (req, res) => void res.json(req.portalUser))
app.post(
  '/sign',
  signEndpoint(links, {
    user: (req) => (/sid=1(?:;|$)/.test(req.get('cookie') ?? '') ? ada : null),
  }),
)

// the one-call forms, as an app's own suite has them: on the real clock
describePortal(app, { route: '/portal', portal: links })
describeSignEndpoint(app, { route: '/sign', portal: links, asUser: { cookie: 'sid=1' }, user: ada })
describeReplayStore(() => memoryReplayStore(), { leases: true })

/** A runner with globals that records what it is given, as mocha takes it. */
function recorded(run: () => void) {
  const tests: {
    readonly name: string
    readonly test: () => Promise<unknown>
    timeout?: number
  }[] = []
  const hooks: (() => void)[] = []
  const { describe: block, it: test, afterAll: hook } = globalThis
  Object.assign(globalThis, {
    describe: (_title: string, inner: () => void) => inner(),
    it: (name: string, each: () => Promise<unknown>) => {
      const entry: (typeof tests)[number] = { name, test: each }
      tests.push(entry)
      return { timeout: (ms: number) => (entry.timeout = ms) }
    },
    afterAll: (each: () => void) => hooks.push(each),
  })
  try {
    run()
  } finally {
    Object.assign(globalThis, { describe: block, it: test, afterAll: hook })
  }
  return { tests, hooks }
}

describe('describePortal', () => {
  it('passes a timeout to the runner, and warns once of what is only lenient', async () => {
    const lenient = express().use((req, res, next) => {
      const guard = requireSignedUser(links) as express.RequestHandler // its locals are narrower
      return /token=.*&token=/.test(req.url) ? void res.json({}) : guard(req, res, next)
    })
    lenient.use((_req, res) => void res.json({}))
    const { tests, hooks } = recorded(() => {
      describePortal(lenient, { route: '/portal', portal: links, codes: false })
    })
    expect(new Set(tests.map(({ timeout }) => timeout))).toEqual(new Set([121_000]))
    await tests.find(({ name }) => /the parameter twice/.test(name))?.test()
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
    for (const hook of hooks) hook()
    expect(warned.mock.calls).toEqual([
      [
        expect.stringMatching(
          /more lenient .* in 1 ways, none of them a way in: duplicateParameter$/,
        ),
        expect.anything(),
      ],
    ])
    warned.mockRestore()
  })
})
