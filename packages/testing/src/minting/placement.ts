import {
  bearer,
  ConfigError,
  type Placement,
  type Portal,
  type SignedMessage,
} from '@countersign/core'
import type { WireHeader, WireRequest } from '../minted'
import type { Anatomy } from './anatomy'
import { replyOf } from './reply'

/** How a credential is put on a request. */
export interface PlaceOptions {
  /** @default POST where the credential is single-use or has a body, else GET */
  readonly method?: string | undefined
  /**
   * Where it travels, other than where the scheme writes it: `Authorization: Bearer …`, or the query
   * parameter that a portal of signed requests also reads.
   */
  readonly carrier?: 'bearer' | 'parameter' | undefined
}

/** @throws ConfigError where the portal does not read it there */
export function place(anatomy: Anatomy, sent: unknown, options: PlaceOptions): WireRequest {
  const { portal, message } = anatomy
  const { query = '', headers = {}, body } = placementOf(anatomy, sent, options.carrier)
  const bytes = message && body !== undefined ? (sent as SignedMessage).body : encoded(body)
  const type: WireHeader[] = bytes ? [['content-type', 'application/json']] : []
  return {
    method: methodOf(portal, { method: options.method ?? (bytes && 'POST') }),
    query,
    headers: [...Object.entries(headers), ...type],
    body: bytes,
  }
}

/** What uses a one-time credential up is no GET. */
export function methodOf({ scheme }: Portal, { method }: PlaceOptions): string {
  return method ?? (scheme.singleUse?.when === 'always' ? 'POST' : 'GET')
}

function encoded(body: string | undefined): Uint8Array | undefined {
  return body === undefined ? undefined : Buffer.from(body, 'utf8')
}

function placementOf(anatomy: Anatomy, sent: unknown, carrier: PlaceOptions['carrier']): Placement {
  const { scheme } = anatomy.portal
  if (carrier === undefined) return scheme.carrier.write(sent)
  if (carrier === 'parameter') return inParameter(anatomy, sent)
  if (scheme.codec.compact) return bearer.write(sent as string) // a compact codec's credential is text
  throw notThere(scheme.name, 'from one `Authorization` header')
}

function inParameter({ message, portal }: Anatomy, sent: unknown): Placement {
  if (message?.reply === undefined)
    throw notThere(portal.scheme.name, 'whole from a query parameter')
  const value = encodeURIComponent(replyOf(message.names, sent as SignedMessage)) // so its shape says
  return { query: `${message.reply}=${value}` }
}

function notThere(scheme: string, where: string): ConfigError {
  return new ConfigError('option_invalid', {
    problem: `A signed request of ${scheme} is not read ${where}`,
    fix: 'Leave out `carrier`',
  })
}
