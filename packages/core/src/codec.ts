import type { Encoding } from './bytes'
import { parseObject, type JsonObject } from './json'
import type { SigningInput } from './key'
import { Rejection } from './rejection'

/** A credential taken apart. Its claims stay shut until a signature has matched. */
export interface Envelope {
  /** Whose secret it names, not yet authenticated; `null` where it names none. */
  readonly tenant: string | null
  readonly input: SigningInput
  readonly signature: Buffer
  /** @throws Rejection `token_malformed` when what was signed is not one strict JSON object */
  claims(): JsonObject
}

/** A credential that lacks only its signature. */
export interface Sealing<Sent> {
  readonly input: SigningInput
  finish(signature: Uint8Array): Sent
}

/** Turns what was sent into an envelope, and claims into what is sent. Holds no key, knows no request. */
export interface Codec<Sent> {
  /** One piece of text, which can also travel as a bearer token. */
  readonly compact: boolean
  /** What tells it from other codecs in the same place. Two that are equal cannot be told apart. */
  readonly shape: string
  /** True for what has this codec's shape, however wrong it may be inside. */
  fits(sent: Sent): boolean
  /** @throws Rejection `token_malformed`, `algorithm_not_allowed` */
  open(sent: Sent): Envelope
  seal(claims: JsonObject, tenant: string | null): Sealing<Sent>
}

export interface CompactOptions {
  /** How the JSON of the claims is written. */
  readonly payload: Encoding
  readonly signature: Encoding
  /** What the signature covers: the payload's text as it travels, or the bytes it decodes to. */
  readonly signs: 'text' | 'bytes'
  /**
   * Bytes of a signature.
   * @default 32
   */
  readonly signatureLength?: number
}

/** `payload.signature`, both encoded. */
export function compact(options: CompactOptions): Codec<string> {
  const { payload, signature, signs, signatureLength = 32 } = options
  const textLength = signature.encode(new Uint8Array(signatureLength)).length

  return {
    compact: true,
    shape: `2 segments, signature of ${textLength} characters`,
    fits(sent) {
      const segments = sent.split('.')
      return segments.length === 2 && segments[1]?.length === textLength
    },
    open(sent) {
      const dot = sent.indexOf('.')
      const text = sent.slice(0, dot)
      const mac = dot > 0 ? signature.decode(sent.slice(dot + 1)) : undefined
      const bytes = dot > 0 ? payload.decode(text) : undefined
      if (mac?.length !== signatureLength || bytes === undefined) return malformed('the segments')
      return {
        tenant: null,
        input: [signs === 'text' ? text : bytes],
        signature: mac,
        claims: () => parseObject(bytes) ?? malformed('the payload'),
      }
    },
    seal(claims) {
      const bytes = Buffer.from(JSON.stringify(claims), 'utf8')
      const text = payload.encode(bytes)
      return {
        input: [signs === 'text' ? text : bytes],
        finish: (mac) => `${text}.${signature.encode(mac)}`,
      }
    },
  }
}

export function malformed(what: string): never {
  throw new Rejection('token_malformed', `${what} cannot be read`)
}
