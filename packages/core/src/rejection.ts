/** What a refused request is told, and what only the log learns. */
export interface RejectionEntry {
  readonly status: number
  /** The `code` of the answer. Coarser than our own where the difference would help an attacker. */
  readonly publicCode: string
  /** The `title` of the answer. */
  readonly title: string
  /** The `error` of the `WWW-Authenticate` challenge (RFC 6750 section 3.1). */
  readonly challenge?: 'invalid_token' | 'invalid_request'
}

const invalidToken = {
  status: 401,
  publicCode: 'invalid_token',
  title: 'Invalid token',
  challenge: 'invalid_token',
} as const

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

/** Every way a request can be refused. Answers, documentation and tests all read this table. */
export const REJECTIONS: Readonly<Record<RejectionCode, RejectionEntry>> = {
  credential_missing: {
    status: 401,
    publicCode: 'credential_missing',
    title: 'Authentication required',
  },
  credential_ambiguous: {
    status: 400,
    publicCode: 'invalid_request',
    title: 'Invalid request',
    challenge: 'invalid_request',
  },
  token_malformed: invalidToken,
  signature_invalid: invalidToken,
  algorithm_not_allowed: invalidToken,
  token_expired: { ...invalidToken, publicCode: 'token_expired', title: 'Token has expired' },
  token_not_yet_valid: {
    ...invalidToken,
    publicCode: 'token_not_yet_valid',
    title: 'Token is not valid yet',
  },
  lifetime_exceeded: {
    ...invalidToken,
    publicCode: 'lifetime_exceeded',
    title: 'Token lives too long',
  },
  claims_invalid: {
    ...invalidToken,
    publicCode: 'claims_invalid',
    title: 'Token claims are invalid',
  },
  audience_mismatch: {
    ...invalidToken,
    publicCode: 'audience_mismatch',
    title: 'Token is meant for someone else',
  },
  token_replayed: { ...invalidToken, publicCode: 'token_replayed', title: 'Token was used before' },
  nonce_in_progress: {
    status: 409,
    publicCode: 'nonce_in_progress',
    title: 'Token is being used at this moment',
  },
  body_timeout: { status: 408, publicCode: 'body_timeout', title: 'Request body took too long' },
  body_too_large: { status: 413, publicCode: 'body_too_large', title: 'Request body is too large' },
  unsupported_encoding: {
    status: 415,
    publicCode: 'unsupported_encoding',
    title: 'Request body encoding is not supported',
  },
  unauthenticated: { status: 401, publicCode: 'unauthenticated', title: 'Nobody is signed in' },
  csrf_rejected: { status: 403, publicCode: 'csrf_rejected', title: 'Cross-site call refused' },
  method_not_allowed: {
    status: 405,
    publicCode: 'method_not_allowed',
    title: 'Method not allowed',
  },
  user_invalid: { status: 422, publicCode: 'user_invalid', title: 'User cannot be signed' },
  store_unavailable: { status: 503, publicCode: 'store_unavailable', title: 'Service unavailable' },
  secret_unavailable: {
    status: 503,
    publicCode: 'secret_unavailable',
    title: 'Service unavailable',
  },
  user_unavailable: { status: 503, publicCode: 'user_unavailable', title: 'Service unavailable' },
}

const brand = Symbol.for('@countersign/core.rejection')

/**
 * Why a request was refused. It has the fields (`status`, `statusCode`, `headers`, `expose`) that
 * Express and Koa honour on an error that reaches them; its message is what a stranger may read.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection'
  readonly code: RejectionCode
  readonly status: number
  readonly statusCode: number
  readonly expose: boolean
  readonly headers: Readonly<Record<string, string>>
  /** Which rule failed, for logs. Never a value that was sent, never a secret. */
  readonly detail: string | undefined

  constructor(code: RejectionCode, detail?: string, cause?: unknown) {
    const entry = REJECTIONS[code]
    super(entry.title, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = entry.status
    this.statusCode = entry.status
    this.expose = entry.status < 500
    this.headers = rejectionHeaders(entry)
    this.detail = detail
  }

  static {
    Object.defineProperty(this.prototype, brand, { value: true })
  }
}

/** True for a rejection of any copy of this package, where `instanceof` would not be. */
export function isRejection(value: unknown): value is Rejection {
  return typeof value === 'object' && value !== null && brand in value
}

/** The headers that an answer with this status owes (RFC 9110 sections 10.2.3 and 11.6.1). */
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
