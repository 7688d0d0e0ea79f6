import {
  ConfigError,
  createSignEndpoint,
  createSigner,
  type Portal,
  type RequestView,
  type ResponseData,
} from '@countersign/core'
import { fdback, featkit, harlyy, seggwat } from '@countersign/schemes'
import { FRAMEWORKS } from './transport-frameworks'
import { NOW, now, portals, SECRET } from './transport-kit'
import {
  ADA,
  call,
  expectNothingSigned,
  outcome,
  SCHEMES,
  type AnyOptions,
} from './sign-endpoint-kit'

const secret = SECRET.featkit

describe('SE-26 an id that could leave its place in a path', () => {
  const ids = [
    '../admin',
    'a/b',
    'a?x',
    'a#x',
    '..',
    '.',
    'a%2fb',
    'a\r\nLocation:x',
    '',
    '@evil.com',
    '。',
    'a b',
    'a\\b',
    'é',
    'a'.repeat(256),
    42 as unknown as string, // what a caller without types may pass
  ]

  it.each(ids.map((id) => [JSON.stringify(id).slice(0, 20), id]))(
    'SE-26 makes no portal: %s',
    (_, id) => {
      const made: readonly (() => Portal)[] = [
        () => featkit({ secret, slug: id }),
        () => seggwat({ secret, projectKey: id }),
        () => seggwat({ secret, projectKey: id, mode: 'jwt' }),
        () => harlyy({ secret, businessId: id, surveyId: 's' }),
        () => harlyy({ secret, businessId: 'b', surveyId: id }),
        () => fdback({ secret, workspaceId: id }),
      ]
      for (const make of made)
        expect(make).toThrow(expect.objectContaining({ code: 'misconfigured' }))
    },
  )

  it('SE-26 must be there to sign, and says which is missing', () => {
    const made = { featkit, seggwat, harlyy, fdback }
    const missing = {
      featkit: 'slug',
      seggwat: 'projectKey',
      harlyy: 'businessId',
      fdback: 'workspaceId',
    }
    for (const scheme of ['featkit', 'seggwat', 'harlyy', 'fdback'] as const) {
      const portal = made[scheme]({ secret })
      expect(() => createSigner(portal)).toThrow(missing[scheme])
      expect(() => createSignEndpoint(portal, { user: () => null })).toThrow(ConfigError)
    }
  })
})

describe('SE-27 SE-30 a server that no credential may go to', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.test',
    'evil.test',
    'https://u:p@h.test',
    'https://u@h.test',
    'ftp://h.test',
    'file:///etc/passwd',
    'https://h.test/?token=x',
    'https://h.test/?',
    'https://h.test/#x',
    'https://h.test#',
    '',
    '/p',
  ])('SE-27 SE-30 makes no portal: %s', (baseUrl) => {
    const expected = expect.objectContaining({ code: 'misconfigured' }) as Error
    expect(() => featkit({ secret, slug: 'acme', baseUrl })).toThrow(expected)
    expect(() => fdback({ secret, workspaceId: 'ws', baseUrl })).toThrow(expected)
  })

  it('SE-27 may be plain http in development, and not in production', () => {
    const make = (): Portal => featkit({ secret, slug: 'acme', baseUrl: 'http://localhost:3000' })
    expect(make().baseUrl).toBe('http://localhost:3000')
    const before = process.env['NODE_ENV']
    process.env['NODE_ENV'] = 'production'
    try {
      expect(make).toThrow(ConfigError)
      expect(featkit({ secret, slug: 'acme' }).baseUrl).toBe('https://featkit.com')
    } finally {
      process.env['NODE_ENV'] = before
    }
  })
})

describe('options with which a sign endpoint cannot work', () => {
  const wrong: readonly (readonly [what: string, options: object])[] = [
    ['no user', { user: undefined }],
    ['a user that is no function', { user: ADA }],
    ['an option that nobody reads', { allowSameSite: true }],
    ['every origin', { allowedOrigins: ['*'] }],
    ['an origin with a path', { allowedOrigins: ['https://app.example.com/'] }],
    ['an origin without a scheme', { allowedOrigins: ['app.example.com'] }],
    ['the origin null', { allowedOrigins: ['null'] }],
    ['one origin that is no list', { allowedOrigins: 'https://app.example.com' }],
    ['another way to respond', { respond: 'html' }],
    ['a redirect with what has to be posted', { respond: 'redirect' }],
    ['an iframe where there is no page for one', { embed: true }],
    ['a life that fdback does not have', { expiresIn: 60 }],
  ]

  it.each(wrong)('are refused at once: %s', (_, options) => {
    const all = { user: () => ADA, ...options } as never // the point is what the types forbid
    expect(() => createSignEndpoint(portals().fdback, all)).toThrow(ConfigError)
  })
})

describe.each(FRAMEWORKS)('SE-33 a clock that is wrong, on $name', (framework) => {
  it.each(SCHEMES)('SE-33 signs nothing: %s', async (scheme) => {
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const clocks = [
      Date.UTC(2019, 11, 31),
      0,
      NaN,
      Infinity,
      NOW / 1000,
      '2026' as unknown as number,
    ]
    for (const time of clocks) {
      const seen: unknown[] = []
      const options: AnyOptions = { now: () => time, onRejected: (error) => seen.push(error.code) }
      const answer = await call(framework, { portal: portals()[scheme], options })
      expect(outcome(answer)).toBe('500 server_error')
      expectNothingSigned(answer)
      expect(answer.body).not.toContain('clock')
      expect(seen).toEqual(['clock_invalid'])
    }
    expect(warned).toHaveBeenCalledTimes(clocks.length)
    warned.mockRestore()
  })
})

describe('SE-02 an application that does not answer who is signed in', () => {
  const request: RequestView = {
    method: 'POST',
    target: '/',
    headers: () => [],
    body: () => Buffer.alloc(0),
    native: {},
  }

  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  /** What the endpoint has answered after so many milliseconds; `undefined` where it still waits. */
  async function after(
    ms: number,
    user: () => Promise<typeof ADA>,
  ): Promise<ResponseData | undefined> {
    let response: ResponseData | undefined
    const endpoint = createSignEndpoint(portals().fdback, { user, now })
    void Promise.resolve(endpoint(request)).then((late) => (response = late))
    await jest.advanceTimersByTimeAsync(ms)
    return response
  }

  it('SE-02 is waited for five seconds, and then nobody is signed', async () => {
    const never = (): Promise<never> => new Promise(() => {})
    expect(await after(4_999, never)).toBeUndefined()
    const response = await after(5_000, never)
    expect(response?.status).toBe(503)
    expect(JSON.parse(response?.body ?? '')).toMatchObject({ code: 'user_unavailable' })
    expect(response?.headers['retry-after']).toBe('1')
  })

  it('SE-02 may take its time within them, and leaves no timer behind', async () => {
    const slow = (): Promise<typeof ADA> =>
      new Promise((resolve) => setTimeout(() => resolve(ADA), 4_000))
    expect((await after(4_000, slow))?.status).toBe(200)
    expect(jest.getTimerCount()).toBe(0)
  })
})
