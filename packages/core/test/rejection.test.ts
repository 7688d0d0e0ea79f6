import { inspect } from 'node:util'
import {
  ConfigError,
  isRejection,
  Rejection,
  REJECTIONS,
  type RejectionCode,
} from '@countersign/core'
import { problemResponse } from '../src/response'

/** Status, public code, title, and the error of the challenge, by code. */
const ANSWERS: Readonly<Record<RejectionCode, readonly [number, string, string, string?]>> = {
  credential_missing: [401, 'credential_missing', 'Authentication required', 'Bearer'],
  credential_ambiguous: [400, 'invalid_request', 'Invalid request', 'invalid_request'],
  token_malformed: [401, 'invalid_token', 'Invalid token', 'invalid_token'],
  signature_invalid: [401, 'invalid_token', 'Invalid token', 'invalid_token'],
  algorithm_not_allowed: [401, 'invalid_token', 'Invalid token', 'invalid_token'],
  token_expired: [401, 'token_expired', 'Token has expired', 'invalid_token'],
  token_not_yet_valid: [401, 'token_not_yet_valid', 'Token is not valid yet', 'invalid_token'],
  lifetime_exceeded: [401, 'lifetime_exceeded', 'Token lives too long', 'invalid_token'],
  claims_invalid: [401, 'claims_invalid', 'Token claims are invalid', 'invalid_token'],
  audience_mismatch: [
    401,
    'audience_mismatch',
    'Token is meant for another audience',
    'invalid_token',
  ],
  token_replayed: [401, 'token_replayed', 'Token was used before', 'invalid_token'],
  nonce_in_progress: [409, 'nonce_in_progress', 'Token is in use'],
  prefetch_refused: [503, 'prefetch_refused', 'Prefetch refused'],
  body_timeout: [408, 'body_timeout', 'Request body took too long'],
  body_too_large: [413, 'body_too_large', 'Request body is too large'],
  unsupported_encoding: [415, 'unsupported_encoding', 'Request body encoding is not supported'],
  unauthenticated: [401, 'unauthenticated', 'No user is signed in', 'Bearer'],
  csrf_rejected: [403, 'csrf_rejected', 'Cross-site call refused'],
  method_not_allowed: [405, 'method_not_allowed', 'Method not allowed'],
  return_to_invalid: [400, 'return_to_invalid', 'Return address is not allowed'],
  user_invalid: [422, 'user_invalid', 'User cannot be signed'],
  store_unavailable: [503, 'store_unavailable', 'Service unavailable'],
  secret_unavailable: [503, 'secret_unavailable', 'Service unavailable'],
  user_unavailable: [503, 'user_unavailable', 'Service unavailable'],
}
const ANSWERED = Object.entries(ANSWERS)
const NOT_FOR_CACHES = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** The headers of a refusal beside those of every response. */
function headersFor(status: number, title: string, challenge?: string): object {
  if (status === 409 || status === 503) return { 'retry-after': '1' }
  if (challenge === undefined) return {}
  const error = challenge === 'Bearer' ? '' : ` error="${challenge}", error_description="${title}"`
  return { 'www-authenticate': `Bearer${error}` }
}

describe('a rejection', () => {
  it('has one of these codes', () => {
    expect(Object.keys(REJECTIONS).toSorted()).toEqual(Object.keys(ANSWERS).toSorted())
  })

  it.each(ANSWERED)('becomes problem+json without its detail: %s', (code, answer) => {
    const [status, publicCode, title, challenge] = answer
    const cause = new Error('why')
    const rejection = new Rejection(code as RejectionCode, 'which rule failed', cause)
    const shared = { name: 'Rejection', code, message: title, detail: 'which rule failed', cause }
    expect(rejection).toMatchObject({
      ...shared,
      status,
      statusCode: status,
      expose: status < 500,
    })
    const headers = headersFor(status, title, challenge)
    expect(rejection.headers).toEqual(headers)
    const { body, ...response } = problemResponse(rejection)
    expect(response).toEqual({ status, headers: { ...NOT_FOR_CACHES, ...headers } })
    const type = `urn:countersign:problem:${publicCode}`
    expect(JSON.parse(body)).toEqual({ type, title, status, code: publicCode })
  })

  it('shows its detail in logs, and has a cause only where there is one', () => {
    expect(inspect(new Rejection('store_unavailable', 'the store failed'))).toContain(
      'the store failed',
    )
    expect('cause' in new Rejection('token_expired')).toBe(false)
  })

  it('is recognized from another copy of this package, and nothing else is', () => {
    const copy = { [Symbol.for('@countersign/core.rejection')]: true }
    expect([new Rejection('token_expired'), copy].map(isRejection)).toEqual([true, true])
    const config = new ConfigError('no_guard', { problem: '', fix: '' })
    const errors = [new Error('x'), { code: 'token_expired' }, config]
    const others = [null, undefined, 'token_expired', 401, ...errors]
    for (const other of others) expect(isRejection(other)).toBe(false)
  })
})

describe('a ConfigError', () => {
  it('says what is wrong and what to change', () => {
    const error = new ConfigError('secret_missing', { problem: 'It is missing', fix: 'Pass it' })
    const expected = { name: 'ConfigError', reason: 'secret_missing', fix: 'Pass it' }
    expect(error).toMatchObject({ ...expected, message: 'It is missing. Pass it.' })
    expect(error).toBeInstanceOf(TypeError)
    expect(new ConfigError('option_unknown', { problem: 'a', fix: 'b?' }).message).toBe('a. b?')
  })

  it.each([
    ['raw_body_unavailable', 'raw_body_unavailable'],
    ['clock_invalid', 'clock_invalid'],
    ['secret_missing', 'misconfigured'],
  ] as const)('is answered as a bare server error: %s', (reason, code) => {
    const error = new ConfigError(reason, { problem: 'It is missing', fix: 'Pass it' })
    expect(error).toMatchObject({ code, status: 500, statusCode: 500, expose: false, headers: {} })
    expect(problemResponse(error)).toEqual({
      status: 500,
      headers: NOT_FOR_CACHES,
      body: '{"type":"urn:countersign:problem:server_error","title":"Server error","status":500,"code":"server_error"}',
    })
  })
})
