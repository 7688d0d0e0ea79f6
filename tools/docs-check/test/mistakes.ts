import { createHmac } from 'node:crypto'
import type { RequestView } from '@countersign/core'

export const NOW = Date.UTC(2026, 0, 15)
export const iat = NOW / 1000
export const exp = iat + 3600
export const secret = 'the secret of the mistakes, long enough'

export type Encoding = 'hex' | 'base64' | 'base64url'
/** What was done, as the page says it; the code that it says; a request that does it. */
export type Mistake = readonly [what: string, code: string, request: Partial<RequestView>]

export function mac(
  input: string,
  encoding: Encoding = 'hex',
  hash = 'sha256',
  key = secret,
): string {
  return createHmac(hash, key).update(input).digest(encoding)
}

export const coded = (members: object, encoding: Encoding = 'base64url') =>
  Buffer.from(JSON.stringify(members)).toString(encoding)
