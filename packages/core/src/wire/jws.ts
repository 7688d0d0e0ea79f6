import { Rejection } from '../rejection'
import { base64url } from './bytes'
import { malformed, misspelt, unsigned, type Codec, type Unsigned } from './codec'
import { parseObject, type JsonObject } from './json'
import { LIMITS } from './limits'
import { isTenantId } from './message'

/** The header that we write, and that nearly every issuer sends. */
const USUAL_HEADER = base64url.encode(Buffer.from('{"alg":"HS256","typ":"JWT"}'))
const SIGNATURE_LENGTH = 43

/**
 * A JWT in compact form (RFC 7515 section 7.1), HS256 only: the algorithm is ours to choose, never
 * the token's. A `kid` is checked and otherwise ignored, because every secret is tried anyway.
 */
export const compactJws: Codec<string> = {
  compact: true,
  payload: base64url,
  signature: base64url,
  signs: 'header and payload text',
  header: USUAL_HEADER,
  shape: /^[^.]*\.[^.]*\.[^.]*$/,
  open(value) {
    const first = value.indexOf('.')
    const last = value.lastIndexOf('.')
    const header = value.slice(0, first)
    if (first < 1 || first === last) return malformed('there are not three segments')
    const text = value.slice(first + 1, last)
    const payload = base64url.decode(text)
    const signature = value.slice(last + 1)
    if (!payload?.length) return misspelt('payload', text, base64url)
    if (header !== USUAL_HEADER) checkHeader(header, signature)
    if (signature.length !== SIGNATURE_LENGTH) return misspelt('signature', signature, base64url)
    return { tenant: null, input: [value.slice(0, last)], signature, payload, beside: null }
  },
  seal: (claims) => sealWith(USUAL_HEADER, claims),
}

/**
 * The same with a `kid` in the header that names the tenant. It is covered by the signature, and
 * must be there.
 */
export const jwsWithKeyId: Codec<string> = {
  ...compactJws,
  header: headerWithKeyId,
  open(value) {
    const envelope = compactJws.open(value)
    const bytes = base64url.decode(value.slice(0, value.indexOf('.'))) // it was read before
    const tenant = bytes && parseObject(bytes)?.['kid']
    if (!isTenantId(tenant)) malformed('the header has no "kid" made of A-Z a-z 0-9 _ -')
    return { ...envelope, tenant }
  },
  seal: (claims, tenant) => sealWith(headerWithKeyId(tenant), claims),
}

function sealWith(header: string, claims: JsonObject): Unsigned<string> {
  const payload = base64url.encode(Buffer.from(JSON.stringify(claims), 'utf8'))
  return unsigned(`${header}.${payload}`)
}

function headerWithKeyId(kid: string | null): string {
  return base64url.encode(Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid })))
}

/** Accepts `alg`, `typ` and `kid`; an unknown extension must not be ignored (RFC 7515 section 4.1.11). */
function checkHeader(text: string, signature: string): void {
  if (!base64url.decode(signature)?.length) misspelt('signature', signature, base64url)
  const bytes = text.length <= LIMITS.jwtHeader ? base64url.decode(text) : undefined
  const header =
    (bytes && parseObject(bytes)) ??
    malformed('the header is not one strict JSON object in base64url')
  for (const name of Object.keys(header)) {
    if (name !== 'alg' && name !== 'typ' && name !== 'kid') {
      malformed('the header has a member other than "alg", "typ" and "kid"')
    }
  }
  if (!isJwtType(header['typ'])) malformed('the "typ" of the header is not "JWT"')
  if (!isKeyId(header['kid'])) malformed('the "kid" of the header is not a short text')
  if (header['alg'] !== 'HS256') throw new Rejection('algorithm_not_allowed', '"alg" is not HS256')
}

function isJwtType(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT')
}

function isKeyId(kid: unknown): boolean {
  return kid === undefined || (typeof kid === 'string' && kid.length <= LIMITS.keyId)
}
