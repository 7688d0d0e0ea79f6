import { timingSafeEqual } from 'node:crypto'
import type { Key, SigningInput } from './key'

/** A keyed signature. The only place where secrets are used and signatures compared. */
export interface Mac {
  readonly name: string
  /** Bytes of a signature. */
  readonly length: number
  /** The shortest key, in bytes, that may be used without `allowShortSecret`. */
  readonly minKeyLength: number
  sign(key: Key, input: SigningInput): Buffer
  /** Compares in constant time. A signature of another length is a wrong signature. */
  verify(key: Key, input: SigningInput, signature: Uint8Array): boolean
}

/** HMAC with SHA-256 (RFC 2104). */
export const hmacSha256: Mac = hmac('sha256', { length: 32, minKeyLength: 16 })

/** The same under JWT's rule for keys: as long as the hash (RFC 7518 section 3.2). */
export const hs256: Mac = hmac('sha256', { length: 32, minKeyLength: 32 })

function hmac(hash: 'sha256', { length, minKeyLength }: Pick<Mac, 'length' | 'minKeyLength'>): Mac {
  return {
    name: `hmac-${hash}`,
    length,
    minKeyLength,
    sign: (key, input) => key.hmac(hash, input),
    verify(key, input, signature) {
      return signature.length === length && timingSafeEqual(key.hmac(hash, input), signature)
    },
  }
}
