import { base64url, type DigestEncoding, type Encoding } from '@countersign/core'
import type { Apart } from './apart/apart'
import { nameOf, recognize } from './apart/encodings'
import type { Context } from './context'
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
  const content = context.format.content
  const json = apart?.bytes ? readLoosely(apart.bytes, content) : undefined
  const beside = context.fields.find(({ property }) => property === 'issuedAt')?.claim
  const claims = json?.value ?? null
  const times =
    apart?.timestamp && beside !== undefined
      ? { ...claims, [beside]: Number(apart.timestamp.text) }
      : claims
  return {
    text,
    place,
    parts: apart ? partsOf(apart, json?.text ?? null, context) : [],
    claims,
    issuedAt: timeOf(times, 'issuedAt', context),
    expiresAt: timeOf(times, 'expiresAt', context),
  }
}

function partsOf(apart: Apart, content: string | null, context: Context): readonly Part[] {
  const { head, tenant, timestamp, payload, signature } = apart
  const { codec } = context.portal.scheme
  const { encoding, content: kind } = context.format
  const json = kind === 'identifier' ? null : content
  const parts: readonly (readonly [
    name: Part['name'],
    piece: Piece | null,
    content: string | null,
    encoding: Encoding | DigestEncoding | null,
  ])[] = [
    ['header', head, head && Buffer.from(head.text, 'base64url').toString('utf8'), base64url],
    ['tenant', tenant, null, null],
    ['timestamp', timestamp, null, null],
    [codec.compact ? 'payload' : 'body', payload, json, encoding],
    ['signature', signature, null, codec.signature],
  ]
  return parts.flatMap(([name, piece, decoded, wanted]) => {
    if (!piece?.length) return []
    const { text, range } = piece
    const known = wanted?.decode(text) ? nameOf(wanted) : wanted && recognize(text, wanted)?.name
    const isPlain = name === 'tenant' || name === 'timestamp'
    return [{ name, range, text, content: isPlain ? text : decoded, encoding: known ?? null }]
  })
}

function timeOf(claims: Decoded['claims'], property: string, { fields }: Context): string | null {
  const each = fields.find((field) => field.property === property)
  const value = each && claims?.[each.claim]
  if (!each || typeof value !== 'number') return null
  try {
    return new Date(each.field.read(value) as number).toISOString() // a time is read as milliseconds
  } catch {
    return null
  }
}
