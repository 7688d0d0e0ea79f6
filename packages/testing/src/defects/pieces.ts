import type { SignedMessage } from '@countersign/core'
import { headOf, isMessage, isText, parameterOf } from '../minting/format'
import type { Material } from '../minting/material'
import type { WireRequest } from '../minting/request'
import type { Recipe } from './defect'

/** The pieces of a credential of the form `[header.]payload.signature`. */
export interface Parts {
  /** A JWT header and its dot, or nothing. */
  readonly head: string
  readonly payload: string
  readonly signature: string
}

export function joined({ head, payload, signature }: Parts): string {
  return `${head}${payload}.${signature}`
}

/** The valid one, where `needs` has asked for a signed message. */
export function validMessage({ valid }: Material): SignedMessage {
  return valid as SignedMessage
}

/** What the valid one has signed, as JSON. */
export function validJson(material: Material): string {
  if (!isMessage(material.portal)) return JSON.stringify(material.claims)
  return Buffer.from(validMessage(material).body).toString('utf8')
}

/** Signs JSON that need not be valid, behind a header and in a spelling of its own if it has them. */
export function signParts(
  { portal, key }: Material,
  json: string | Uint8Array,
  given: Partial<Parts> = {},
): Parts {
  const { codec } = portal.scheme
  const bytes = Buffer.from(json as string) // or bytes
  const { head = headOf(portal), payload = codec.payload?.encode(bytes) ?? '' } = given
  const input = codec.signs === 'payload bytes' ? bytes : head + payload
  return { head, payload, signature: key.sign([input], codec.signature) }
}

/** Signs any bytes as though they were the JSON of claims. */
export function signBytes(material: Material, json: Uint8Array): unknown {
  if (isMessage(material.portal)) return signMessage(material, { body: json })
  return joined(signParts(material, json))
}

/** Signs a message that differs from the valid one in these parts. */
export function signMessage(material: Material, change: Partial<SignedMessage>): SignedMessage {
  const message = { ...validMessage(material), ...change }
  const input = [message.timestamp, '.', message.body]
  return { ...message, signature: material.key.sign(input, material.portal.scheme.codec.signature) }
}

/** The valid one in pieces, with `spaces` more in its JSON, where white space has no meaning. */
export function validParts(material: Material, spaces = 0): Parts {
  return signParts(material, `${validJson(material).slice(0, -1)}${' '.repeat(spaces)}}`)
}

/** A valid one that happens to look as wanted: white space in the JSON changes all that follows. */
export function seek(material: Material, wanted: (parts: Parts) => boolean): Parts {
  for (let spaces = 0; spaces < 4_000; spaces++) {
    const parts = validParts(material, spaces)
    if (wanted(parts)) return parts
  }
  throw new TypeError('A defect needs a credential that this portal does not make')
}

/** Puts text into the parameter, whatever characters it has. */
export function inParameter({ portal, withQuery }: Material, text: string): WireRequest {
  return withQuery(`${parameterOf(portal)}=${encodeURIComponent(text)}`)
}

/** A valid credential of text that is written in another way. */
export function rewritten(
  write: (parts: Parts, material: Material) => string,
  needs: Recipe['needs'] = isText,
): Recipe {
  return { needs, make: (material) => material.place(write(validParts(material), material)) }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The same base64 in the other of its two alphabets. */
export function otherAlphabet(text: string): string {
  return text.replaceAll(/[-_+/]/g, (each) => '+/-_'['-_+/'.indexOf(each)] as string) // it has all four
}

/** Base64 with a bit set in its last character that no byte is made of. */
export function withSpareBit(text: string): string {
  const end = text.replace(/=+$/, '').length
  const last = ALPHABET.indexOf(text[end - 1] as string) // spare bits are zero, so it is no symbol
  return text.slice(0, end - 1) + ALPHABET[last + 1] + text.slice(end)
}

/** True where the last character of base64 has spare bits. */
export function hasSpareBits(text: string): boolean {
  return text.replace(/=+$/, '').length % 4 > 1
}

export function otherCase(text: string): string {
  return text.toLowerCase() === text ? text.toUpperCase() : text.toLowerCase()
}
