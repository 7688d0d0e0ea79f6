import { createHmac, type KeyObject } from 'node:crypto'

/** What is signed, in pieces that follow one another. Text counts as its UTF-8 bytes. */
export type SigningInput = readonly (string | Uint8Array)[]

export interface KeyDetails {
  /** The name that the application gave its secret. */
  readonly id: string | null
  /** Milliseconds since the epoch after which this key no longer counts; `Infinity` for never. */
  readonly notAfter: number
}

/** A secret that can sign and be told from another, and nothing else: it cannot be looked at. */
export class Key {
  readonly id: string | null
  readonly notAfter: number
  /** Bytes. */
  readonly length: number
  readonly #secret: KeyObject

  constructor(secret: KeyObject, { id, notAfter }: KeyDetails) {
    this.#secret = secret
    this.id = id
    this.notAfter = notAfter
    this.length = secret.symmetricKeySize ?? 0
  }

  hmac(hash: string, input: SigningInput): Buffer {
    const mac = createHmac(hash, this.#secret)
    for (let index = 0; index < input.length; index++) mac.update(input[index] as string) // or bytes
    // Through a string: Node makes 32 small bytes of text faster than a buffer of its own.
    return Buffer.from(mac.digest('binary'), 'binary')
  }

  equals(other: Key): boolean {
    return this.#secret.equals(other.#secret)
  }
}
