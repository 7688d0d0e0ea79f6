import type { ConfigError } from './config-error'
import { REJECTIONS, type Rejection } from './rejection'
import type { ResponseData } from './request'

/** Headers of every response that depends on the user (RFC 9111 section 5.2.2.5). */
const NOT_FOR_CACHES = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

/**
 * A refusal as `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, and nothing
 * from the request. Every mistake of the application is a bare `server_error`.
 */
export function problemResponse(error: Rejection | ConfigError): ResponseData {
  const { status, publicCode, title } = publicFace(error)
  const problem = { type: `urn:countersign:problem:${publicCode}`, title, status, code: publicCode }
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...NOT_FOR_CACHES, ...error.headers },
    body: JSON.stringify(problem),
  }
}

function publicFace(error: Rejection | ConfigError) {
  return 'reason' in error
    ? { status: 500, publicCode: 'server_error', title: 'Server error' }
    : REJECTIONS[error.code]
}

/** A JSON response that no cache stores and no other page learns of through `Referer`. */
export function privateJson(value: unknown): ResponseData {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      ...NOT_FOR_CACHES,
      pragma: 'no-cache',
      'referrer-policy': 'no-referrer',
    },
    body: JSON.stringify(value),
  }
}
