import { base64url, hex, type JsonObject, type Portal } from '@countersign/core'
import type { Anatomy } from '../minting/anatomy'
import type { Bench } from '../minting/bench'
import { refuses } from './claim-recipe'
import { registeredField, userFields, withClaim, type AnyField } from './claims-of'
import {
  goodJson,
  inParameter,
  isText,
  joined,
  placeInParameter,
  respelt,
  seek,
  signParts,
  textOf,
  type Parts,
} from './craft'
import type { Recipe, Recipes } from './recipe'
import { hasSpareBits, otherAlphabet, withSpareBit } from './spelling'

const isBase64 = ({ text }: Anatomy): boolean =>
  text !== undefined && text.payload.name !== hex.name
const isTextInParameter = (anatomy: Anatomy): boolean => isText(anatomy) && inParameter(anatomy)

/**
 * Another spelling of a right payload, signed as far as the signature covers it: a decoder that
 * forgives would read the right claims.
 */
const respeltPayload = (
  wanted: (payload: string) => boolean,
  write: (payload: string) => string,
): Recipe => ({
  needs: isBase64,
  how: (bench) => bench.place(joined(rewritten(bench, wanted, write))),
})

const spaced = (write: (payload: string) => string): Recipe => ({
  needs: isTextInParameter,
  how: (bench) => placeInParameter(bench, joined(rewritten(bench, () => true, write))),
})

export const textDefects: Recipes<'text'> = {
  emptyPayload: {
    needs: isText,
    how: (bench) => bench.place(joined(signParts(bench, { json: Buffer.alloc(0) }))),
  },
  extraSegment: respelt((parts) => `${joined(parts)}.${parts.signature}`),
  swappedSegments: respelt(({ head, payload, signature }) => `${head}${signature}.${payload}`),
  paddedPayload: {
    needs: isBase64,
    how: (bench) => bench.place(joined(overPadded(bench))),
  },
  payloadSpareBits: respeltPayload(hasSpareBits, withSpareBit),
  payloadAlphabet: {
    needs: (anatomy) => isBase64(anatomy) && fieldForSymbols(anatomy.portal) !== undefined,
    how: (bench) => {
      const json = Buffer.from(JSON.stringify(withSymbols(bench)), 'utf8')
      const payload = otherAlphabet(textOf(bench).payload.encode(json))
      return bench.place(joined(signParts(bench, { json, payload })))
    },
  },
  payloadSpace: spaced((payload) => `${payload.slice(0, 4)} ${payload.slice(4)}`),
  payloadLineBreak: spaced((payload) => `${payload.slice(0, 4)}\n${payload.slice(4)}`),
}

function rewritten(
  bench: Bench,
  wanted: (payload: string) => boolean,
  write: (payload: string) => string,
): Parts {
  const { payload } = seek(bench, (parts) => wanted(parts.payload))
  const json = textOf(bench).payload.decode(payload) ?? Buffer.from(goodJson(bench))
  return signParts(bench, { json, payload: write(payload) })
}

/** Padded to four where that is not this encoding's way, and beyond four where it is. */
function overPadded(bench: Bench): Parts {
  const isBare = textOf(bench).payload.name === base64url.name
  const wanted = (payload: string): boolean => !isBare || payload.length % 4 !== 0
  const padding = (payload: string): string => (isBare ? '='.repeat(-payload.length & 3) : '====')
  return rewritten(bench, wanted, (payload) => payload + padding(payload))
}

const SYMBOLS = '~~~'

/** A field of text that takes what looks different in the two alphabets. */
function fieldForSymbols(portal: Portal): AnyField | undefined {
  const fields = [registeredField(portal, 'nonce'), ...userFields(portal)]
  return fields.find((field) => field && !refuses(field, SYMBOLS))
}

function withSymbols({ portal, claims }: Bench): JsonObject {
  return withClaim(claims, fieldForSymbols(portal)?.claim ?? '', SYMBOLS)
}
