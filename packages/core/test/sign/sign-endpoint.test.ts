import { createSignEndpoint, Key, Rejection } from '@countersign/core'
import { fdback, seggwat } from '@countersign/core/schemes'
import { expectMisconfigured, refusal } from '../support/errors'
import { catchingWarnings } from '../support/process'
import { NOW, now, view, type RequestParts } from '../support/request'
import { CURRENT } from '../support/secrets'
import { call, links, native, user, type Options } from './call'

const secret = CURRENT
const requests = fdback({ secret, workspaceId: 'demo' })

interface Reply {
  readonly url: string
  readonly expiresAt: number
}

async function refused(options: Options, parts: RequestParts = {}) {
  const { body, headers } = await call(parts, options)
  return { headers, ...(JSON.parse(body) as Record<'type' | 'title' | 'code' | 'status', unknown>) }
}

const warnings = catchingWarnings()
afterEach(() => void jest.useRealTimers())

describe('a sign endpoint', () => {
  it('signs for an iframe where an option or `?embed` asks for it and the portal can', async () => {
    const portal = seggwat({ secret, projectKey: 'p' })
    const embedOf = async (query: string, options: { embed?: boolean } = {}) => {
      const endpoint = createSignEndpoint(portal, { now, user, expiresIn: 60, ...options })
      const { url, expiresAt } = JSON.parse((await endpoint(view({ native, query }))).body) as Reply
      expect(expiresAt).toBe(NOW + 60_000)
      return new URL(url).searchParams.get('embed')
    }
    expect([await embedOf('', { embed: true }), await embedOf('embed')]).toEqual(['true', 'true'])
    expect(await embedOf('a=b&embed=1')).toBe('true')
    expect(await embedOf('embedded=1')).toBeNull()
    expect(await embedOf('embed', { embed: false })).toBeNull()
    expect(await call({ query: 'embed' })).toMatchObject({ status: 200 })
  })

  it.each([
    ['PUT', links, 'GET, HEAD, POST'],
    ['GET', requests, 'POST'],
  ])('responds with 405 and the allowed methods: %s', async (method, portal, allow) => {
    const asked = jest.fn(() => null)
    const response = await createSignEndpoint(portal, { user: asked })(view({ method }))
    expect([response.status, response.headers['allow']]).toEqual([405, allow])
    expect(asked).not.toHaveBeenCalled()
  })
})

describe('a sign endpoint that refuses', () => {
  const crossSite = { headers: [['Sec-Fetch-Site', 'cross-site']] } as const
  const rejecting = () => Promise.reject(new Rejection('unauthenticated'))

  it.each<[string, NonNullable<Options['user']>, RequestParts, number, string]>([
    ['`user` returns null', () => null, {}, 401, 'unauthenticated'],
    ['`user` returns undefined', () => undefined, {}, 401, 'unauthenticated'],
    ['`user` rejects with a rejection', rejecting, {}, 401, 'unauthenticated'],
    ['the user is invalid', () => ({ id: 'undefined' }), {}, 422, 'user_invalid'],
    ['another site calls', user, crossSite, 403, 'csrf_rejected'],
    ['another site calls signed out', () => null, crossSite, 403, 'csrf_rejected'],
  ])('signs nothing, and tells only a code, where %s', async (_, who, parts, ...answer) => {
    const macs = jest.spyOn(Key.prototype, 'sign')
    const { status, code, headers, ...problem } = await refused({ user: who }, parts)
    expect([status, code]).toEqual(answer)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    })
    expect(Object.keys(problem)).toEqual(['type', 'title'])
    expect(macs).not.toHaveBeenCalled()
  })

  it('tells its observer the detail', async () => {
    const onRejected = jest.fn()
    await call({}, { user: () => ({ id: '' }), onRejected })
    expect(onRejected.mock.calls).toMatchObject([
      [{ detail: expect.stringMatching(/"id"/) }, native],
    ])
  })

  it.each([false, true])('responds with 503 where `user` fails, late: %p', async (isLate) => {
    const cause = new Error('session store')
    const failing = (): Promise<never> => {
      if (isLate) return Promise.reject(cause)
      throw cause
    }
    const onRejected = jest.fn()
    const { status, code, headers } = await refused({ user: failing, onRejected })
    expect([status, code, headers['retry-after']]).toEqual([503, 'user_unavailable', '1'])
    expect(onRejected.mock.calls).toMatchObject([[{ cause }, native]])
  })

  it('responds with 503 where `user` takes more than five seconds', async () => {
    jest.useFakeTimers()
    const answer = refused({ user: () => new Promise(() => undefined) })
    await jest.advanceTimersByTimeAsync(5_000)
    expect(await answer).toMatchObject({ status: 503, code: 'user_unavailable' })
  })

  it('responds with a bare 500 to a mistake of the application, and reports it once', async () => {
    const endpoint = createSignEndpoint(links, { user, now: () => NaN })
    for (let calls = 0; calls < 2; calls++) {
      const { status, body } = await endpoint(view({ method: 'POST', native }))
      expect([status, JSON.parse(body)]).toMatchObject([500, { code: 'server_error' }])
    }
    expect(warnings.count('COUNTERSIGN_MISCONFIGURED')).toBe(1)
  })

  it('rejects with a bug of ours', async () => {
    const bug = new Error('a bug')
    jest.spyOn(Key.prototype, 'sign').mockImplementation(() => {
      throw bug
    })
    expect(await refusal(call())).toBe(bug)
  })
})

describe('the options of a sign endpoint', () => {
  it.each<[string, object]>([
    ['no `user`', { user: undefined }],
    ['a user as `user`', { user: native.user }],
    ['`embed` as text', { embed: 'true' }],
    ['an unknown response', { respond: 'html' }],
    ['an observer that is no function', { onRejected: true }],
    ['a lifetime that is too long', { expiresIn: 86_401 }],
    ['`signedOut` without a redirect', { signedOut: '/login' }],
    ['`embed` for a portal without a page for iframes', { embed: true }],
  ])('are refused at construction: %s', (_, wrong) => {
    const options = { user, ...wrong } as Required<Options> // wrong on purpose
    expectMisconfigured(() => createSignEndpoint(links, options), 'option_invalid')
  })

  it('are refused where they are missing', () => {
    const none = undefined as unknown as Required<Options> // wrong on purpose
    expectMisconfigured(() => createSignEndpoint(links, none), 'option_invalid')
  })

  it('are refused where a browser can neither be redirected nor post a form', () => {
    const { carrier, ...scheme } = requests.scheme
    const posted = { ...requests, scheme: { ...scheme, carrier: { ...carrier, posts: undefined } } }
    const options = { user: () => null, respond: 'redirect' } as const
    const portal = posted as unknown as typeof requests // a scheme without a form
    expectMisconfigured(() => createSignEndpoint(portal, options), 'option_invalid')
  })
})
