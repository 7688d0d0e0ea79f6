import type { ConfigError } from './config-error'
import { REJECTIONS, type Rejection } from './rejection'
import type { ResponseData } from './request'
import { NOT_FOR_CACHES } from './response'

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
