import type { RequestView } from '@countersign/core'
import { iat, mac, NOW, type Mistake } from './mistakes'

const ada = { email: 'zoë@example.com' }
const login = (
  body: string,
  { timestamp = String(NOW), signature = mac(`${timestamp}.${body}`), sent = body } = {},
) => {
  const headers = new Map([
    ['x-workspace-id', 'acme'],
    ['x-timestamp', timestamp],
    ['x-signature', signature],
  ])
  return message(headers, sent)
}
const message = (headers: ReadonlyMap<string, string>, body: string): Partial<RequestView> => ({
  method: 'POST',
  headers: (name) => [headers.get(name) ?? []].flat(),
  body: () => Buffer.from(body),
})
const body = JSON.stringify(ada)
/** As many backends write it: the same JSON, and other bytes. */
const escaped = body.replace('ë', '\\u00eb')
const asForm = (signed: string): Partial<RequestView> => {
  const parts = {
    _workspaceId: 'acme',
    _timestamp: String(NOW),
    _signature: mac(`${NOW}.${signed}`),
  }
  const type = new Map([['content-type', 'application/x-www-form-urlencoded']])
  return message(type, String(new URLSearchParams({ ...parts, ...ada })))
}

export const fdbackMistakes: readonly Mistake[] = [
  [
    'the workspace id is in',
    'signature_invalid',
    login(body, { signature: mac(`acme.${NOW}.${body}`) }),
  ],
  [
    'parsed and written again',
    'signature_invalid',
    login(body, { sent: JSON.stringify(ada, null, 1) }),
  ],
  ['the backend escapes', 'signature_invalid', asForm(escaped)],
  [
    'the signature is base64',
    'token_malformed',
    login(body, { signature: mac(`${NOW}.${body}`, 'base64') }),
  ],
  ['is in seconds', 'claims_invalid', login(body, { timestamp: String(iat) })],
  ['`id`, `user_id`', 'claims_invalid', login(JSON.stringify({ ...ada, id: 42 }))],
  [
    'a header was lost',
    'credential_missing',
    message(new Map([['x-timestamp', String(NOW)]]), body),
  ],
  ['posted minutes later', 'token_expired', login(body, { timestamp: String(NOW - 300_001) })],
]

/** Nothing is wrong with these. */
export const rightMessages = [login(body), login(escaped), asForm(body)]
