import { PATH, type Expected } from './catalogue'
import type { RawRequest } from './raw-client'

/** One way in which a browser can hand a credential over. */
export interface Delivery {
  readonly by: string
  readonly request: RawRequest
  readonly expected: Expected
}

/** What fdback's sign endpoint responds with. */
export interface FdbackReply {
  readonly url: string
  readonly headers: Readonly<Record<'x-workspace-id' | 'x-timestamp' | 'x-signature', string>>
  readonly body: string
  readonly expiresAt: number
}

/** How fdback's browser client, or an application's own script, can hand a reply over. */
export function fdbackDeliveries(reply: FdbackReply, expected: Expected): readonly Delivery[] {
  const inForm = isRebuiltFromForm(reply) ? expected : '401 signature_invalid'
  return [
    { by: 'headers', request: asHeaders(reply), expected },
    { by: 'form', request: asForm(reply), expected: inForm },
    { by: 'data, UTF-8', request: asData(reply, 'utf8'), expected },
    ...(fitsLatin1(reply)
      ? [{ by: 'data, btoa', request: asData(reply, 'latin1'), expected }]
      : []),
  ]
}

function asHeaders({ headers, body }: FdbackReply): RawRequest {
  const type = ['content-type', 'application/json'] as const
  return { method: 'POST', target: PATH, headers: [type, ...Object.entries(headers)], body }
}

/** The members of the body as fields: the body itself is not sent. */
function asForm({ headers, body }: FdbackReply): RawRequest {
  const fields = new URLSearchParams({
    _workspaceId: headers['x-workspace-id'],
    _timestamp: headers['x-timestamp'],
    _signature: headers['x-signature'],
    ...(JSON.parse(body) as Record<string, string>), // the samples sign text only
  })
  const type = ['content-type', 'application/x-www-form-urlencoded'] as const
  return { method: 'POST', target: PATH, headers: [type], body: fields.toString() }
}

/** Whether the signed text is what JavaScript would have written: `\u00e9` for é is not. */
function isRebuiltFromForm({ body }: FdbackReply): boolean {
  return JSON.stringify(JSON.parse(body)) === body
}

function asData(reply: FdbackReply, encoding: 'utf8' | 'latin1'): RawRequest {
  const data = Buffer.from(JSON.stringify(reply), encoding).toString('base64')
  return { target: `${PATH}?data=${encodeURIComponent(data)}` }
}

/** `btoa` throws for any other. */
function fitsLatin1(reply: FdbackReply): boolean {
  const text = JSON.stringify(reply)
  return Buffer.from(text, 'latin1').toString('latin1') === text
}
