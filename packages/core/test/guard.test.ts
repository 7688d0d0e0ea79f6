import { createGuard, type GuardOptions, type Verdict } from '@countersign/core'
import { forgeLink, forgeMessage } from './support/forge'
import { catchWarnings, settled } from './support/process'
import { now, view, type RequestParts } from './support/request'
import { link, message } from './support/schemes'
import { CURRENT, FOREIGN, PREVIOUS } from './support/secrets'

afterEach(() => {
  jest.restoreAllMocks()
})

const portal = link({ secret: [CURRENT, PREVIOUS] })
const good = { query: `token=${forgeLink()}` }
const forged = { query: `token=${forgeLink(undefined, FOREIGN)}` }
const rotated = { query: `token=${forgeLink(undefined, PREVIOUS)}` }

async function judge(parts: RequestParts, options: GuardOptions = {}): Promise<Verdict> {
  return createGuard(portal, { now, ...options }).judge(view(parts))
}

describe('a guard', () => {
  it('lets a signed user pass, and keeps the URL private', async () => {
    expect(await judge(good)).toEqual({
      pass: true,
      verified: expect.objectContaining({ user: expect.objectContaining({ id: 'u1' }) }),
      headers: { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' },
    })
  })

  it('sets no headers where the URL held nothing', async () => {
    const guard = createGuard(message({ secret: CURRENT }), { now })
    expect(await guard.judge(view({ method: 'POST', ...forgeMessage() }))).toMatchObject({
      pass: true,
      headers: {},
    })
  })

  it('answers everyone else', async () => {
    expect(await judge(forged)).toMatchObject({
      pass: false,
      error: { code: 'signature_invalid' },
      response: {
        status: 401,
        headers: {
          'content-type': 'application/problem+json',
          'www-authenticate': 'Bearer error="invalid_token", error_description="Invalid token"',
        },
      },
    })
    expect(await judge({})).toMatchObject({
      pass: false,
      response: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
    })
  })

  it('answers the same whatever an observer does to the error', async () => {
    const onRejected = (error: object): void => {
      Object.assign(error, { headers: { 'x-mine': 'yes' }, code: 'token_expired' })
    }
    const plain = await judge(forged)
    const watched = await judge(forged, { onRejected })
    expect(watched).toMatchObject({ response: 'response' in plain && plain.response })
  })

  it.each([
    ['nothing', {}],
    ['an empty parameter', { query: 'token=' }],
    ['another credential', { query: 'sig=x', headers: [['authorization', 'Basic YTpi']] }],
  ] as const)('lets a stranger pass where users are optional: %s', async (_, parts) => {
    const onVerified = jest.fn()
    const onRejected = jest.fn()
    const verdict = await judge(parts, { mode: 'optional', onVerified, onRejected })
    expect(verdict).toEqual({ pass: true, verified: undefined, headers: {} })
    expect([onVerified, onRejected].map(({ mock }) => mock.calls.length)).toEqual([0, 0])
  })

  it.each([
    ['a forged one', forged],
    ['a malformed one', { query: 'token=x' }],
    ['two', { query: 'token=&token=' }],
  ])('lets nobody pass with a bad credential, though users are optional: %s', async (_, parts) => {
    expect(await judge(parts, { mode: 'optional' })).toMatchObject({ pass: false })
  })

  it('lets nobody pass with a part of a credential, though users are optional', async () => {
    const guard = createGuard(message({ secret: CURRENT }), { now, mode: 'optional' })
    const headers = forgeMessage().headers.slice(1)
    expect(await guard.judge(view({ method: 'POST', headers }))).toMatchObject({
      pass: false,
      error: { code: 'credential_missing' },
    })
  })

  it('tells its adapter what to forward and what to strip', () => {
    const told = (options: GuardOptions) => {
      const { forwards, strips } = createGuard([portal, message({ secret: FOREIGN })], options)
      return { forwards, strips }
    }
    expect(told({})).toEqual({ forwards: false, strips: [] })
    expect(told({ rejections: 'respond', stripCredential: false })).toEqual({
      forwards: false,
      strips: [],
    })
    expect(told({ rejections: 'forward', stripCredential: true })).toEqual({
      forwards: true,
      strips: ['token', 'data'],
    })
  })

  it('answers without a promise where its verifier does', () => {
    expect(createGuard(portal, { now }).judge(view(good))).toMatchObject({ pass: true })
  })
})

describe('an observer', () => {
  const names = ['onVerified', 'onRejected', 'onRotatedKey'] as const

  async function watched(parts: RequestParts, observer: () => void): Promise<Verdict> {
    return judge(parts, Object.fromEntries(names.map((name) => [name, observer])))
  }

  it('sees each verdict once, with the framework’s own request', async () => {
    const seen: unknown[] = []
    const native = { url: '/portal' }
    const options: GuardOptions = {
      onVerified: ({ user }, request) => seen.push(['verified', user.id, request]),
      onRejected: ({ code }, request) => seen.push(['rejected', code, request]),
      onRotatedKey: ({ user }, request) => seen.push(['rotated', user.id, request]),
    }
    for (const parts of [good, forged, {}, rotated]) await judge({ ...parts, native }, options)
    expect(seen).toEqual([
      ['verified', 'u1', native],
      ['rejected', 'signature_invalid', native],
      ['rejected', 'credential_missing', native],
      ['verified', 'u1', native],
      ['rotated', 'u1', native],
    ])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('observer')
      },
    ],
    ['rejects', () => Promise.reject(new Error('observer'))],
  ])('changes no verdict when it %s, and leaves nothing unhandled', async (_, observer) => {
    const warnings = catchWarnings()
    for (const parts of [good, forged, rotated]) {
      const [verdict, undisturbed] = [
        await watched(parts, observer as () => void),
        await judge(parts),
      ] // what it returns is not asked for
      expect(JSON.stringify(verdict)).toBe(JSON.stringify(undisturbed))
    }
    await settled()
    expect(warnings.codes()).toEqual(Array(4).fill('COUNTERSIGN_OBSERVER_FAILED'))
    expect(warnings.texts()[0]).toContain('onVerified')
  })
})

describe('a mistake that only a request shows', () => {
  it('is answered barely and told to the developer once', async () => {
    const warnings = catchWarnings()
    const onRejected = jest.fn()
    const guard = createGuard(link({ secret: () => '' }), { now, onRejected })
    for (let request = 0; request < 3; request++) {
      expect(await guard.judge(view(good))).toMatchObject({
        pass: false,
        response: { status: 500, body: expect.stringContaining('"code":"server_error"') },
      })
    }
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MISCONFIGURED'])
    expect(warnings.texts()[0]).toContain('The secret is empty')
    expect(onRejected).toHaveBeenCalledTimes(3)
  })

  it('is told once for each mistake', async () => {
    const warnings = catchWarnings()
    const secrets = ['', 7 as unknown as string, ''] // wrong on purpose
    const guard = createGuard(message({ secret: () => secrets.shift() ?? null }), { now })
    for (const workspace of ['a', 'b', 'c']) {
      await guard.judge(view({ method: 'POST', ...forgeMessage({ workspace }) }))
    }
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MISCONFIGURED', 'COUNTERSIGN_MISCONFIGURED'])
  })
})
