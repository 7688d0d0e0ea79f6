/** How a refusal is answered. */
export interface RejectionEntry {
  readonly status: number
  /** The `code` of the response. Coarser than our own where the difference would help an attacker. */
  readonly publicCode: string
  /** The `title` of the response. */
  readonly title: string
  /** The `error` of the `WWW-Authenticate` challenge (RFC 6750 section 3.1). */
  readonly challenge?: 'invalid_token' | 'invalid_request'
}

/** A stable word for each reason to refuse a request, for logs. */
export type RejectionCode =
  | 'credential_missing'
  | 'credential_ambiguous'
  | 'token_malformed'
  | 'signature_invalid'
  | 'algorithm_not_allowed'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'lifetime_exceeded'
  | 'claims_invalid'
  | 'audience_mismatch'
  | 'token_replayed'
  | 'nonce_in_progress'
  | 'prefetch_refused'
  | 'return_to_invalid'
  | 'body_timeout'
  | 'body_too_large'
  | 'unsupported_encoding'
  | 'unauthenticated'
  | 'csrf_rejected'
  | 'method_not_allowed'
  | 'user_invalid'
  | 'store_unavailable'
  | 'secret_unavailable'
  | 'user_unavailable'

/** A credential that was sent and is wrong. */
function wrong(title = 'Invalid token', publicCode = 'invalid_token'): RejectionEntry {
  return { status: 401, publicCode, title, challenge: 'invalid_token' }
}

function entry(status: number, title: string, publicCode: string): RejectionEntry {
  return { status, publicCode, title }
}

/** Every reason to refuse a request. Responses, documentation and tests read this table. */
export const REJECTIONS: Readonly<Record<RejectionCode, RejectionEntry>> = {
  credential_missing: entry(401, 'Authentication required', 'credential_missing'),
  credential_ambiguous: {
    ...entry(400, 'Invalid request', 'invalid_request'),
    challenge: 'invalid_request',
  },
  token_malformed: wrong(),
  signature_invalid: wrong(),
  algorithm_not_allowed: wrong(),
  token_expired: wrong('Token has expired', 'token_expired'),
  token_not_yet_valid: wrong('Token is not valid yet', 'token_not_yet_valid'),
  lifetime_exceeded: wrong('Token lives too long', 'lifetime_exceeded'),
  claims_invalid: wrong('Token claims are invalid', 'claims_invalid'),
  audience_mismatch: wrong('Token is meant for another audience', 'audience_mismatch'),
  token_replayed: wrong('Token was used before', 'token_replayed'),
  nonce_in_progress: entry(409, 'Token is in use', 'nonce_in_progress'),
  prefetch_refused: entry(503, 'Prefetch refused', 'prefetch_refused'),
  return_to_invalid: entry(400, 'Return address is not allowed', 'return_to_invalid'),
  body_timeout: entry(408, 'Request body took too long', 'body_timeout'),
  body_too_large: entry(413, 'Request body is too large', 'body_too_large'),
  unsupported_encoding: entry(
    415,
    'Request body encoding is not supported',
    'unsupported_encoding',
  ),
  unauthenticated: entry(401, 'No user is signed in', 'unauthenticated'),
  csrf_rejected: entry(403, 'Cross-site call refused', 'csrf_rejected'),
  method_not_allowed: entry(405, 'Method not allowed', 'method_not_allowed'),
  user_invalid: entry(422, 'User cannot be signed', 'user_invalid'),
  store_unavailable: entry(503, 'Service unavailable', 'store_unavailable'),
  secret_unavailable: entry(503, 'Service unavailable', 'secret_unavailable'),
  user_unavailable: entry(503, 'Service unavailable', 'user_unavailable'),
}

const brand = Symbol.for('@countersign/core.rejection')

/**
 * Why a request was refused. Has the fields (`status`, `statusCode`, `headers`, `expose`) that
 * Express and Koa honour on an error that reaches them. Its message may be sent to the client.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection'
  readonly code: RejectionCode
  readonly status: number
  readonly statusCode: number
  readonly expose: boolean
  readonly headers: Readonly<Record<string, string>>
  /** Which rule failed, for logs. Never contains a value that was sent, or a secret. */
  readonly detail: string

  constructor(code: RejectionCode, detail?: string, cause?: unknown) {
    const entry = REJECTIONS[code]
    super(entry.title, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = entry.status
    this.statusCode = entry.status
    this.expose = entry.status < 500
    this.headers = rejectionHeaders(entry)
    this.detail = detail ?? entry.title
  }

  static {
    Object.defineProperty(this.prototype, brand, { value: true })
  }
}

/** True also for a rejection of another copy of this package, which `instanceof` misses. */
export function isRejection(value: unknown): value is Rejection {
  return typeof value === 'object' && value !== null && brand in value
}

/** The headers that a response with this status needs (RFC 9110 sections 10.2.3 and 11.6.1). */
function rejectionHeaders({
  status,
  title,
  challenge,
}: RejectionEntry): Readonly<Record<string, string>> {
  if (status === 503 || status === 409) return { 'retry-after': '1' }
  if (challenge) {
    return { 'www-authenticate': `Bearer error="${challenge}", error_description="${title}"` }
  }
  return status === 401 ? { 'www-authenticate': 'Bearer' } : {}
}
