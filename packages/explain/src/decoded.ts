import type { Apart } from './apart/apart'
import type { Context } from './context'
import type { Decoded, Part } from './explanation'
import { accepts } from './format'
import { locate } from './given/locate'

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
    const beside = property === 'issuedAt' && apart?.timestamp
    const value = beside ? Number(beside) : each && claims?.[each.claim]
    if (!each || typeof value !== 'number' || !accepts(each, value)) return null
    return new Date(each.field.read(value) as number).toISOString() // a time is read as milliseconds
  }
  return {
    text,
    place,
    parts: apart ? partsOf(text, apart, context) : [],
    claims,
    issuedAt: timeOf('issuedAt'),
    expiresAt: timeOf('expiresAt'),
  }
}

function partsOf(given: string, apart: Apart, { portal, content: kind }: Context): readonly Part[] {
  const { head, tenant, timestamp, payload, signature, bytes, json } = apart
  const parts = [
    ['header', head, head && Buffer.from(head, 'base64url').toString('utf8')],
    ['tenant', tenant, tenant],
    ['timestamp', timestamp, timestamp],
    [
      portal.scheme.codec.compact ? 'payload' : 'body',
      payload,
      bytes && kind !== 'identifier' ? json.text : null,
    ],
    ['signature', signature, null],
  ] as const
  return parts.flatMap(([name, text, content]) => {
    return text ? [{ name, range: locate(given, text), text, content }] : []
  })
}
