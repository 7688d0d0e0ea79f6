import { base64url, hex, type Portal } from '@countersign/core'
import { isText, parameterOf } from '../minting/format'
import type { Material } from '../minting/material'
import { rows, type Recipe } from './defect'
import { refuses, registered, userFields, withClaim, type AnyField } from './fields'
import {
  hasSpareBits,
  inParameter,
  joined,
  otherAlphabet,
  rewritten,
  seek,
  signParts,
  validJson,
  withSpareBit,
  type Parts,
} from './pieces'

const isBase64: Recipe['needs'] = (portal) =>
  isText(portal) && portal.scheme.codec.payload?.name !== hex.name

/** Another spelling of a valid payload, signed as far as the signature covers it. */
const respelled = (
  wanted: (payload: string) => boolean,
  write: (payload: string) => string,
): Recipe => ({
  needs: isBase64,
  make: (material) => material.place(joined(withPayload(material, wanted, write))),
})

/** With a character after the fourth one of the payload. */
const inserted = (character: string): Recipe => ({
  needs: (portal) => isText(portal) && parameterOf(portal) !== undefined,
  make(material) {
    const write = (text: string): string => text.slice(0, 4) + character + text.slice(4)
    return inParameter(material, joined(withPayload(material, () => true, write)))
  },
})

/** Looks different in the two alphabets. */
const SYMBOLS = '~~~'

const inOtherAlphabet: Recipe = {
  needs: (portal) => isBase64(portal) && fieldForSymbols(portal) !== undefined,
  make(material) {
    const { portal, claims } = material
    const json = JSON.stringify(withClaim(claims, fieldForSymbols(portal)?.claim ?? '', SYMBOLS))
    const payload = otherAlphabet(signParts(material, json).payload)
    return material.place(joined(signParts(material, json, { payload })))
  },
}

export const textRows = {
  ...rows('token_malformed', 'strictness', {
    extraSegment: ['with one segment more', rewritten((it) => `${joined(it)}.${it.signature}`)],
    payloadSpace: ['with a space in its payload', inserted(' ')],
    emptyPayload: [
      'with an empty payload',
      rewritten((_, material) => joined(signParts(material, ''))),
    ],
    swappedSegments: [
      'with its signature before its payload',
      rewritten(({ head, payload, signature }) => `${head}${signature}.${payload}`),
    ],
    paddedPayload: ['whose payload is padded too much', { needs: isBase64, make: overPadded }],
    payloadSpareBits: ['whose payload has unused bits set', respelled(hasSpareBits, withSpareBit)],
    payloadAlphabet: ['with its payload in the other base64 alphabet', inOtherAlphabet],
    payloadLineBreak: ['with a line break in its payload', inserted('\n')],
  }),
}

function withPayload(
  material: Material,
  wanted: (payload: string) => boolean,
  write: (payload: string) => string,
): Parts {
  const { payload } = seek(material, (parts) => wanted(parts.payload))
  const json = material.portal.scheme.codec.payload?.decode(payload) ?? validJson(material)
  return signParts(material, json, { payload: write(payload) })
}

/** Padded to four characters where the encoding has no padding, and beyond four where it has. */
function overPadded(material: Material) {
  const isBare = material.portal.scheme.codec.payload?.name === base64url.name
  const wanted = (payload: string): boolean => !isBare || payload.length % 4 !== 0
  const padding = (payload: string): string => (isBare ? '='.repeat(-payload.length & 3) : '====')
  return material.place(
    joined(withPayload(material, wanted, (payload) => payload + padding(payload))),
  )
}

function fieldForSymbols(portal: Portal): AnyField | undefined {
  const fields = [registered('nonce')(portal), ...userFields(portal)]
  return fields.find((field) => field && !refuses(field, SYMBOLS))
}
