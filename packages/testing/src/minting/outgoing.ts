import type { WireRequest } from './request'
import type { Portal, Signed, SignedForm, SignedIdentifier } from '@countersign/core'

/** What the signer of any portal returns. */
export type AnySigned = Partial<Signed & SignedForm & SignedIdentifier>

/** A request without its method. */
export type Outbound = Required<Pick<Signed, 'url' | 'headers' | 'body'>>

/**
 * The request that a browser, or the portal's own script, makes of what was signed. A value for a
 * page travels where the portal's carrier reads it.
 */
export function outbound(portal: Portal, signed: AnySigned): Outbound {
  const { url = '', headers = {}, body = '', fields, value, identifier } = signed
  if (fields) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return { url, headers: type, body: new URLSearchParams(fields).toString() }
  }
  if (value === undefined) return { url, headers, body }
  const credential = identifier === undefined ? value : `${identifier}.${value}`
  const { query = '' } = portal.scheme.carrier.write(credential)
  return { url: `https://page.invalid/?${query}`, headers, body }
}

/** The request that a frontend makes of what was signed. */
export function sentRequest({
  url,
  headers = {},
  body = '',
}: Pick<Signed, 'url' | 'headers' | 'body'>): WireRequest {
  const [, query = ''] = /\?(.*)/s.exec(url) ?? []
  const bytes = Buffer.from(body, 'utf8')
  return { method: 'POST', query, headers: Object.entries(headers), body: bytes }
}
