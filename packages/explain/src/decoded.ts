import { base64url } from '@countersign/core'
import type { Apart } from './apart/apart'
import { nameOf, recognize } from './apart/encodings'
import type { Context } from './context'
import type { Decoded, Part } from './explanation'

/** Everything that can be read of a credential, however broken it is. */
export function decodedOf(
  text: string,
  place: string | null,
  apart: Apart | undefined,
  context: Context,
): Decoded {
  const claims = apart?.json.value ?? null
  const timeOf = (property: string): string | null => {
    const each = context.fields.find((field) => field.property === property)
    const isBeside = property === 'issuedAt' && apart?.timestamp
    const value = isBeside ? Number(apart.timestamp?.text) : each && claims?.[each.claim]
    if (!each || typeof value !== 'number') return null
    try {
      return new Date(each.field.read(value) as number).toISOString() // a time is read as milliseconds
    } catch {
      return null
    }
  }
  return {
    text,
    place,
    parts: apart ? partsOf(apart, context) : [],
    claims,
    issuedAt: timeOf('issuedAt'),
    expiresAt: timeOf('expiresAt'),
  }
}

function partsOf(apart: Apart, { portal, format }: Context): readonly Part[] {
  const { head, tenant, timestamp, payload, signature, bytes, json } = apart
  const { codec } = portal.scheme
  const content = bytes && format.content !== 'identifier' ? json.text : null
  const header = head && Buffer.from(head.text, 'base64url').toString('utf8')
  const parts = [
    ['header', head, header, base64url],
    ['tenant', tenant, tenant?.text ?? null, null],
    ['timestamp', timestamp, timestamp?.text ?? null, null],
    [codec.compact ? 'payload' : 'body', payload, content, format.encoding],
    ['signature', signature, null, codec.signature],
  ] as const
  return parts.flatMap(([name, piece, decoded, wanted]) => {
    if (!piece?.length) return []
    const { text, range } = piece
    const known = wanted?.decode(text) ? nameOf(wanted) : wanted && recognize(text, wanted)?.name
    return [{ name, range, text, content: decoded, encoding: known ?? null }]
  })
}
