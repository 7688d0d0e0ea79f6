import { inspect } from 'node:util'
import { createGuard, createSigner, createVerifier, Rejection } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import {
  catalogue,
  cataloguePortal,
  catalogueRun,
  createLeakScanner,
  errorText,
  fronts,
  objectText,
  secrets,
  sensitiveIn,
  viewOf,
  type Front,
  type Sensitive,
  type TokenCase,
} from '../src'

const { leaksIn } = createLeakScanner()
const sensitive = new Map(catalogue.cases.map((each) => [each, sensitiveIn(each)]))
const sensitiveOf = (tokenCase: TokenCase): readonly Sensitive[] => sensitive.get(tokenCase) ?? []

/** Records everything that could be a log line of this process. */
function eavesdrop() {
  const spies = [
    jest.spyOn(process.stdout, 'write'),
    jest.spyOn(process.stderr, 'write'),
    jest.spyOn(process, 'emitWarning').mockImplementation(() => {}),
    ...(['debug', 'error', 'info', 'log', 'warn'] as const).map((method) =>
      jest.spyOn(console, method).mockImplementation(() => {}),
    ),
  ]
  return {
    /** What was written since the last call. */
    heard(): string {
      const calls = spies.flatMap((spy) => spy.mock.calls.splice(0) as unknown[])
      return calls.map((call) => inspect(call)).join('\n')
    },
    stop: () => spies.forEach((spy) => spy.mockRestore()),
  }
}

/** Where something of a case leaked: `id: label`. */
const found = (tokenCase: TokenCase, text: string, searched = sensitiveOf(tokenCase)) =>
  leaksIn(text, searched).map((label) => `${tokenCase.id}: ${label}`)

/** Two cases begin with a forged request before a valid one. */
const REFUSED = catalogue.cases.filter(({ expected }) => expected !== '200').length + 2

// the responses themselves are compared with their exact text and headers in tokens.test.ts
const SOME_FRONTS = fronts.filter(({ name }) => /core|Express 5/.test(name))

describe.each(SOME_FRONTS)('the catalogue on $name', (front: Front) => {
  beforeEach(() => (process.env['COUNTERSIGN_DEBUG'] = '1'))
  afterEach(() => delete process.env['COUNTERSIGN_DEBUG'])

  it('puts no secret, signature or payload into errors, users and logs', async () => {
    const { heard, stop } = eavesdrop()
    const run = catalogueRun(front)
    const leaks: string[] = []
    let reported = 0
    for (const tokenCase of catalogue.cases) {
      const { error, handled } = (await run.send(tokenCase)).at(-1) ?? {}
      if (error) leaks.push(...found(tokenCase, errorText(error)))
      const log = heard()
      if (log.includes('COUNTERSIGN_REFUSED')) reported++
      leaks.push(...found(tokenCase, log))
      const logged = [handled?.user, handled?.auth].flatMap((each) => [
        JSON.stringify(each) ?? '',
        inspect(each),
      ])
      const besideUser = sensitiveOf(tokenCase).filter(({ label }) => label !== 'payload')
      leaks.push(...found(tokenCase, logged.join('\n'), besideUser))
    }
    await run.close()
    stop()
    expect({ leaks, reported }).toEqual({ leaks: [], reported: REFUSED })
  })
})

describe('what the core holds and reports', () => {
  it('shows no secret in portals, keys, verifiers, guards and signers', () => {
    const portal = featkit({ slug: 'acme', secret: catalogue.secrets.A })
    const all = ['featkit', 'seggwat', 'jwt', 'harlyy', 'fdback'] as const
    const objects = [
      ...all.map((scheme) => cataloguePortal(scheme)),
      portal,
      createVerifier(portal),
      createGuard(portal),
      createSigner(portal),
      ...(portal.keys.known ?? []),
    ]
    expect(objects).toHaveLength(10)
    expect(objects.flatMap((object) => leaksIn(objectText(object), secrets))).toEqual([])
  })

  it('names no credential where an observer fails', async () => {
    const { heard, stop } = eavesdrop()
    const fail = (): never => {
      throw new Error('no such log')
    }
    const observers = { onVerified: fail, onRejected: fail, onRotatedKey: fail }
    const guard = createGuard(cataloguePortal('featkit'), {
      now: () => catalogue.now,
      ...observers,
    })
    const cases = catalogue.cases.filter(({ scheme }) => scheme === 'featkit')
    for (const { requests } of cases) for (const each of requests) await guard.decide(viewOf(each))
    const log = heard()
    stop()
    expect(log).toContain('COUNTERSIGN_OBSERVER_FAILED')
    expect(cases.flatMap((each) => found(each, log))).toEqual([])
  })
})

describe('the leak scanner', () => {
  const bytes = secrets[0]?.bytes as Buffer // the catalogue has three
  const raw = bytes.toString('utf8')
  const planted = (change: (error: Error) => unknown): string => {
    const error = new Rejection('token_malformed')
    change(error)
    return errorText(error)
  }

  it.each(
    Object.entries({
      text: raw,
      'a part of it': raw.slice(3, 27),
      'upper-case hex': bytes.toString('hex').toUpperCase(),
      'base64url of more': Buffer.from(`key=${raw}`).toString('base64url'),
      'percent-encoding': raw.replace(/./g, (char) => `%${Buffer.from(char).toString('hex')}`),
      'inspected bytes': inspect(bytes),
      'bytes as JSON': JSON.stringify(bytes),
      'the cause of an error': errorText(
        new Rejection('token_malformed', undefined, new Error(raw)),
      ),
      'the detail of an error': errorText(new Rejection('token_malformed', raw)),
      'a deep property': planted((error) => Object.assign(error, { input: { deep: [bytes] } })),
      'a hidden property': planted((error) =>
        Object.defineProperty(error, 'input', { value: raw }),
      ),
      'a map in an object': objectText({ key: new Map([['value', bytes]]) }),
    }),
  )('finds a secret in %s', (_, text) => {
    expect(leaksIn(`before ${text} after`, secrets)).toContain('secret A')
  })

  it('finds nothing where there is nothing', () => {
    expect(leaksIn(`${raw.slice(0, 11)} ${raw.slice(30)}`, secrets)).toEqual([])
  })

  it('knows the right signature of each accepted case', () => {
    const accepted = catalogue.cases.filter(({ expected }) => expected === '200')
    const missed = accepted.filter((tokenCase) => {
      const { target, headers = [] } = tokenCase.requests.at(-1) ?? { target: '' }
      const labels = leaksIn([target, ...headers.flat()].join(' '), sensitiveOf(tokenCase))
      return !labels.some((label) => label.startsWith('MAC with'))
    })
    expect(missed.map(({ id }) => id)).toEqual([])
  })
})
