import {
  bearer,
  type MessageNames,
  type Outgoing,
  type Portal,
  type SignedMessage,
} from '@countersign/core'
import { mistake } from '../mistake'
import { headerNames, isMessage, parameterOf } from './format'
import type { CredentialOptions, WireRequest } from './request'

/** Puts a credential on a request. @throws ConfigError where the portal does not read it there */
export function place(portal: Portal, value: unknown, options: CredentialOptions): WireRequest {
  const { carrier, singleUse } = portal.scheme
  const written = options.carrier ? elsewhere(portal, value, options.carrier) : carrier.write(value)
  const { query = '', headers = {}, body: text } = written
  // the text of a body cannot hold all bytes
  const body = text === undefined || !isMessage(portal) ? text : (value as SignedMessage).body // by its shape
  const isTyped = body === undefined || headers['content-type'] !== undefined
  const type = isTyped ? [] : [['content-type', 'application/json'] as const]
  const usual = body === undefined && singleUse?.when !== 'always' ? 'GET' : 'POST'
  return {
    method: options.method ?? usual,
    query,
    headers: [...Object.entries(headers), ...type],
    body: body === undefined ? undefined : Buffer.from(body as string), // or bytes
  }
}

function elsewhere(portal: Portal, value: unknown, carrier: 'bearer' | 'parameter'): Outgoing {
  const { scheme } = portal
  if (carrier === 'bearer' && scheme.codec.compact) return bearer.write(value as string) // a compact credential is text
  const names = carrier === 'parameter' ? headerNames(portal) : undefined
  const parameter = parameterOf(portal)
  if (names && parameter !== undefined) {
    return { query: pair(parameter, replyText(names, value as SignedMessage)) } // by its shape
  }
  throw mistake(
    `A credential of ${scheme.name} does not travel as "${carrier}"`,
    'Leave out `carrier`',
  )
}

/** A query parameter, encoded. */
export function pair(name: string, value: string): string {
  return `${name}=${encodeURIComponent(value)}`
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
