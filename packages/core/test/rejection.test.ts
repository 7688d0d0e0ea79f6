import { inspect } from 'node:util'
import { isRejection, Rejection, REJECTIONS, type RejectionCode } from '@countersign/core'
import { problemResponse } from '../src/problem'
import { ConfigError } from '../src/config-error'

const codes = Object.keys(REJECTIONS) as RejectionCode[] // its keys are the codes

/** Code: status, public code, `WWW-Authenticate`. */
const answers: Readonly<Record<RejectionCode, readonly [number, string, string?]>> = {
  credential_missing: [401, 'credential_missing', 'Bearer'],
  credential_ambiguous: [
    400,
    'invalid_request',
    'invalid_request", error_description="Invalid request"',
  ],
  token_malformed: [401, 'invalid_token', 'invalid_token", error_description="Invalid token"'],
  signature_invalid: [401, 'invalid_token', 'invalid_token", error_description="Invalid token"'],
  algorithm_not_allowed: [
    401,
    'invalid_token',
    'invalid_token", error_description="Invalid token"',
  ],
  token_expired: [401, 'token_expired', 'invalid_token", error_description="Token has expired"'],
  token_not_yet_valid: [
    401,
    'token_not_yet_valid',
    'invalid_token", error_description="Token is not valid yet"',
  ],
  lifetime_exceeded: [
    401,
    'lifetime_exceeded',
    'invalid_token", error_description="Token lives too long"',
  ],
  claims_invalid: [
    401,
    'claims_invalid',
    'invalid_token", error_description="Token claims are invalid"',
  ],
  audience_mismatch: [
    401,
    'audience_mismatch',
    'invalid_token", error_description="Token is meant for someone else"',
  ],
  token_replayed: [
    401,
    'token_replayed',
    'invalid_token", error_description="Token was used before"',
  ],
  nonce_in_progress: [409, 'nonce_in_progress'],
  body_timeout: [408, 'body_timeout'],
  body_too_large: [413, 'body_too_large'],
  unsupported_encoding: [415, 'unsupported_encoding'],
  unauthenticated: [401, 'unauthenticated', 'Bearer'],
  csrf_rejected: [403, 'csrf_rejected'],
  method_not_allowed: [405, 'method_not_allowed'],
  user_invalid: [422, 'user_invalid'],
  store_unavailable: [503, 'store_unavailable'],
  secret_unavailable: [503, 'secret_unavailable'],
  user_unavailable: [503, 'user_unavailable'],
}

describe('a rejection', () => {
  it('has a row for every code', () => {
    expect(codes.toSorted()).toEqual(Object.keys(answers).toSorted())
  })

  it.each(codes)('answers %s as problem+json that says no more than it may', (code) => {
    const [status, publicCode, challenge] = answers[code]
    const response = problemResponse(new Rejection(code, 'which rule failed', new Error('why')))
    const title = REJECTIONS[code].title
    expect(JSON.parse(response.body)).toEqual({
      type: `urn:countersign:problem:${publicCode}`,
      title,
      status,
      code: publicCode,
    })
    const error =
      challenge === undefined || challenge === 'Bearer' ? challenge : `Bearer error="${challenge}`
    expect(response).toMatchObject({ status })
    expect(response.headers).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(error !== undefined && { 'www-authenticate': error }),
      ...([409, 503].includes(status) && { 'retry-after': '1' }),
    })
  })

  it('has what Express and Koa honour on an error', () => {
    expect(new Rejection('token_expired')).toMatchObject({
      name: 'Rejection',
      message: 'Token has expired',
      status: 401,
      statusCode: 401,
      expose: true,
      headers: { 'www-authenticate': expect.any(String) },
    })
    expect(new Rejection('store_unavailable')).toMatchObject({ status: 503, expose: false })
    expect(new Rejection('nonce_in_progress')).toMatchObject({
      message: 'Token is being used at this moment',
      status: 409,
      expose: true,
      headers: { 'retry-after': '1' },
    })
  })

  it('keeps its detail and its cause for logs', () => {
    const cause = new Error('connection refused')
    const rejection = new Rejection('store_unavailable', 'the store failed', cause)
    expect(rejection).toMatchObject({ detail: 'the store failed', cause })
    expect(inspect(rejection)).toContain('the store failed')
    expect('cause' in new Rejection('token_expired')).toBe(false)
  })

  it('is known from any copy of this package, and nothing else is', () => {
    const copy = { [Symbol.for('@countersign/core.rejection')]: true }
    expect([new Rejection('token_expired'), copy].map(isRejection)).toEqual([true, true])
    const others = [
      null,
      undefined,
      'token_expired',
      401,
      new Error('x'),
      { code: 'token_expired' },
      {},
    ]
    for (const other of others) expect(isRejection(other)).toBe(false)
  })
})

describe('the developer’s mistake', () => {
  it('is answered as a bare server error', () => {
    const fault = { problem: 'The secret is missing', fix: 'Pass it' }
    for (const reason of ['secret_missing', 'raw_body_unavailable', 'clock_invalid'] as const) {
      const response = problemResponse(new ConfigError(reason, fault))
      expect(response).toEqual({
        status: 500,
        headers: {
          'content-type': 'application/problem+json',
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        },
        body: '{"type":"urn:countersign:problem:server_error","title":"Server error","status":500,"code":"server_error"}',
      })
    }
  })
})
