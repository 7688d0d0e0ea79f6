import type { RejectionCode } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import {
  ADA,
  createLeakScanner,
  FRAMEWORKS,
  greet,
  guard,
  JSON_TYPE,
  NOW,
  parseBody,
  portals,
  running,
  SCHEMES,
  SECRET,
  sendRaw,
  signing,
  type AnyOptions,
  type RawAnswer,
  type RawHeader,
  type RawRequest,
} from '../src'
import { expectProblem, ownHeaders } from './expect-answer'
import { quiet } from './quiet'
import { call } from './signing'

quiet()

interface Reply {
  readonly url: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly expiresAt: number
}

const replyOf = ({ body }: RawAnswer): Reply => JSON.parse(body) as Reply

/** Set where no other origin may call. */
const OWN_ONLY = { 'cross-origin-resource-policy': 'same-origin' }
const PRIVATE = {
  ...OWN_ONLY,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  pragma: 'no-cache',
}

/** What a frontend makes of a reply, on its way to a portal of ours. */
function delivery({ url, headers, body }: Reply): RawRequest {
  const { pathname, search } = new URL(url)
  const target = pathname + search
  return headers ? { method: 'POST', target, headers: Object.entries(headers), body } : { target }
}

const ORIGIN = 'https://app.example.com'
const HOST: RawHeader = ['Host', 'app.example.com']
const from = (...headers: readonly RawHeader[]): Partial<RawRequest> => ({
  headers: [HOST, ...headers],
})
const REDIRECT = { respond: 'redirect' } as const
const down = new Error('the session store is down')

/** What a framework can get wrong: the rest is decided by the core, whose tests have it. */
const REFUSED: Readonly<Record<string, readonly [RejectionCode, AnyOptions, Partial<RawRequest>]>> =
  {
    'no user is signed in': ['unauthenticated', { user: () => null }, {}],
    'the application cannot tell': ['user_unavailable', { user: () => Promise.reject(down) }, {}],
    'the origin is sent twice': [
      'csrf_rejected',
      {},
      from(['Origin', ORIGIN], ['Origin', 'https://evil.test']),
    ],
    'the site is sent twice': [
      'csrf_rejected',
      {},
      from(['Sec-Fetch-Site', 'same-origin'], ['Sec-Fetch-Site', 'cross-site']),
    ],
    'the body is plain text': ['csrf_rejected', {}, from(['Content-Type', 'text/plain'])],
  }

