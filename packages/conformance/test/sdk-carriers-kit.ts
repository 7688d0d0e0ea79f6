import { createHmac } from 'node:crypto'
import type { RawRequest } from '../src'
import { judge, type Framework } from './transport-frameworks'
import { FORM_TYPE, NOW, SECRET } from './transport-kit'
import { LOGIN, portal } from './sdk-kit'

export type Members = Readonly<Record<string, unknown>>

/** What a sign endpoint of ours answers for this body text. */
export function signedBody(body: string): {
  readonly headers: Record<string, string>
  readonly body: string
} {
  const mac = createHmac('sha256', SECRET.fdback).update(`${NOW}.${body}`).digest('hex')
  const headers = { 'x-workspace-id': 'ws_demo', 'x-timestamp': String(NOW), 'x-signature': mac }
  return { headers, body }
}

export const PLAIN = signedBody('{"email":"ada@example.com","name":"Ada ~?>?>"}')
export const REPLY = {
  url: 'https://app.fdback.io/api/auth/sdk-login',
  ...PLAIN,
  expiresAt: NOW + 300_000,
}
export const base64 = (text: string): string => Buffer.from(text).toString('base64')

export const dataOf = (reply: Members | string): string =>
  base64(typeof reply === 'string' ? reply : JSON.stringify(reply))
export const get = (query: string): RawRequest => ({ target: `${LOGIN}?${query}` })
export const sentAs = (data: string): RawRequest => get(`data=${encodeURIComponent(data)}`)

export function form(text: string): RawRequest {
  return { method: 'POST', target: LOGIN, headers: [FORM_TYPE], body: text }
}

/** The reply as the fields of a form. */
export function fieldsOf(
  { headers, body }: typeof PLAIN,
  more: Record<string, string> = {},
): URLSearchParams {
  const [workspace = '', timestamp = '', signature = ''] = Object.values(headers)
  const parts = { _workspaceId: workspace, _timestamp: timestamp, _signature: signature }
  return new URLSearchParams({ ...parts, ...(JSON.parse(body) as Record<string, string>), ...more })
}

export function judged(framework: Framework, ...requests: readonly RawRequest[]) {
  return judge(framework, { portal: portal() }, ...requests)
}

export const MALFORMED = '401 token_malformed'
export const AMBIGUOUS = '400 credential_ambiguous'
