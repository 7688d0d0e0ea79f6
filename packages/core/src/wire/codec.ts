import { anything, readOptions, type OptionTable } from '../options'
import { Rejection } from '../rejection'
import { base64, base64url, hex, type DigestEncoding, type Encoding } from './bytes'
import { parseObject, type JsonObject } from './json'
import { parseForm } from './parameters'

/** What a MAC covers: pieces that follow one another. Text stands for its UTF-8 bytes. */
export type SigningInput = readonly (string | Uint8Array)[]

/** A credential taken apart. Nothing in it is verified yet. */
export interface Envelope {
  /** The tenant that the credential names; `null` for a format without one. */
  readonly tenant: string | null
  readonly input: SigningInput
  /** As it was sent. */
  readonly signature: string
  /** The claims as they were written. */
  readonly payload: Uint8Array
  /** How they were written. @default 'json' */
  readonly content?: 'form'
  /** Claims that travel beside the payload under the same signature; `null` for none. */
  readonly beside: JsonObject | null
}

/** A credential that lacks only its signature. */
export interface Unsigned<Value> {
  readonly input: SigningInput
  /**
   * Adds the signature.
   * @param signature spelled in the codec's `signature` encoding
   */
  finish(signature: string): Value
}

/**
 * How a credential is written. The first members describe the format as data; `open` and `seal`
 * convert. A codec holds no key and sees no request.
 */
export interface Codec<Value> {
  /** True for one piece of text, which can also travel as a bearer token. */
  readonly compact: boolean
  /** How the JSON of the claims is spelled; `null` for JSON as it is, and for claims that are not JSON. */
  readonly payload: Encoding | null
  readonly signature: DigestEncoding
  /** What the MAC covers: text as it travels, or decoded bytes. */
  readonly signs:
    'payload text' | 'payload bytes' | 'header and payload text' | 'timestamp and body'
  /** The header of a JWT, encoded; a function where it names the tenant; `null` for other formats. */
  readonly header: string | ((tenant: string | null) => string) | null
  /**
   * Matches every credential of this shape, however wrong it is inside. Tells portals apart that
   * share a place; `null` for a codec that shares no place.
   */
  readonly shape: RegExp | null
  /**
   * Leaves the spelling of the signature unchecked but for its length.
   * @throws Rejection `token_malformed`, `algorithm_not_allowed`
   */
  open(value: Value): Envelope
  /** Writes claims as a credential that lacks only its signature. */
  seal(claims: JsonObject, tenant: string | null): Unsigned<Value>
}

/** How `payload.signature` is written. */
export interface CompactOptions {
  /** How the JSON of the claims is spelled. */
  readonly payload: Encoding
  readonly signature: DigestEncoding
  /** What the signature covers: the payload's text as it travels, or the bytes that it decodes to. */
  readonly signs: 'text' | 'bytes'
}

/** Bytes of an HMAC-SHA256. */
export const MAC_LENGTH = 32

const COMPACT = {
  payload: anything,
  signature: anything,
  signs: {
    wanted: '"text" or "bytes"',
    read: (given: unknown) => (given === 'text' || given === 'bytes' ? given : undefined),
  },
} as OptionTable<CompactOptions> // an encoding is an object of any kind

/** `payload.signature`, both encoded. */
export function compact(options: CompactOptions): Codec<string> {
  const settings = readOptions('compact()', COMPACT, options)
  const { payload, signature, signs } = settings
  const signatureLength = signature.encode(new Uint8Array(MAC_LENGTH)).length
  return {
    compact: true,
    payload,
    signature,
    signs: signs === 'text' ? 'payload text' : 'payload bytes',
    header: null,
    shape: new RegExp(`^[^.]*\\.[^.]{${signatureLength}}$`),
    open(value) {
      const dot = value.indexOf('.')
      const text = value.slice(0, dot)
      if (dot < 1) return malformed('there is no "." between a payload and a signature')
      const bytes = payload.decode(text) ?? misspelt('payload', text, payload)
      const mac = value.slice(dot + 1)
      if (mac.length !== signatureLength) return misspelt('signature', mac, signature)
      return {
        tenant: null,
        input: [signs === 'text' ? text : bytes],
        signature: mac,
        payload: bytes,
        beside: null,
      }
    },
    seal: (claims) => sealed(JSON.stringify(claims), settings),
  }
}

