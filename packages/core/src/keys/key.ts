import crypto, { type KeyObject } from 'node:crypto'
import { ConfigError } from '../config-error'
import type { DigestEncoding } from '../wire/bytes'
import type { SigningInput } from '../wire/codec'

/** Read once: a getter stands between a CommonJS module and what it imports by name, and not every runtime has `hash`. */
const { createHmac, createSecretKey, timingSafeEqual } = crypto

/** A keyed signature. Every one is HMAC-SHA256 (RFC 2104); they differ in the keys they accept. */
export interface Mac {
  readonly name: string
  /** The shortest key, in bytes, that may be used without `allowShortSecret`. */
  readonly minKeyLength: number
}

/** HMAC-SHA256. */
export const hmacSha256: Mac = { name: 'hmac-sha256', minKeyLength: 16 }

/** HMAC-SHA256 under JWT's rule for keys: at least as long as the hash (RFC 7518 section 3.2). */
export const hs256: Mac = { name: 'hs256', minKeyLength: 32 }

/** Computes HMAC-SHA256 with one key. Returns text in the given spelling. */
export type Hmac = (input: SigningInput, spelling: DigestEncoding['name']) => string

/**
 * A secret that can sign, verify and be compared with another, and that cannot be read. The only
 * place where secrets are used and signatures compared.
 */
export class Key {
  /** The name that the application gave its secret. */
  readonly id: string | null
  /** Milliseconds since the epoch from which this key is no longer used; `Infinity` for never. */
  readonly notAfter: number
  /** Bytes. */
  readonly length: number
  readonly #secret: KeyObject
  readonly #hmac: Hmac
  #fingerprint: string | undefined

  /** @param secret is copied, and may be wiped afterwards */
  constructor(secret: Uint8Array, { id, notAfter }: Pick<Key, 'id' | 'notAfter'>) {
    this.#secret = createSecretKey(secret)
    this.#hmac = oneShotHash ? oneShotHmac(secret, oneShotHash) : streamingHmac(this.#secret)
    this.id = id
    this.notAfter = notAfter
    this.length = secret.length
  }

  /**
   * Names this key in replay stores: the same in every process, and no help in finding the secret.
   * 16 bytes in hex.
   */
  get fingerprint(): string {
    return (this.#fingerprint ??= this.#hmac(['countersign replay key'], 'hex').slice(0, 32))
  }

  /** The MAC of the input, as text in that encoding. */
  sign(input: SigningInput, { name }: DigestEncoding): string {
    return this.#hmac(input, name)
  }

  /** Compares in constant time. Only the one spelling that `sign` returns is accepted. */
  verify(input: SigningInput, signature: string, { name }: DigestEncoding): boolean {
    return isSameText(this.#hmac(input, name), signature)
  }

  /** HMAC with any hash that `node:crypto` has, for tests of what a verifier must refuse. */
  hmac(hash: string, input: SigningInput): Buffer {
    return updated(createHmac(hash, this.#secret), input).digest()
  }

  /** True for a key that makes the same signatures. */
  equals(other: Key): boolean {
    return this.fingerprint === other.fingerprint
  }
}

/** Not every runtime has it. */
const oneShotHash: typeof crypto.hash | undefined = crypto.hash

const BLOCK = 64
const HASH = 32
/** Longer inputs are hashed in memory of their own, in bytes. Nearly every credential is shorter. */
const USUAL_INPUT = 1_472

/**
 * HMAC from two one-shot hashes, which takes half the time of `createHmac` in a loop and a tenth in
 * a running server. The key is kept as its two padded blocks, each with room for what follows it.
 */
export function oneShotHmac(secret: Uint8Array, hash: typeof crypto.hash): Hmac {
  const key = secret.length > BLOCK ? hash('sha256', secret, 'buffer') : secret
  const inner = padded(key, 0x36, USUAL_INPUT)
  const outer = padded(key, 0x5c, HASH)
  return (input, spelling) => {
    const most = mostBytes(input)
    const memory = most > USUAL_INPUT ? Buffer.concat([inner], BLOCK + most) : inner
    let end = BLOCK
    for (const piece of input) {
      if (typeof piece === 'string') {
        end += memory.write(piece, end, 'utf8')
      } else {
        memory.set(piece, end)
        end += piece.length
      }
    }
    outer.write(hash('sha256', memory.subarray(0, end), 'binary'), BLOCK, 'binary')
    if (memory !== inner) memory.fill(0, 0, BLOCK)
    return hash('sha256', outer, spelling)
  }
}

function padded(key: Uint8Array, pad: number, room: number): Buffer {
  const block = Buffer.alloc(BLOCK + room, pad)
  for (let index = 0; index < key.length; index++) block[index] = pad ^ (key[index] as number) // within bounds
  return block
}

/** Bytes; a UTF-16 code unit takes at most three of UTF-8. */
function mostBytes(input: SigningInput): number {
  let most = 0
  for (const piece of input) most += typeof piece === 'string' ? piece.length * 3 : piece.length
  return most
}

/** For a runtime without `crypto.hash`. */
export function streamingHmac(secret: KeyObject): Hmac {
  return (input, spelling) => updated(createHmac('sha256', secret), input).digest(spelling)
}

function updated(mac: ReturnType<typeof createHmac>, input: SigningInput) {
  for (const piece of input) mac.update(piece as string) // or bytes
  return mac
}

/** Memory for one comparison: a buffer for each side, by their length in bytes. */
const sides = new Map<number, readonly [Buffer, Buffer]>()

/**
 * Compares the low bytes of both texts in constant time. Where they are equal there is nothing left
 * to learn, and the texts themselves are compared: other characters have the same low bytes.
 * @param ours ASCII, of one of a few lengths
 */
function isSameText(ours: string, sent: string): boolean {
  const { length } = ours
  if (sent.length !== length) return false
  let pair = sides.get(length)
  if (!pair) sides.set(length, (pair = [Buffer.alloc(length), Buffer.alloc(length)]))
  pair[0].write(ours, 'latin1')
  pair[1].write(sent, 'latin1')
  return timingSafeEqual(pair[0], pair[1]) && ours === sent
}

/** @throws ConfigError where a key is shorter than the scheme's MAC requires */
export function assertKeyLength(
  { name, mac }: { readonly name: string; readonly mac: Mac },
  keys: readonly Key[],
  allowShortSecret: boolean,
): void {
  if (allowShortSecret || keys.every((key) => key.length >= mac.minKeyLength)) return
  throw new ConfigError('secret_too_short', {
    problem: `A secret for ${name} is shorter than the ${mac.minKeyLength} bytes that its signature requires`,
    fix: 'Use a longer secret, or set `allowShortSecret` if the portal issued a short one',
  })
}
