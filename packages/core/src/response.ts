import type { ConfigError } from './config-error'
import { REJECTIONS, type Rejection } from './rejection'
import type { ResponseData } from './request'

/** Headers of every response that depends on the user (RFC 9111 section 5.2.2.5). */
export const NOT_FOR_CACHES = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const

/** Headers of a response that contains a credential: no other page learns of it through `Referer`. */
export const PRIVATE: Readonly<Record<string, string>> = {
  ...NOT_FOR_CACHES,
  pragma: 'no-cache',
  'referrer-policy': 'no-referrer',
}

export function privateJson(value: unknown): ResponseData {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...PRIVATE },
    body: JSON.stringify(value),
  }
}

/**
 * A refusal as `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, and nothing
 * from the request. Every mistake of the application is a bare `server_error`.
 */
export function problemResponse(error: Rejection | ConfigError): ResponseData {
  const { status, publicCode, title } =
    'reason' in error
      ? { status: 500, publicCode: 'server_error', title: 'Server error' }
      : REJECTIONS[error.code]
  const problem = { type: `urn:countersign:problem:${publicCode}`, title, status, code: publicCode }
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...NOT_FOR_CACHES, ...error.headers },
    body: JSON.stringify(problem),
  }
}
