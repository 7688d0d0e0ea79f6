import {
  bearer,
  type MessageNames,
  type Outgoing,
  type Portal,
  type SignedMessage,
} from '@countersign/core'
import { mistake } from '../mistake'
import { headerNames, isMessage, parameterOf } from './format'
import type { WireRequest } from './request'

export interface PlaceOptions {
  /** @default POST where the credential is single-use or has a body, else GET */
  readonly method?: string | undefined
  /**
   * Where the credential travels instead of its usual place: `Authorization: Bearer …`, or the query
   * parameter that a portal of signed requests also reads.
   */
  readonly carrier?: 'bearer' | 'parameter' | undefined
}

/**
 * Puts a credential on a request.
 * @throws ConfigError where the portal does not read it there
 */
export function place(portal: Portal, value: unknown, options: PlaceOptions): WireRequest {
  const { query = '', headers = {}, body } = outgoing(portal, value, options.carrier)
  const bytes = body === undefined ? undefined : bytesOf(portal, value, body)
  const isTyped = bytes === undefined || headers['content-type'] !== undefined
  const type = isTyped ? [] : [['content-type', 'application/json'] as const]
  const plain = withQuery(portal, query, bytes ? { method: 'POST', ...options } : options)
  return { ...plain, headers: [...Object.entries(headers), ...type], body: bytes }
}

/** The text of a body cannot hold all bytes. */
function bytesOf(portal: Portal, value: unknown, body: string): Uint8Array {
  return isMessage(portal) ? (value as SignedMessage).body : Buffer.from(body, 'utf8') // by its shape
}

/** A request with this query and nothing else. A one-time credential is used up with POST. */
export function withQuery({ scheme }: Portal, query: string, { method }: PlaceOptions) {
  const usual = scheme.singleUse?.when === 'always' ? 'POST' : 'GET'
  return { method: method ?? usual, query, headers: [] } satisfies WireRequest
}

function outgoing(portal: Portal, value: unknown, carrier: PlaceOptions['carrier']): Outgoing {
  const { scheme } = portal
  if (carrier === undefined) return scheme.carrier.write(value)
  if (carrier === 'bearer' && scheme.codec.compact) return bearer.write(value as string) // a compact credential is text
  const names = carrier === 'parameter' ? headerNames(portal) : undefined
  const parameter = parameterOf(portal)
  if (names && parameter !== undefined) {
    return {
      query: `${parameter}=${encodeURIComponent(replyText(names, value as SignedMessage))}`, // by its shape
    }
  }
  throw mistake(
    `A credential of ${scheme.name} does not travel as "${carrier}"`,
    'Leave out `carrier`',
  )
}

/** A signed message as the whole reply of a sign endpoint: standard base64 of its JSON. */
export function replyText(
  names: MessageNames,
  { tenant, timestamp, signature, body }: SignedMessage,
): string {
  const headers = {
    [names.tenant]: tenant,
    [names.timestamp]: timestamp,
    [names.signature]: signature,
  }
  const reply = { url: '', headers, body: Buffer.from(body).toString('utf8'), expiresAt: 0 }
  return Buffer.from(JSON.stringify(reply)).toString('base64')
}
