import { createSecretKey } from 'node:crypto'
import {
  base64url,
  hex,
  Key,
  type Encoding,
  type JsonObject,
  type SigningInput,
} from '@countersign/core'
import type { WireRequest } from '../minted'
import type { Anatomy } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import { testSecret } from '../test-secret'
import { endField, identityField, momentOf, registeredField, withClaim } from './claims-of'
import {
  encodingOf,
  goodJson,
  goodMessage,
  goodParts,
  inParameter,
  isKnown,
  isText,
  joined,
  placeInParameter,
  respelt,
  seek,
  textOf,
} from './craft'
import type { Recipe, Recipes } from './recipe'
import { hasSpareBits, lookAlike, otherAlphabet, withSpareBit } from './spelling'

const always = (): boolean => true

/** Another signature over the right signing input. */
const forged = (sign: (input: SigningInput, bench: Bench) => Buffer): Recipe => ({
  needs: always,
  how: (bench) => withSignature(bench, (input) => sign(input, bench)),
})

/** The right signature, but for one bit. */
const flippedAt = (position: number): Recipe =>
  forged((input, { portal, key }) => {
    const mac = portal.scheme.mac.sign(key, input)
    const index = position < 0 ? mac.length + position : position
    mac[index] = (mac[index] ?? 0) ^ 1
    return mac
  })

/** Other claims under the right signature. */
const exchanged = (needs: Recipe['needs'], change: (bench: Bench) => JsonObject): Recipe => ({
  needs,
  how: (bench) => {
    const { key, claims, portal } = bench
    const { mac, codec } = portal.scheme
    const { input } = codec.seal(claims, portal.audience)
    const other = codec.seal(change(bench), portal.audience)
    return bench.place(other.finish(mac.sign(key, input)))
  },
})

/** The right signature in other characters. */
const spelt = (
  write: (signature: string, encoding: Encoding) => string,
  needs: Recipe['needs'] = isKnown,
): Recipe => ({
  needs,
  how: (bench) => place(bench, (signature) => write(signature, encodingOf(bench))),
})

export const signatureDefects: Recipes<'signature'> = {
  wrongSecret: forged((input, { portal }) => portal.scheme.mac.sign(stranger(), input)),
  emptySecret: forged((input, { portal }) => portal.scheme.mac.sign(keyOf(''), input)),
  tampered: exchanged(({ portal }) => endField(portal) !== undefined, later),
  otherUser: exchanged(({ portal }) => whoseField(portal) !== undefined, someoneElse),
  tamperedSignature: flippedAt(0),
  tamperedSignatureEnd: flippedAt(-1),
  zeroSignature: forged((_, { portal }) => Buffer.alloc(portal.scheme.mac.length)),
  otherHash: {
    ...forged((input, { portal, key }) =>
      key.hmac('sha512', input).subarray(0, portal.scheme.mac.length),
    ),
    needs: ({ portal }) => portal.scheme.mac.name === 'hmac-sha256',
  },
  otherSigningInput: { needs: isKnown, how: otherSigningInput },
  truncatedSignature: spelt((signature, encoding) => {
    const mac = encoding.decode(signature) ?? Buffer.alloc(0)
    return encoding.encode(mac.subarray(0, mac.length / 2))
  }),
  clippedSignature: spelt((signature) => signature.slice(0, -1)),
  extendedSignature: spelt((signature) => `${signature}zz`),
  paddedSignature: spelt((signature) => `${signature}=`),
  upperCaseSignature: spelt((signature) => signature.toUpperCase(), isHex),
  signatureSpareBits: {
    needs: hasSpare,
    how: (bench) => place(bench, withSpareBit),
  },
  signatureAlphabet: {
    needs: (anatomy) => isText(anatomy) && isBase64(anatomy),
    how: (bench) => {
      const { signature, ...parts } = seek(bench, (each) => /[-_+/]/.test(each.signature))
      return bench.place(joined({ ...parts, signature: otherAlphabet(signature) }))
    },
  },
  signatureEncoding: spelt((signature, encoding) => {
    const other = encoding.name === hex.name ? base64url : hex
    return other.encode(encoding.decode(signature) ?? Buffer.alloc(0))
  }),
  lookAlikeSignature: {
    needs: (anatomy) => isText(anatomy) && inParameter(anatomy),
    how: (bench) => {
      const { signature, ...parts } = goodParts(bench)
      return placeInParameter(bench, joined({ ...parts, signature: lookAlike(signature) }))
    },
  },
  missingSignature: respelt(({ head, payload }) => head + payload),
  emptySignature: respelt(({ head, payload }) => `${head}${payload}.`),
}

function spelling({ text, message }: Anatomy): Encoding | undefined {
  return (text ?? message)?.signature
}

function isHex(anatomy: Anatomy): boolean {
  return spelling(anatomy)?.name === hex.name
}

function isBase64(anatomy: Anatomy): boolean {
  return isKnown(anatomy) && !isHex(anatomy)
}

function hasSpare(anatomy: Anatomy): boolean {
  const mac = Buffer.alloc(anatomy.portal.scheme.mac.length)
  return isBase64(anatomy) && hasSpareBits(spelling(anatomy)?.encode(mac) ?? '')
}

/** The right claims under a signature of ours. */
function withSignature(
  { portal, claims, place }: Bench,
  sign: (input: SigningInput) => Buffer,
): WireRequest {
  const { input, finish } = portal.scheme.codec.seal(claims, portal.audience)
  return place(finish(sign(input)))
}

/** The right credential, its signature in other characters. */
function place(bench: Bench, write: (signature: string) => string): WireRequest {
  if (bench.anatomy.message) {
    const sent = goodMessage(bench)
    return bench.place({ ...sent, signature: write(sent.signature) })
  }
  const parts = goodParts(bench)
  return bench.place(joined({ ...parts, signature: write(parts.signature) }))
}

function stranger(): Key {
  return keyOf(testSecret('of nobody'))
}

function keyOf(secret: string): Key {
  return new Key(createSecretKey(Buffer.from(secret)), { id: null, notAfter: Infinity })
}

/** Ends, or was issued, a second later. */
function later(bench: Bench): JsonObject {
  const field = endField(bench.portal)
  if (!field) return bench.claims
  const moment = momentOf(bench, field) + 1_000
  return withClaim(bench.claims, field.claim, field.write(moment as never)) // a time, as it reads
}

/** What tells one user's credential from another's. */
function whoseField(portal: Bench['portal']) {
  return identityField(portal) ?? registeredField(portal, 'nonce')
}

function someoneElse({ portal, claims }: Bench): JsonObject {
  const name = whoseField(portal)?.claim ?? ''
  return withClaim(claims, name, `x${String(claims[name])}`)
}

/** What other schemes sign: the JSON for the text, the text for the JSON, the body alone. */
function otherSigningInput(bench: Bench): WireRequest {
  const { key, portal } = bench
  const encoding = encodingOf(bench)
  const sign = (input: string): string => encoding.encode(portal.scheme.mac.sign(key, [input]))
  if (bench.anatomy.message) return place(bench, () => sign(goodJson(bench)))
  const { head, payload } = goodParts(bench)
  const wrong = textOf(bench).signs === 'text' ? goodJson(bench) : payload
  return bench.place(joined({ head, payload, signature: sign(wrong) }))
}
