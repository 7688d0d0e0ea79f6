import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import {
  createGuard,
  REJECTIONS,
  type RejectionCode,
  type VerificationError,
  type Verified,
} from '@countersign/core'
import {
  catalogue,
  cataloguePortal,
  catalogueRun,
  createLeakScanner,
  freshStore,
  fronts,
  sensitiveIn,
  settingOf,
  settingOptions,
  viewOf,
  type Sensitive,
  type TokenCase,
} from '../src'

// The whole catalogue in one go, also where the machine is busy
jest.setTimeout(120_000)

const { leaksIn } = createLeakScanner()
const LIBRARY = ['core', 'schemes', 'node', 'express', 'koa']
const CONSOLE = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const

const known = new Map(catalogue.cases.map((each) => [each, sensitiveIn(each)]))
const sensitiveOf = (tokenCase: TokenCase): readonly Sensitive[] => known.get(tokenCase) ?? []

/** What may show in a user, who is what the payload says, and what may not. */
const notInUser = (tokenCase: TokenCase): readonly Sensitive[] =>
  sensitiveOf(tokenCase).filter(({ label }) => label !== 'payload')

describe('LK-04: the library has no debug log', () => {
  /** Everything that could be a log line of this process, from now on. */
  function eavesdrop(): () => string {
    const spies = [
      jest.spyOn(process.stdout, 'write'),
      jest.spyOn(process.stderr, 'write'),
      jest.spyOn(process, 'emitWarning').mockImplementation(() => {}),
      ...CONSOLE.map((method) => jest.spyOn(console, method).mockImplementation(() => {})),
    ]
    return () => {
      const text = spies.flatMap((spy) => spy.mock.calls as unknown[]).map((call) => inspect(call))
      for (const spy of spies) spy.mockRestore()
      return text.join('\n')
    }
  }

  it('writes and warns nothing while the whole catalogue is sent to every front', async () => {
    const heard = eavesdrop()
    for (const front of fronts) {
      const run = catalogueRun(front)
      for (const tokenCase of catalogue.cases) await run.send(tokenCase)
      await run.close()
    }
    const log = heard()
    expect(log).not.toMatch(/countersign/i)
    expect(catalogue.cases.flatMap((each) => leaksIn(log, sensitiveOf(each)))).toEqual([])
  })

  it('warns of a failed observer, and then too names no credential', async () => {
    const heard = eavesdrop()
    const fail = (): never => {
      throw new Error('no such log')
    }
    const observers = { onVerified: fail, onRejected: fail, onRotatedKey: fail }
    const guard = createGuard(cataloguePortal('featkit'), {
      now: () => catalogue.now,
      ...observers,
    })
    const cases = catalogue.cases.filter(({ scheme }) => scheme === 'featkit')
    for (const { requests } of cases) for (const each of requests) await guard.judge(viewOf(each))
    const log = heard()
    expect(log).toContain('COUNTERSIGN_OBSERVER_FAILED')
    expect(cases.flatMap((each) => leaksIn(log, sensitiveOf(each)))).toEqual([])
  })

  it('holds no call that could write one, but for the one that warns the developer', () => {
    const writers = LIBRARY.flatMap((name) => {
      const folder = join(__dirname, '..', '..', name, 'src')
      const files = readdirSync(folder).map((file) => [
        file,
        readFileSync(join(folder, file), 'utf8'),
      ])
      return files.filter(([, text = '']) =>
        /console\.|emitWarning|debuglog|std(?:out|err)/.test(text),
      )
    })
    expect(writers.map(([file]) => file)).toEqual(['warn.ts'])
  })
})

describe('LK-14: what the library tells observers', () => {
  const verified: [TokenCase, Verified][] = []
  const rejected: [TokenCase, VerificationError][] = []

  beforeAll(async () => {
    for (const tokenCase of catalogue.cases) {
      const setting = settingOf(tokenCase)
      const guard = createGuard(cataloguePortal(setting.scheme), {
        ...settingOptions(setting, freshStore()),
        onVerified: (value) => void verified.push([tokenCase, value]),
        onRejected: (error) => void rejected.push([tokenCase, error]),
      })
      for (const request of tokenCase.requests) await guard.judge(viewOf(request))
    }
  })

  it('is who was let in and how we know, without credential, signature or secret', () => {
    expect(verified).toHaveLength(48 + 11)
    for (const [, value] of verified) {
      expect(Object.keys(value).toSorted()).toEqual([
        'auth',
        'inUrl',
        'reservation',
        'rotated',
        'user',
      ])
      expect(Object.keys(value.auth).toSorted()).toEqual([
        'consume',
        'expiresAt',
        'issuedAt',
        'keyId',
        'nonce',
        'scheme',
        'tenant',
      ])
    }
    const leaks = verified.flatMap(([each, value]) => leaksIn(inspect(value), notInUser(each)))
    expect(leaks).toEqual([])
  })

  it('is a code and the rule that failed, in words that no request chose', () => {
    expect(rejected).toHaveLength(280 + 2)
    for (const [, error] of rejected) {
      expect(Object.keys(REJECTIONS)).toContain(error.code)
      expect(error.message).toBe(REJECTIONS[error.code as RejectionCode].title)
    }
    const details = new Set(rejected.map(([, error]) => ('detail' in error ? error.detail : '')))
    expect(details.size).toBeLessThan(60)
    const leaks = rejected.flatMap(([each, error]) => leaksIn(inspect(error), sensitiveOf(each)))
    expect(leaks).toEqual([])
  })

  it('goes through no channel or event that others could listen to', () => {
    const emitters = LIBRARY.flatMap((name) => {
      const folder = join(__dirname, '..', '..', name, 'src')
      const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
      return text.filter((each) =>
        /diagnostics_channel|EventEmitter|node:events|\.emit\(/.test(each),
      )
    })
    expect(emitters).toEqual([])
  })
})

describe.each(fronts)('LK-15: a user that is written to a log, on $name', (front) => {
  it('shows no signature, no credential and no secret', async () => {
    const run = catalogueRun(front)
    const accepted = catalogue.cases.filter(({ expected }) => expected === '200')
    const leaks: string[] = []
    for (const tokenCase of accepted) {
      const { user, auth } = (await run.send(tokenCase)).at(-1)?.handled ?? {}
      expect(user).toBeDefined()
      const logged = [user, auth]
        .flatMap((each) => [JSON.stringify(each), inspect(each)])
        .join('\n')
      leaks.push(...leaksIn(logged, notInUser(tokenCase)))
    }
    await run.close()
    expect(leaks).toEqual([])
  })
})
