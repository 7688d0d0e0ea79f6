import { base64url } from './bytes'
import { malformed, type Codec } from './codec'
import { parseObject, type JsonObject } from './json'
import { Rejection } from './rejection'

/** The longest JWT header that is looked at, in characters. */
export const MAX_HEADER = 1_024
export const MAX_KEY_ID = 256
const SIGNATURE_LENGTH = 32

/** What we write, and what nearly everyone sends. */
const USUAL_HEADER = base64url.encode(Buffer.from('{"alg":"HS256","typ":"JWT"}'))

/**
 * A JWT in compact form (RFC 7515 section 7.1), HS256 and nothing else: the algorithm is ours to
 * choose, never the token's. A `kid` is read and ignored, for every secret is tried anyway.
 */
export const compactJws: Codec<string> = {
  compact: true,
  shape: '3 segments',
  fits: (sent) => sent.split('.').length === 3,
  open(sent) {
    const first = sent.indexOf('.')
    const last = sent.lastIndexOf('.')
    const header = sent.slice(0, first)
    const bytes = base64url.decode(sent.slice(first + 1, last))
    const signature = base64url.decode(sent.slice(last + 1))
    if (first < 1 || !bytes?.length || !signature?.length) return malformed('the segments')
    if (header !== USUAL_HEADER) checkHeader(header)
    if (signature.length !== SIGNATURE_LENGTH) return malformed('the signature')
    return {
      tenant: null,
      input: [sent.slice(0, last)],
      signature,
      claims: () => parseObject(bytes) ?? malformed('the payload'),
    }
  },
  seal(claims) {
    const text = `${USUAL_HEADER}.${base64url.encode(Buffer.from(JSON.stringify(claims), 'utf8'))}`
    return { input: [text], finish: (mac) => `${text}.${base64url.encode(mac)}` }
  },
}

/** Only `alg`, `typ` and `kid`: an extension that we do not know must not be passed over (RFC 7515 section 4.1.11). */
function checkHeader(text: string): void {
  const header = parseHeader(text)
  for (const name of Object.keys(header)) {
    if (name !== 'alg' && name !== 'typ' && name !== 'kid') malformed('a member of the header')
  }
  if (!isJwtType(header['typ']) || !isKeyId(header['kid'])) malformed('a member of the header')
  if (header['alg'] !== 'HS256') throw new Rejection('algorithm_not_allowed', '"alg" is not HS256')
}

function parseHeader(text: string): JsonObject {
  const bytes = text.length <= MAX_HEADER ? base64url.decode(text) : undefined
  return (bytes && parseObject(bytes)) ?? malformed('the header')
}

function isJwtType(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT')
}

function isKeyId(kid: unknown): boolean {
  return kid === undefined || (typeof kid === 'string' && kid.length <= MAX_KEY_ID)
}
