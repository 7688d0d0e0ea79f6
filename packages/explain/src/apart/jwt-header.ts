import { base64url, LIMITS, parseObject, type JsonObject } from '@countersign/core'
import { found, type Found } from '../causes'
import type { Piece } from '../given/piece'

/** What is wrong with the header of a JWT. */
export function headerProblems(head: Piece, signature: Piece): readonly Found[] {
  const bytes = head.length <= LIMITS.jwtHeader ? base64url.decode(head.text) : undefined
  const header = bytes && parseObject(bytes)
  if (!header) return [found('jwt-header', head.range)]
  const { alg, typ, kid } = header
  if (typeof alg === 'string' && /^none$/i.test(alg) && signature.length === 0) {
    return [found('jwt-unsigned', head.range)]
  }
  return [
    ...members(header).map((sent) => found('jwt-header-member', head.range, { sent })),
    ...(typ === undefined || (typeof typ === 'string' && /^jwt$/i.test(typ))
      ? []
      : [found('jwt-type', head.range)]),
    ...(isKeyId(kid) ? [] : [found('jwt-key-id', head.range, { limit: String(LIMITS.keyId) })]),
    ...(alg === 'HS256' ? [] : [found('jwt-algorithm', head.range, { sent: algorithm(alg) })]),
  ]
}

function members(header: JsonObject): readonly string[] {
  return Object.keys(header).filter((name) => !['alg', 'typ', 'kid'].includes(name))
}

function isKeyId(kid: unknown): boolean {
  return kid === undefined || (typeof kid === 'string' && kid.length <= LIMITS.keyId)
}

function algorithm(alg: unknown): string {
  return alg === undefined ? 'nothing: "alg" is missing' : JSON.stringify(alg)
}
