import type { IncomingMessage } from 'node:http'
import { memoryReplayStore } from '@countersign/core'
import {
  answer,
  ask,
  before,
  featkitQuery,
  FORM_TYPE,
  FRAMEWORKS,
  greet,
  guard,
  harlyyQuery,
  jsonPost,
  NODE_FRAMEWORKS,
  outcomesOf,
  portals,
  readUrls,
  running,
  sendRaw,
  type Framework,
  type RawHeader,
  type RawRequest,
} from '../src'
import { ownHeaders } from './expect-answer'
import { quiet } from './quiet'

quiet()

const bearer = (query: string): RawHeader => ['Authorization', query.replace('token=', 'Bearer ')]

describe.each(FRAMEWORKS)('the headers of a request on $name', (framework) => {
  it('reads a second Authorization header, which Node drops, only with `bearer`', async () => {
    const once = bearer(await featkitQuery())
    const basic = ['authorization', 'Basic YTpi'] as const
    const requests = [[once], [once, once], [once, basic]].map((headers) => ({
      target: '/',
      headers,
    }))
    const { featkit } = portals()
    expect(await outcomesOf(framework, featkit, { bearer: true }, requests)).toEqual([
      '200',
      '400 credential_ambiguous',
      '400 credential_ambiguous',
    ])
    const missing = '401 credential_missing'
    expect(await outcomesOf(framework, featkit, {}, requests)).toEqual([missing, missing, missing])
  })

  it('refuses a repeated signed header, which Node joins', async () => {
    const post = await jsonPost()
    const twice = post.headers
      .filter(([name]) => name.startsWith('x-'))
      .map((again) => ({ ...post, headers: [...post.headers, again] }))
    const ambiguous = '400 credential_ambiguous'
    expect(await outcomesOf(framework, portals().fdback, {}, [post, ...twice])).toEqual([
      '200',
      ambiguous,
      ambiguous,
      ambiguous,
    ])
  })

  it('refuses a signature with bytes that Node would read as hexadecimal digits', async () => {
    const post = await jsonPost()
    const requests = ['\u00e9', '\u00c5\u00a1', '\u00b2'].map((other) => ({
      ...post,
      headers: post.headers.map(([name, value]): RawHeader => [
        name,
        name === 'x-signature' ? other + value.slice(other.length) : value,
      ]),
    }))
    const outcomes = await outcomesOf(framework, portals().fdback, {}, requests)
    expect(outcomes).toEqual(requests.map(() => '401 token_malformed'))
  })

  it('ignores forwarding headers and a Host header that is not a host', async () => {
    const notAHost: RawHeader = ['Host', 'evil.com:fake@legit.com']
    const forged: RawHeader[] = [
      ...(framework.family === 'hono' ? [] : [notAHost]), // its own server refuses it
      ['X-Forwarded-Host', 'evil.test'],
      ['X-Forwarded-Proto', 'javascript'],
      ['Forwarded', 'host=evil.test;proto=http'],
      ['X-Original-URL', '/?token=a'],
      ['X-Rewrite-URL', '/?token=a'],
      ['__proto__', 'x'],
    ]
    expect(await answersTo(framework, forged)).toEqual(await answersTo(framework, []))
  })

  it('does not take the method of a one-time use from a header or a parameter', async () => {
    const query = await harlyyQuery()
    const override = (method: string, value: string, more = ''): RawRequest => ({
      method,
      target: `/?${query}${more}`,
      headers: [
        ['X-HTTP-Method-Override', value],
        ['X-Method-Override', value],
      ],
    })
    const requests = [
      override('GET', 'POST'),
      override('GET', 'DELETE', '&_method=POST'),
      override('POST', 'GET'),
      override('GET', 'POST'),
    ]
    const options = { replayStore: memoryReplayStore() }
    expect(await outcomesOf(framework, portals().harlyy, options, requests)).toEqual([
      '200',
      '200',
      '200',
      '401 token_replayed',
    ])
  })
})

