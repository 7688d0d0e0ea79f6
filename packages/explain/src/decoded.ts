import type { JsonObject } from '@countersign/core'
import type { Apart } from './apart/apart'
import { nameOf, recognize } from './apart/encodings'
import type { Context } from './context'
import { claimFields } from './content/fields'
import { readLoosely } from './content/json'
import type { Decoded, Part } from './explanation'
import type { Piece } from './given/piece'

/** Everything that can be read of a credential, however broken it is. */
export function decodedOf(
  text: string,
  place: string | null,
  apart: Apart | undefined,
  context: Context,
): Decoded {
  const claims = apart?.bytes ? readLoosely(apart.bytes).value : null
  const all = claims && apart ? withTimestamp(claims, apart, context) : claims
  return {
    text,
    place,
    parts: apart ? partsOf(apart, context) : [],
    claims,
    issuedAt: timeOf(all, 'issuedAt', context),
    expiresAt: timeOf(all, 'expiresAt', context),
  }
}

function partsOf(
  { head, tenant, timestamp, payload, bytes, signature }: Apart,
  { portal }: Context,
): readonly Part[] {
  const { codec } = portal.scheme
  const content = bytes && readLoosely(bytes).text
  const isBody = codec.payload === null
  const plain = (name: Part['name'], piece: Piece | null): readonly Part[] =>
    piece?.length ? [part(name, piece, piece.text, null)] : []
  return [
    ...(head?.length
      ? [part('header', head, Buffer.from(head.text, 'base64url').toString('utf8'), 'base64url')]
      : []),
    ...plain('tenant', tenant),
    ...plain('timestamp', timestamp),
    ...(payload.length > 0
      ? [
          part(
            isBody ? 'body' : 'payload',
            payload,
            content,
            codec.payload && encodingOf(payload, codec.payload),
          ),
        ]
      : []),
    ...(signature.length > 0
      ? [part('signature', signature, null, encodingOf(signature, codec.signature))]
      : []),
  ]
}

function part(
  name: Part['name'],
  piece: Piece,
  content: string | null,
  encoding: string | null,
): Part {
  return { name, range: piece.range, text: piece.text, content, encoding }
}

function encodingOf({ text }: Piece, wanted: Parameters<typeof nameOf>[0]): string | null {
  return wanted.decode(text) ? nameOf(wanted) : (recognize(text, wanted)?.name ?? null)
}

function withTimestamp(claims: JsonObject, { timestamp }: Apart, { portal }: Context): JsonObject {
  const claim = portal.scheme.claims.issuedAt?.claim
  return timestamp && claim !== undefined ? { ...claims, [claim]: Number(timestamp.text) } : claims
}

function timeOf(claims: JsonObject | null, property: string, { portal }: Context): string | null {
  const each = claimFields(portal).find((field) => field.property === property)
  const value = each && claims?.[each.claim]
  if (!each || typeof value !== 'number') return null
  try {
    return new Date(each.field.read(value) as number).toISOString() // a time is read as milliseconds
  } catch {
    return null
  }
}
