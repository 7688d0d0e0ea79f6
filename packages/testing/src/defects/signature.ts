import {
  base64url,
  hex,
  Key,
  MAC_LENGTH,
  type Encoding,
  type JsonObject,
  type Portal,
  type SigningInput,
} from '@countersign/core'
import { isKnown, isMessage, isText, parameterOf } from '../minting/format'
import type { Material } from '../minting/material'
import type { WireRequest } from '../minting/request'
import { testSecret } from '../test-secret'
import { rows, type Recipe } from './defect'
import { endField, whoseField, withClaim } from './fields'
import {
  hasSpareBits,
  inParameter,
  joined,
  otherAlphabet,
  rewritten,
  seek,
  validJson,
  validMessage,
  validParts,
  withSpareBit,
} from './pieces'

/** Another MAC over what the valid one signs. */
const mac = (compute: (input: SigningInput, material: Material) => Buffer): Recipe => ({
  needs: () => true,
  make(material) {
    const { portal, claims, place } = material
    const { input, finish } = portal.scheme.codec.seal(claims, portal.audience)
    return place(finish(portal.scheme.codec.signature.encode(compute(input, material))))
  },
})

const signedWith = (secret: string): Recipe =>
  mac((input) =>
    new Key(Buffer.from(secret), { id: null, notAfter: Infinity }).hmac('sha256', input),
  )

const flippedBit = (position: number): Recipe =>
  mac((input, { key }) => {
    const bytes = key.hmac('sha256', input)
    const index = position < 0 ? bytes.length + position : position
    bytes[index] = (bytes[index] ?? 0) ^ 1
    return bytes
  })

const otherHash = mac((input, { key }) => key.hmac('sha512', input).subarray(0, MAC_LENGTH))

/** Other claims under the signature of the valid one. */
const changed = (fieldOf: typeof endField, change: (material: Material) => JsonObject): Recipe => ({
  needs: (portal) => fieldOf(portal) !== undefined,
  make(material) {
    const { key, claims, portal, place } = material
    const { codec } = portal.scheme
    const { input } = codec.seal(claims, portal.audience)
    const other = codec.seal(change(material), portal.audience)
    return place(other.finish(key.sign(input, codec.signature)))
  },
})

/** The right signature in other characters. */
const spelled = (
  write: (signature: string, encoding: Encoding) => string,
  needs: Recipe['needs'] = isKnown,
): Recipe => ({
  needs,
  make: (material) =>
    withSignature(material, (text) => write(text, material.portal.scheme.codec.signature)),
})

const inOtherAlphabet: Recipe = {
  needs: (portal) => isText(portal) && isBase64(portal),
  make(material) {
    const { signature, ...parts } = seek(material, (each) => /[-_+/]/.test(each.signature))
    return material.place(joined({ ...parts, signature: otherAlphabet(signature) }))
  },
}

const lookingAlike: Recipe = {
  needs: (portal) => isText(portal) && parameterOf(portal) !== undefined,
  make(material) {
    const { signature, ...parts } = validParts(material)
    return inParameter(material, joined({ ...parts, signature: lookAlike(signature) }))
  },
}

export const signatureRows = {
  ...rows('signature_invalid', 'a way in', {
    wrongSecret: ['signed with another secret', signedWith(testSecret('of another app'))],
    emptySecret: ['signed with an empty secret', signedWith('')],
    tampered: ['whose time was changed after signing', changed(endField, later)],
    otherUser: ['of a user under another user’s signature', changed(whoseField, otherUser)],
    tamperedSignatureEnd: ['with a wrong bit at the end of its signature', flippedBit(-1)],
    zeroSignature: ['whose signature is all zeros', mac(() => Buffer.alloc(MAC_LENGTH))],
    otherSigningInput: [
      'whose signature covers the wrong part of it',
      { needs: isKnown, make: otherSigningInput },
    ],
    tamperedSignature: ['with a wrong bit at the start of its signature', flippedBit(0)],
    otherHash: ['signed with another hash, cut to the right length', otherHash],
  }),
  ...rows('token_malformed', 'a way in', {
    truncatedSignature: ['with half of its signature', spelled(half)],
    missingSignature: ['without a signature', rewritten(({ head, payload }) => head + payload)],
    clippedSignature: ['without its last character', spelled((it) => it.replace(/.=*$/, ''))],
    emptySignature: [
      'with nothing after its last dot',
      rewritten(({ head, payload }) => `${head}${payload}.`),
    ],
  }),
  ...rows('token_malformed', 'strictness', {
    extendedSignature: ['with text after its signature', spelled((text) => `${text}zz`)],
    paddedSignature: ['with `=` after its signature', spelled((text) => `${text}=`)],
    upperCaseSignature: ['signed in upper-case hex', spelled((text) => text.toUpperCase(), isHex)],
    signatureSpareBits: [
      'with unused bits set at the end of its signature',
      spelled(withSpareBit, (portal) => isBase64(portal) && hasSpareBits(anySignature(portal))),
    ],
    lookAlikeSignature: ['signed in characters with the same low bytes', lookingAlike],
    signatureAlphabet: ['signed in the other base64 alphabet', inOtherAlphabet],
    signatureEncoding: ['signed in hex instead of base64, or the reverse', spelled(reencoded)],
  }),
}

/** Each character replaced by another with the same low byte. */
function lookAlike(text: string): string {
  return text.replaceAll(/\w/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0x100))
}

function isHex(portal: Portal): boolean {
  return isKnown(portal) && portal.scheme.codec.signature.name === hex.name
}

function isBase64(portal: Portal): boolean {
  return isKnown(portal) && !isHex(portal)
}

function anySignature({ scheme }: Portal): string {
  return scheme.codec.signature.encode(Buffer.alloc(MAC_LENGTH))
}

function half(text: string, encoding: Encoding): string {
  return encoding.encode(bytesIn(text, encoding).subarray(0, MAC_LENGTH / 2))
}

function reencoded(text: string, encoding: Encoding): string {
  return (encoding.name === hex.name ? base64url : hex).encode(bytesIn(text, encoding))
}

function bytesIn(text: string, encoding: Encoding): Buffer {
  return encoding.decode(text) ?? Buffer.alloc(0)
}

function withSignature(material: Material, write: (signature: string) => string): WireRequest {
  if (isMessage(material.portal)) {
    const message = validMessage(material)
    return material.place({ ...message, signature: write(message.signature) })
  }
  const parts = validParts(material)
  return material.place(joined({ ...parts, signature: write(parts.signature) }))
}

/** Ends, or was issued, a second later. */
function later({ portal, claims }: Material): JsonObject {
  const field = endField(portal)
  if (!field) return claims
  const time = (field.read(claims[field.claim]) as number) + 1_000 // a time is read as milliseconds
  return withClaim(claims, field.claim, field.write(time as never)) // and written from them
}

function otherUser({ portal, claims }: Material): JsonObject {
  const name = whoseField(portal)?.claim ?? ''
  return withClaim(claims, name, `x${String(claims[name])}`)
}

/** What other schemes sign: the JSON for the text, the text for the JSON, the body alone. */
function otherSigningInput(material: Material): WireRequest {
  const { key, portal, place } = material
  const { codec } = portal.scheme
  const sign = (input: string): string => key.sign([input], codec.signature)
  if (isMessage(portal)) return withSignature(material, () => sign(validJson(material)))
  const { head, payload } = validParts(material)
  const wrong = codec.signs === 'payload bytes' ? payload : validJson(material)
  return place(joined({ head, payload, signature: sign(wrong) }))
}