describe.each(FRAMEWORKS)('the URL of a request on $name', (framework) => {
  it('is searched for a credential in its query only, also in absolute form', async () => {
    const query = await featkitQuery()
    const requests: readonly RawRequest[] = [
      { target: `http://evil.test/?${query}` },
      { target: `http://token=${query.slice(6)}@evil.test/` },
      { target: `/#?${query}` },
      { target: `/?a=1#&${query}` },
      { target: `/${query}` },
      { target: '/', headers: [['Cookie', query]] },
      { method: 'POST', target: '/', headers: [FORM_TYPE], body: query },
    ]
    const outcomes = await outcomesOf(framework, portals().featkit, {}, requests)
    expect(outcomes).toEqual(['200', ...Array(6).fill('401 credential_missing')])
  })

  it('does not make a response private where the credential was not in it', async () => {
    const { featkit, fdback } = portals()
    const optional = { bearer: true, mode: 'optional' } as const
    const steps = [guard([featkit, fdback], optional), greet]
    const asBearer = { target: '/', headers: [bearer(await featkitQuery())] }
    for (const request of [asBearer, { target: '/' }, await jsonPost()]) {
      const response = await ask(framework, steps, request)
      expect([response.status, Object.keys(ownHeaders(response))]).toEqual([200, ['content-type']])
    }
  })
})

describe.each(NODE_FRAMEWORKS)('the URL with `stripCredential` on $name', (framework) => {
  it('contains no credential for later middleware', async () => {
    const query = await featkitQuery()
    const { featkit, fdback } = portals()
    const look = answer(({ urls }) => urls)
    const target = `/a%20b?x=1&${query}&y=%7A&y=2&Token=3`
    expect((await ask(framework, [guard(featkit), look], { target })).body).toContain(query)
    const stripped = [guard([featkit, fdback], { stripCredential: true }), look]
    for (const steps of [stripped, [readUrls, ...stripped]]) {
      const { body } = await ask(framework, steps, { target })
      const urls = JSON.parse(body) as readonly unknown[]
      const texts = urls.filter((url) => typeof url === 'string')
      expect(texts).toHaveLength(framework.family === 'koa' ? 8 : 2)
      for (const url of texts) expect(url).toMatch(/\/a%20b\?x=1&y=%7A&y=2&Token=3$/)
      const parsed = urls.filter((url) => typeof url !== 'string')
      expect(parsed).toEqual([{ x: '1', y: ['z', '2'], Token: '3' }])
    }
  })

  it('is unchanged where the request is refused', async () => {
    const seen: IncomingMessage[] = []
    const refusing = guard(portals().featkit, { stripCredential: true, rejections: 'forward' })
    const { status } = await ask(framework, [before((req) => seen.push(req)), refusing], {
      target: '/?token=x',
      headers: [['Host', '[']],
    })
    expect([status, seen.map(({ url }) => url)]).toEqual([401, ['/?token=x']])
  })
})

describe.each(FRAMEWORKS)('the application behind a guard on $name', (framework) => {
  it('responds to its own errors itself', async () => {
    const failures: readonly (() => unknown)[] = [
      () => {
        throw Object.assign(new Error('x'), { status: 418 })
      },
      () => Promise.reject(new Error('x')),
    ]
    const onRejected = jest.fn()
    const target = `/?${await featkitQuery()}`
    for (const [index, fail] of failures.entries()) {
      const steps = [guard(portals().featkit, { onRejected }), answer(fail)]
      const { status, headers } = await ask(framework, steps, { target })
      expect([status, headers['www-authenticate']]).toEqual([[418, 500][index], undefined])
    }
    expect(onRejected).not.toHaveBeenCalled()
  })

  it('does not get a user from a polluted prototype', async () => {
    const polluted = Object.prototype as { portalUser?: unknown; portalAuth?: unknown }
    polluted.portalUser = polluted.portalAuth = { id: 'admin' }
    try {
      const steps = [guard(portals().featkit, { mode: 'optional' }), greet]
      expect((await ask(framework, steps, { target: '/' })).body).toBe('{"user":null}')
    } finally {
      delete polluted.portalUser
      delete polluted.portalAuth
    }
  })
})

/** The responses to a signed user and to two refused requests, without the date. */
function answersTo(framework: Framework, headers: readonly RawHeader[]) {
  return running(framework, [guard(portals().featkit), greet], async (port) => {
    const answers = []
    for (const target of [`/?${await featkitQuery()}`, '/', '/?token=x']) {
      const { status, body, rawHeaders } = await sendRaw(port, { target, headers })
      answers.push({ status, body, headers: rawHeaders.filter(([name]) => name !== 'Date') })
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401])
    return answers
  })
}
