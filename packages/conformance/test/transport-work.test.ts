import { createHmac } from 'node:crypto'
import { createVerifier, parseObject, type Portal, type RequestView } from '@countersign/core'
import { FRAMEWORKS, judge } from './transport-frameworks'
import { counting, NO_WORK } from './transport-work'
import { featkitQuery, NOW, now, portals, SECRET } from './transport-kit'

interface Sent {
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** Verifies without a server: what a server never lets through must be harmless all the same. */
async function verdictOn(
  portal: Portal,
  { target = '/', headers = {}, body }: Sent,
): Promise<string> {
  const view: RequestView = {
    method: 'POST',
    target,
    headers: (name) => (headers[name] === undefined ? [] : [headers[name]]),
    body: () => body ?? Buffer.alloc(0),
    native: {},
  }
  const result = await createVerifier(portal, { now }).verify(view)
  return result.ok ? 'ok' : result.error.code
}

function fdbackHeaders(body: Uint8Array, secret: string = SECRET.fdback) {
  const signature = createHmac('sha256', secret).update(`${NOW}.`).update(body).digest('hex')
  return { 'x-workspace-id': 'ws_demo', 'x-timestamp': String(NOW), 'x-signature': signature }
}

function featkitTarget(json: string, secret: string = SECRET.featkit): string {
  const text = Buffer.from(json).toString('base64url')
  return `/?token=${text}.${createHmac('sha256', secret).update(text).digest('hex')}`
}

function jwtTarget(header: string, claims: object, secret: string = SECRET.seggwat): string {
  const input = [header, JSON.stringify(claims)]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
  return `/?token=${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

const USER = { sub: 'u-1', exp: NOW / 1000 + 60, iat: NOW / 1000, project_key: 'abc123' }
const headerOf = (kid: string): string => JSON.stringify({ alg: 'HS256', kid })

describe('hostile sizes', () => {
  it.each([
    ['a token of 4 097 characters', `/?token=${'A'.repeat(4_032)}.${'a'.repeat(64)}`],
    ['a signature of 1 MB', `/?token=AAAA.${'a'.repeat(1_000_000)}`],
    ['1 MB of dots', `/?token=${'.'.repeat(1_000_000)}`],
    ['a token of 4 097 characters, escaped', `/?token=${'%41'.repeat(4_097)}`],
  ])('DS-01 are refused before any work: %s', async (_what, target) => {
    for (const portal of [portals().featkit, portals().seggwat, portals().jwt]) {
      const unescape = jest.spyOn(globalThis, 'decodeURIComponent')
      const { result, did } = await counting(() => verdictOn(portal, { target }))
      const unescaped = unescape.mock.calls.length
      unescape.mockRestore()
      const nothing = { result: 'token_malformed', did: NO_WORK, unescaped: 0 }
      expect({ result, did, unescaped }).toEqual(nothing)
    }
  })

  it('DS-01 begin one character above what is still looked at', async () => {
    const json = JSON.stringify({ user_id: 'u-1', timestamp: NOW / 1000, expires: NOW / 1000 + 60 })
    const fits = featkitTarget(json.padEnd(3_024, ' ')).slice('/?token='.length)
    expect(fits).toHaveLength(4_096 + 1)
    const exactly = featkitTarget(json.padEnd(3_023, ' '))
    expect(exactly).toHaveLength('/?token='.length + 4_096)
    expect(await verdictOn(portals().featkit, { target: exactly })).toBe('ok')
    expect(await verdictOn(portals().featkit, { target: `/?token=${fits}` })).toBe(
      'token_malformed',
    )
  })

  it('DS-02 is nested as deep as a body allows, and is no user', async () => {
    for (const [open, close] of [
      ['{"a":', '}'],
      ['[', ']'],
    ] as const) {
      const deep = (levels: number): Buffer =>
        Buffer.from(`{"email":${open.repeat(levels)}1${close.repeat(levels)}}`)
      const body = deep(2_000)
      const sent = { headers: fdbackHeaders(body), body }
      expect(await verdictOn(portals().fdback, sent)).toBe('token_malformed')
      const huge = deep(100_000)
      const over = { headers: fdbackHeaders(huge), body: huge }
      expect(await verdictOn(portals().fdback, over)).toBe('body_too_large')
      expect(parseObject(huge)).toBeUndefined()
      expect(parseObject(deep(7))).toBeDefined()
    }
  })

  it('DS-03 has more members than a credential may have, or names that collide', async () => {
    const members = (count: number): Buffer =>
      Buffer.from(
        JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [i, 1]))),
      )
    expect(parseObject(members(64))).toBeDefined()
    expect(parseObject(members(65))).toBeUndefined()
    expect(parseObject(members(10_000))).toBeUndefined()
    const body = members(1_500)
    const sent = { headers: fdbackHeaders(body), body }
    expect(await verdictOn(portals().fdback, sent)).toBe('token_malformed')
  })

  it('DS-03 is not parsed at all before its signature is right', async () => {
    const wrong = 'another-secret-of-32-bytes-or-more'
    const body = Buffer.from('{"email":"ada@example.com"}')
    const { featkit, jwt, fdback } = portals()
    const usualHeader = '{"alg":"HS256","typ":"JWT"}'
    for (const [portal, sent] of [
      [featkit, { target: featkitTarget('{"user_id":"u-1"}', wrong) }],
      [jwt, { target: jwtTarget(usualHeader, USER, wrong) }],
      [fdback, { headers: fdbackHeaders(body, wrong), body }],
    ] as const) {
      const { result, did } = await counting(() => verdictOn(portal, sent))
      expect([result, did.parsed]).toEqual(['signature_invalid', 0])
      expect(did.signed).toBe(1)
    }
  })

  it('DS-04 is a JWT header above 1 024 characters: refused before it is parsed', async () => {
    const { jwt } = portals()
    const fits = jwtTarget(headerOf('k'.repeat(256)), USER)
    const control = await counting(() => verdictOn(jwt, { target: fits }))
    expect([control.result, control.did.parsed]).toEqual(['ok', 2])
    for (const length of [1_000, 2_000, 100_000]) {
      const target = jwtTarget(headerOf('k'.repeat(length)), USER)
      const { result, did } = await counting(() => verdictOn(jwt, { target }))
      expect([result, did.parsed, did.signed]).toEqual(['token_malformed', 0, 0])
    }
  })

  it('DS-05 decodes each of 1 001 names once', async () => {
    const decode = jest.spyOn(globalThis, 'decodeURIComponent')
    const target = `/?${'%61=b&'.repeat(1_000)}${await featkitQuery()}`
    const result = await verdictOn(portals().featkit, { target })
    const decoded = decode.mock.calls.filter(([text]) => text === '%61').length
    decode.mockRestore()
    expect({ result, decoded }).toEqual({ result: 'ok', decoded: 1_000 })
  })
})

describe.each(FRAMEWORKS)('a query of many parameters, on $name', (framework) => {
  it('DS-05 is refused at the second of 1 001 tokens, without decoding any', async () => {
    const many = { target: `/?${'token=a&'.repeat(1_000)}token=a` }
    const decode = jest.spyOn(globalThis, 'decodeURIComponent')
    const { result, did } = await counting(() =>
      judge(framework, { portal: portals().featkit }, many),
    )
    const decoded = decode.mock.calls.length
    decode.mockRestore()
    expect({ result, did, decoded }).toEqual({
      result: ['400 credential_ambiguous'],
      did: NO_WORK,
      decoded: 0,
    })
  })
})
