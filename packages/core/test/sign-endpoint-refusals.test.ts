import { createSignEndpoint, Key, type SignEndpointOptions } from '@countersign/core'
import { USER_DEADLINE } from '../src/sign-endpoint'
import { expectMisconfigured, refusal } from './support/errors'
import { catchWarnings, settled } from './support/process'
import { view } from './support/request'
import { jwt, type Input } from './support/schemes'
import { CURRENT } from './support/secrets'
import {
  call,
  codeOf,
  links,
  messages,
  native,
  ofSession,
  type Session,
} from './support/sign-endpoint'

afterEach(() => {
  jest.restoreAllMocks()
  jest.useRealTimers()
})

describe('a sign endpoint that does not sign', () => {
  it.each([null, undefined])('answers 401 where `user` gives %p', async (nobody) => {
    const macs = jest.spyOn(Key.prototype, 'hmac')
    const response = await call({}, { user: () => nobody })
    expect([response.status, codeOf(response)]).toEqual([401, 'unauthenticated'])
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer',
    })
    expect(macs).not.toHaveBeenCalled()
  })

  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('session store')
      },
    ],
    ['rejects', () => Promise.reject(new Error('session store'))],
  ])('answers 503 where `user` %s', async (_, user) => {
    const response = await call({}, { user })
    expect([response.status, codeOf(response)]).toEqual([503, 'user_unavailable'])
    expect(response.headers).toMatchObject({ 'retry-after': '1' })
    expect(response.body).not.toContain('session store')
    await settled()
  })

  it('answers 503 where `user` takes more than five seconds', async () => {
    jest.useFakeTimers()
    const answer = call({}, { user: () => new Promise(() => undefined) })
    await jest.advanceTimersByTimeAsync(USER_DEADLINE)
    expect([USER_DEADLINE, (await answer).status]).toEqual([5_000, 503])
  })

  it('answers 422 for a user that cannot be signed, without saying why', async () => {
    const onRejected = jest.fn()
    const response = await call({}, { user: () => ({ id: 'undefined' }), onRejected })
    expect([response.status, codeOf(response)]).toEqual([422, 'user_invalid'])
    expect(onRejected.mock.calls).toMatchObject([
      [{ detail: expect.stringContaining('user_id') }, native],
    ])
    expect(response.body).not.toContain('user_id')
  })

  it('answers 403 to another site, before it asks who is signed in', async () => {
    const user = jest.fn(ofSession)
    const response = await call({ headers: [['Sec-Fetch-Site', 'cross-site']] }, { user })
    expect([response.status, codeOf(response)]).toEqual([403, 'csrf_rejected'])
    expect(user).not.toHaveBeenCalled()
  })

  it.each([
    ['PUT', links, 'GET, HEAD, POST'],
    ['DELETE', links, 'GET, HEAD, POST'],
    ['GET', messages, 'POST'],
  ])('answers 405 to %s, and says what it takes', async (method, portal, allow) => {
    const endpoint = createSignEndpoint(portal, { user: () => null })
    const response = await endpoint(view({ method }))
    expect([response.status, response.headers['allow']]).toEqual([405, allow])
  })

  it('answers a developer’s mistake barely, and tells it once', async () => {
    const warnings = catchWarnings()
    const endpoint = createSignEndpoint(links, { user: () => ({ id: 'u1' }), now: () => NaN })
    for (let calls = 0; calls < 2; calls++) {
      const response = await endpoint(view({ method: 'POST' }))
      expect([response.status, codeOf(response)]).toEqual([500, 'server_error'])
    }
    expect(warnings.codes()).toEqual(['COUNTERSIGN_MISCONFIGURED'])
  })

  it('leaves a fault in our own code a fault', async () => {
    const fault = new Error('our own')
    jest.spyOn(links.scheme.mac, 'sign').mockImplementation(() => {
      throw fault
    })
    expect(await refusal(call())).toBe(fault)
  })

  it('is not disturbed by its observer', async () => {
    const warnings = catchWarnings()
    const onRejected = () => {
      throw new Error('observer')
    }
    expect(await call({}, { user: () => null, onRejected })).toMatchObject({ status: 401 })
    expect(warnings.codes()).toEqual(['COUNTERSIGN_OBSERVER_FAILED'])
  })
})

describe('the options of a sign endpoint', () => {
  it.each<[string, object]>([
    ['no `user`', { user: undefined }],
    ['a user in place of `user`', { user: native.user }],
    ['an embed that is no flag', { embed: 'true' }],
    ['an answer that there is not', { respond: 'html' }],
    ['origins that are none', { allowedOrigins: ['*'] }],
    ['an observer that is none', { onRejected: true }],
    ['a life that is too long', { expiresIn: 86_401 }],
  ])('are refused with %s', (_, wrong) => {
    const options = { user: ofSession, ...wrong } as SignEndpointOptions<Input, Session> // wrong on purpose
    expectMisconfigured(() => createSignEndpoint(links, options), 'option_invalid')
  })

  it('are refused where there are none', () => {
    const none = undefined as unknown as SignEndpointOptions<Input, Session> // wrong on purpose
    expectMisconfigured(() => createSignEndpoint(links, none), 'option_invalid')
  })

  it('are refused where the scheme cannot do it', () => {
    const user = () => null
    expectMisconfigured(
      () => createSignEndpoint(messages, { user, respond: 'redirect' }),
      'option_invalid',
    )
    expectMisconfigured(() => createSignEndpoint(messages, { user, embed: true }), 'option_invalid')
    const anonymous = jwt({ secret: CURRENT })
    expectMisconfigured(() => createSignEndpoint(anonymous, { user }), 'id_missing')
  })
})