function sealed(content: string, { payload, signs }: CompactOptions): Unsigned<string> {
  const bytes = Buffer.from(content, 'utf8')
  const text = payload.encode(bytes)
  return unsigned(text, [signs === 'text' ? text : bytes])
}

/** Text that its signature follows after a dot. */
export function unsigned(text: string, input: SigningInput = [text]): Unsigned<string> {
  return { input, finish: (signature) => `${text}.${signature}` }
}

/**
 * The claims of a credential whose signature has matched.
 * @throws Rejection `token_malformed` for a payload that is not one strict JSON object, or form
 */
export function claimsOf({ payload, beside, content }: Envelope): JsonObject {
  const members =
    (content === 'form' ? parseForm(payload) : parseObject(payload)) ??
    malformed(`the payload is not one strict ${content ?? 'JSON object'}`)
  if (!beside) return members
  for (const name of Object.keys(beside)) {
    if (!Object.hasOwn(members, name)) continue
    throw new Rejection('claims_invalid', 'the body contains a claim that belongs beside it')
  }
  return Object.assign(members, beside) // no one else has seen it yet
}

/** @throws Rejection `token_malformed`, always */
export function malformed(problem: string): never {
  throw new Rejection('token_malformed', problem)
}

/**
 * Names the encoding that was expected, and the one that was sent where it can be recognized.
 * @throws Rejection `token_malformed`, always
 */
export function misspelt(part: string, text: string, expected: Encoding): never {
  const wanted = `${expected.name} was expected`
  if (text === '') return malformed(`the ${part} is empty`)
  if (/^[0-9A-Fa-f]+$/.test(text) && text !== text.toLowerCase() && expected.name === hex.name) {
    return malformed(`the ${part} is upper-case hex, and lower-case ${wanted}`)
  }
  const sent = [hex, base64, base64url].find(({ name, decode }) => {
    return name !== expected.name && decode(text) !== undefined
  })
  if (sent) return malformed(`the ${part} is ${sent.name}, and ${wanted}`)
  return malformed(`the ${part} is not ${expected.name}, or not all of it was sent`)
}

/**
 * `payload.signature` where the payload is a form (`name=Ada&email=…`) and not JSON. All of its
 * claims are text.
 */
export function compactForm(options: CompactOptions): Codec<string> {
  const codec = compact(options)
  return {
    ...codec,
    payload: null,
    open: (value) => ({ ...codec.open(value), content: 'form' }),
    seal(claims) {
      const form = Object.entries(claims).filter(([, value]) => value !== null) as [
        string,
        string,
      ][] // all of them are text
      if (/\p{Cs}/u.test(form.join()))
        throw new Rejection('user_invalid', 'contains half a surrogate pair')
      return sealed(new URLSearchParams(form).toString(), options)
    },
  }
}

/**
 * An identifier and its signature in lower-case hex, as `identifier.signature`. It vouches for
 * nothing but the identifier.
 */
export function hashedIdentifier(claim: string): Codec<string> {
  return {
    compact: true,
    payload: null,
    signature: hex,
    signs: 'payload text',
    header: null,
    shape: /^[^]+\.[^.]{64}$/,
    open(value) {
      const dot = value.lastIndexOf('.')
      const identifier = value.slice(0, dot)
      const signature = value.slice(dot + 1)
      if (dot < 1) return malformed('there is no "." between an identifier and a signature')
      const payload = Buffer.from(JSON.stringify({ [claim]: identifier }))
      return { tenant: null, input: [identifier], signature, payload, beside: null }
    },
    seal: (claims) => unsigned(String(claims[claim])),
  }
}
