import { createGuard, type Decision, type GuardOptions } from '@countersign/core'
import { fdback, featkit } from '@countersign/core/schemes'
import { forgeLink, forgeMessage } from '../support/forge'
import { catchingWarnings, settled } from '../support/process'
import { now, view, type RequestParts } from '../support/request'
import { CURRENT, FOREIGN, PREVIOUS } from '../support/secrets'

const warnings = catchingWarnings()

const portal = featkit({ secret: [CURRENT, PREVIOUS] })
const signed = { query: `token=${forgeLink()}` }
const forged = { query: `token=${forgeLink(undefined, FOREIGN)}` }
const rotated = { query: `token=${forgeLink(undefined, PREVIOUS)}` }

async function decide(parts: RequestParts, options: GuardOptions = {}): Promise<Decision> {
  return createGuard(portal, { now, ...options }).decide(view(parts))
}

describe('the decision of a guard', () => {
  it('lets a signed user pass, and keeps a URL with a credential out of caches and referrers', () => {
    expect(createGuard(portal, { now }).decide(view(signed))).toEqual({
      pass: true,
      verified: expect.objectContaining({ user: expect.objectContaining({ id: 'u1' }) }),
      headers: [
        ['cache-control', 'private, no-store'],
        ['referrer-policy', 'no-referrer'],
      ],
      reservation: undefined,
    })
  })

  it('lets an anonymous request pass in optional mode, and no invalid credential', async () => {
    const onVerified = jest.fn()
    const onRejected = jest.fn()
    const options = { mode: 'optional', onVerified, onRejected } as const
    const anonymous = { pass: true, verified: undefined, headers: [], reservation: undefined }
    expect(await decide({ query: 'token=' }, options)).toEqual(anonymous)
    expect(onRejected).not.toHaveBeenCalled()
    for (const parts of [forged, { query: 'token=x' }, { query: 'token=&token=' }]) {
      expect(await decide(parts, options)).toMatchObject({ pass: false })
    }
    expect([onVerified.mock.calls.length, onRejected.mock.calls.length]).toEqual([0, 3])
  })

  it('tells the adapter what to forward and what to strip', () => {
    const read = (options: GuardOptions) => {
      const { forwards, strips } = createGuard([portal, fdback({ secret: FOREIGN })], options)
      return [forwards, strips]
    }
    expect(read({})).toEqual([false, []])
    const options = { rejections: 'forward', stripCredential: true } as const
    expect(read(options)).toEqual([true, ['token', 'data']])
  })
})

describe('the observers of a guard', () => {
  it('see each decision once, with the request of the framework', async () => {
    const seen: unknown[] = []
    const options: GuardOptions = {
      onVerified: ({ user }, request) => seen.push(['verified', user.id, request]),
      onRejected: ({ code }, request) => seen.push(['rejected', code, request]),
      onRotatedKey: ({ user }, request) => seen.push(['rotated', user.id, request]),
    }
    for (const [index, parts] of [signed, forged, {}, rotated].entries()) {
      await decide({ ...parts, native: { index } }, options)
    }
    expect(seen).toEqual([
      ['verified', 'u1', { index: 0 }],
      ['rejected', 'signature_invalid', { index: 1 }],
      ['rejected', 'credential_missing', { index: 2 }],
      ['verified', 'u1', { index: 3 }],
      ['rotated', 'u1', { index: 3 }],
    ])
  })

  const throwing = (): never => {
    throw new Error('observer')
  }

  it.each<[string, (value: object) => unknown, failures: number]>([
    ['throw', throwing, 4],
    ['reject', async () => throwing(), 4],
    ['change an error', (error) => Object.assign(error, { code: 'x', headers: {} }), 0],
    [
      'change a user',
      (verified) => Object.assign(Reflect.get(verified, 'user') ?? {}, { id: 'admin' }),
      3,
    ],
  ])('change no decision when they %s', async (_, observer, failures) => {
    const observe = observer as (value: object) => void // its result is not asked for
    const options = { onVerified: observe, onRejected: observe, onRotatedKey: observe }
    const told = (decision: Decision) =>
      decision.pass ? [decision.verified?.user, decision.headers] : decision.response
    for (const parts of [signed, forged, rotated]) {
      expect(told(await decide(parts, options))).toEqual(told(await decide(parts)))
    }
    await settled()
    expect(warnings.count('COUNTERSIGN_OBSERVER_FAILED')).toBe(failures)
  })
})

describe('a mistake that only a request reveals', () => {
  it('is answered with a bare 500, and each kind is reported once', async () => {
    const secrets = ['', '', 7 as unknown as string, ''] // wrong on purpose
    const guard = createGuard(fdback({ secret: () => secrets.shift() ?? null }), { now })
    for (const workspace of ['a', 'b', 'c', 'd']) {
      const request = view<object>(forgeMessage({ workspace }))
      const body: unknown = expect.stringContaining('"server_error"')
      expect(await guard.decide(request)).toMatchObject({
        pass: false,
        response: { status: 500, body },
      })
    }
    expect(warnings.count('COUNTERSIGN_MISCONFIGURED')).toBe(2)
    expect(warnings.texts().join()).toContain('empty')
  })
})