describe.each(FRAMEWORKS)('a sign endpoint on $name', (framework) => {
  it.each(SCHEMES)(
    'responds with what the guard of the same portal accepts: %s',
    async (scheme) => {
      const portal = portals()[scheme]
      const response = await call(framework, portal)
      expect(response.status).toBe(200)
      expect(ownHeaders(response)).toEqual({
        ...PRIVATE,
        'content-type': expect.stringMatching(/^application\/json(?:; charset=utf-8)?$/) as string,
      })
      const reply = replyOf(response)
      const isMessage = scheme === 'fdback'
      expect(Object.keys(reply)).toEqual(
        isMessage ? ['url', 'headers', 'body', 'expiresAt'] : ['url', 'token', 'expiresAt'],
      )
      const { status, body } = await running(framework, [guard(portal), greet], (port) =>
        sendRaw(port, delivery(reply)),
      )
      const id = { harlyy: null, fdback: ADA['email'] }[scheme as string]
      expect([status, JSON.parse(body)]).toMatchObject([
        200,
        { user: { id: id === undefined ? ADA['id'] : id } },
      ])
    },
  )

  it.each(Object.entries(REFUSED))('refuses where %s', async (_, [code, options, request]) => {
    const response = await call(framework, portals().featkit, options, request)
    expectProblem(response, code, 'GET', OWN_ONLY)
  })

  it('signs the user of the session, whatever body and query say', async () => {
    const victim = { email: 'victim@example.com', id: 'victim', user_id: 'victim', sub: 'victim' }
    const query =
      'email=victim@example.com&user_id=victim&id=victim&exp=9&returnTo=https://evil.test'
    const request = {
      method: 'POST',
      target: `/api/sign?${query}`,
      headers: [JSON_TYPE],
      body: JSON.stringify(victim),
    }
    for (const scheme of SCHEMES.filter((each) => each !== 'harlyy')) {
      const portal = portals()[scheme]
      const plain = await call(framework, portal)
      for (const parsers of [[], parseBody]) {
        const { body } = await running(framework, [...parsers, signing(portal)], (port) =>
          sendRaw(port, request),
        )
        expect(body).toBe(plain.body)
      }
    }
  })

  it('redirects to the portal without a page', async () => {
    const baseUrl = 'https://feedback.example.com/eu/'
    const portal = featkit({ slug: 'acme', secret: SECRET.featkit, baseUrl })
    for (const method of ['GET', 'POST', 'HEAD']) {
      const response = await call(framework, portal, REDIRECT, { method })
      expect([response.status, response.body]).toEqual([302, ''])
      expect(response.headers).toMatchObject({
        ...PRIVATE,
        location: expect.stringMatching(
          /^https:\/\/feedback\.example\.com\/eu\/p\/acme\?token=[\w=.-]+$/,
        ) as string,
      })
      expect(response.headers['content-type'] ?? '').not.toContain('html') // Koa sets text/plain
    }
  })

  it('allows GET and HEAD for links, and only POST for messages', async () => {
    const { featkit: link, fdback: message } = portals()
    const head = await call(framework, link, {}, { method: 'HEAD' })
    expect([head.status, head.body, head.headers['cache-control']]).toEqual([200, '', 'no-store'])
    expect((await call(framework, link, {}, { method: 'GET' })).status).toBe(200)
    for (const [portal, method, allow] of [
      [link, 'PUT', 'GET, HEAD, POST'],
      [message, 'GET', 'POST'],
      [message, 'HEAD', 'POST'],
    ] as const) {
      const response = await call(framework, portal, {}, { method })
      expect([response.status, response.headers['allow']]).toEqual([405, allow])
    }
  })

  it('lets pages of an allowed origin call, preflight included', async () => {
    const options = { allowedOrigins: [ORIGIN] }
    const cors = {
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    }
    const headers = from(['Origin', ORIGIN], ['Sec-Fetch-Site', 'cross-site'])
    const post = await call(framework, portals().fdback, options, headers)
    expect([post.status, post.headers]).toMatchObject([200, cors])
    const preflight = await call(framework, portals().fdback, options, {
      method: 'OPTIONS',
      ...from(['Origin', ORIGIN], ['Access-Control-Request-Headers', 'content-type, x-csrf']),
    })
    expect([preflight.status, preflight.body]).toEqual([204, ''])
    expect(ownHeaders(preflight)).toEqual({
      ...cors,
      allow: 'POST',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-csrf',
    })
  })
})

it('a sign endpoint never shows the secret', async () => {
  const { leaksIn } = createLeakScanner()
  const sensitive = Object.entries(SECRET).map(([label, text]) => ({
    label,
    bytes: Buffer.from(text),
  }))
  const ways: readonly AnyOptions[] = [
    {},
    { user: () => null },
    { user: () => ({ id: 5n }) },
    { now: () => 0 },
  ]
  const leaks: string[] = []
  for (const scheme of SCHEMES) {
    for (const options of ways) {
      const { rawHeaders, body } = await call(FRAMEWORKS[0]!, portals()[scheme], options)
      const text = [...rawHeaders.flat(), body].join('\n')
      const decoded = text
        .match(/[\w+/=-]{8,}/g)
        ?.map((part) => Buffer.from(part, 'base64').toString('latin1'))
      leaks.push(...leaksIn([text, ...(decoded ?? [])].join('\n'), sensitive))
    }
  }
  expect(leaks).toEqual([])
})

it('the reply of a fdback endpoint has the documented members', async () => {
  const {
    url,
    headers = {},
    body,
    expiresAt,
  } = replyOf(await call(FRAMEWORKS[0]!, portals().fdback))
  expect({ url, headers, body, expiresAt }).toEqual({
    url: 'https://app.fdback.io/api/auth/sdk-login',
    headers: {
      'x-workspace-id': 'ws_demo',
      'x-timestamp': String(NOW),
      'x-signature': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    },
    body: '{"email":"ada@example.com","name":"Ada"}',
    expiresAt: NOW + 300_000,
  })
})
