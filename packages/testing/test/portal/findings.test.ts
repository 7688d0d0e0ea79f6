import { featkit } from '@countersign/core/schemes'
import {
  describePortal,
  portalCases,
  replayStoreCases,
  signEndpointCases,
  type ConformanceCase,
} from '@countersign/testing'
import { answer, app5, guarded } from '../support/apps'
import { now, secret } from '../support/samples'
import { guardOf } from '../zoo/apps'
import { acme } from '../support/schemes'

const portal = featkit({ secret })
const open = () => app5().get('/vote', answer)

async function errorsOf(
  cases: readonly ConformanceCase[],
  app: Parameters<ConformanceCase['run']>[0],
) {
  const errors: Error[] = []
  for (const { run } of cases) await run(app).catch((error: Error) => errors.push(error))
  return errors
}

describe('the finding of a case', () => {
  it('names severity, cause, request, answer and remedy', async () => {
    const missing = portalCases(portal, '/vote', { now }).find(({ id }) => id === 'missing')
    await expect(missing?.run(open())).rejects.toThrow(
      [
        'A way in: the guard does not run on this route',
        '',
        '  sent      GET /vote: a request without a credential (defect "missing")',
        '  received  200 OK, no code, application/json, "{"id":null}"; expected 401 "credential_missing"',
        '  means     the guard does not run on this route: it is mounted after the handler, on another path or method, or not at all; or the app does not wait for it',
        '  fix       mount requireSignedUser(portal) on /vote before its handler, and let it call next() itself',
        '',
      ].join('\n'),
    )
  })

  it('is told once for each cause: what follows from it is one line, without a stack', async () => {
    const [first, ...others] = await errorsOf(portalCases(portal, '/vote', { now }), open())
    expect(first?.message).toMatch(/^A way in: the guard does not run on this route\n/)
    const line = 'follows from: the guard does not run on this route'
    const follow = others.filter(({ stack }) => stack === `Error: ${line}`)
    expect(follow.length).toBeGreaterThan(30)
    expect(others.length - follow.length).toBeLessThan(4)
  })

  it('has the line of the user’s own test on its stack, and no line of the kit', async () => {
    const [signedUser] = portalCases(portal, '/other', { now })
    const error = await signedUser?.run(open()).catch((reason: Error) => reason)
    expect((error as Error).stack).toMatch(/^Error: A broken promise: the app has no GET \/other/)
    const [frame] = (error as Error).stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
    expect(frame).toContain('findings.test.ts')
  })

  it('is one for an app that never answers, and the rest is not sent', async () => {
    const silent = (_req: unknown, res: unknown): void => void res
    const cases = portalCases(portal, '/vote', { now, deadline: 40 })
    const started = performance.now()
    const errors = await errorsOf(cases, silent)
    const messages = errors.map(({ message }) => message)
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(messages).toHaveLength(cases.length)
    expect(messages.filter((it) => it !== 'follows from: the app never answers')).toEqual([
      expect.stringMatching(/^A broken promise: the app never answers\n/),
    ])
  })

  it('is told where nothing listens', async () => {
    const [first] = portalCases(portal, '/vote', { now })
    await expect(first?.run('http://127.0.0.1:9')).rejects.toThrow(
      /nothing listens at this address/,
    )
  })
})

describe('a list of cases', () => {
  const cases = portalCases(portal, '/vote', { now })

  it('begins with what finds the cause, and has a name, an id and a timeout for each', () => {
    const ids = cases.map(({ id }) => id)
    expect(ids.slice(0, 4)).toEqual(['signed-user', 'missing', 'wrongSecret', 'expired'])
    expect(new Set(ids).size).toBe(cases.length)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    expect(new Set(cases.map(({ timeout }) => timeout))).toEqual(new Set([181_000]))
  })

  it('has time for all requests of a case, also where every path answers', async () => {
    let count = 0
    const counted = app5().use((_req, _res, next) => void (count++, next()))
    counted.get('/vote', guardOf({}, portal), answer).use((_req, res) => void res.json({}))
    for (const { run, timeout } of cases) {
      count = 0
      await run(counted)
      expect(count * 4_000).toBeLessThan(timeout)
    }
  })

  it.each<[string, () => unknown, RegExp]>([
    ['option', () => portalCases(portal, '/', { whoAmI: 1 } as never), /Did you mean "whoami"/],
    ['route', () => portalCases(portal, 'vote'), /"route".*a path/],
    ['portal', () => portalCases(undefined as never, '/'), /testSecret\(\)/],
    [
      'option of signing',
      () => signEndpointCases(portal, '/', { asUser: {}, asuser: {} } as never),
      /"asuser"/,
    ],
    ['option of a store', () => replayStoreCases(Object, { lease: true } as never), /"leases"/],
    ['store', () => replayStoreCases({} as never), /a function that returns the store/],
    ['session', () => signEndpointCases(portal, '/', {} as never), /needs the option "asUser"/],
    ['target', () => describePortal(undefined as never, { route: '/', portal }), /to this value/],
    [
      'call',
      () => describePortal(open(), { portal } as never),
      /^describePortal\(\) needs.*"route"/,
    ],
  ])('refuses a wrong %s', (_, make, message) => {
    const error = { name: 'ConfigError', message: expect.stringMatching(message) }
    expect(make).toThrow(expect.objectContaining(error))
  })

  it('tells a mistake of the test once', async () => {
    const failing = { asUser: () => Promise.reject(new Error('no login')) }
    const [first, ...others] = await errorsOf(signEndpointCases(portal, '/', failing), open())
    expect(first?.message).toMatch(/the option "asUser" fails: Error: no login\n/i)
    const line = 'follows from: The option "asUser" fails'
    expect(new Set(others.map(({ message }) => message))).toEqual(new Set([line]))
    expect(first?.stack).toContain('findings.test.ts')
  })

  it('asks for a `user` where its own does not suit the scheme', async () => {
    const own = acme({ secret, site: 'main' })
    const [first] = portalCases(own, '/', { user: { id: 'null' } })
    await expect(first?.run(open())).rejects.toThrow(/cannot be signed for acme[^]*Pass a `user`/)
  })

  it('asks for a loop where the runner has no globals', () => {
    const { describe: kept } = globalThis
    Object.assign(globalThis, { describe: undefined })
    try {
      expect(() => describePortal(open(), { route: '/', portal })).toThrow(
        /no `describe` and `it` as globals/,
      )
    } finally {
      Object.assign(globalThis, { describe: kept })
    }
  })
})

describe('a guard', () => {
  const { COUNTERSIGN_DEBUG: kept } = process.env
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation()
  afterAll(() => {
    process.env['COUNTERSIGN_DEBUG'] = kept
    warned.mockRestore()
  })

  it.each([
    ['does not report the refusals that cases cause', undefined, 0],
    ['reports them with COUNTERSIGN_DEBUG=1', '1', 3], // one is sent without a case
  ])('%s', async (_, debug, reports) => {
    if (debug === undefined) delete process.env['COUNTERSIGN_DEBUG']
    else process.env['COUNTERSIGN_DEBUG'] = debug
    const cases = portalCases(portal, '/vote', { now }).filter(({ id }) =>
      /^(?:missing|expired)$/.test(id),
    )
    const app = guarded('Express 5', portal)
    await Promise.all(cases.map(({ run }) => run(app)))
    expect(warned).toHaveBeenCalledTimes(reports)
    expect(process.env['COUNTERSIGN_DEBUG']).toBe(debug)
  })
})
