import { createHmac } from 'node:crypto'
import { NOW } from './request'
import { CURRENT } from './secrets'

// Credentials written with node:crypto alone: the code under test does not make its own inputs.

type Payload = string | Uint8Array | Readonly<Record<string, unknown>>

const SECONDS = NOW / 1000

export function hmac(secret: string, ...input: readonly (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', secret)
  for (const piece of input) mac.update(piece)
  return mac.digest()
}

export const linkClaims = { user_id: 'u1', timestamp: SECONDS, expires: SECONDS + 60 }

export function forgeLink(payload: Payload = linkClaims, secret: string = CURRENT): string {
  const text = padded(toBytes(payload))
  return `${text}.${hmac(secret, text).toString('hex')}`
}

export const jwtClaims = {
  sub: 'u1',
  iat: SECONDS,
  exp: SECONDS + 60,
  project_key: 'project',
}

interface JwtParts {
  readonly header?: Payload
  readonly secret?: string
}

export function forgeJwt(payload: Payload = jwtClaims, parts: JwtParts = {}): string {
  const { header = { alg: 'HS256', typ: 'JWT' }, secret = CURRENT } = parts
  const input = [header, payload].map((part) => toBytes(part).toString('base64url'))
  return [...input, hmac(secret, input.join('.')).toString('base64url')].join('.')
}

export const onceClaims = { nonce: 'n1', exp: NOW + 60_000 }

export function forgeOnce(payload: Payload = onceClaims, secret: string = CURRENT): string {
  const text = toBytes(payload).toString('base64')
  return `${text}.${hmac(secret, text).toString('base64')}`
}

export interface MessageParts {
  readonly body?: Payload
  readonly timestamp?: string
  readonly workspace?: string
  readonly secret?: string
}

/** A signed request. */
export function forgeMessage(parts: MessageParts = {}) {
  const { body = { email: 'ada@example.com' }, timestamp = String(NOW) } = parts
  const { workspace = 'demo', secret = CURRENT } = parts
  const bytes = toBytes(body)
  const signature = hmac(secret, `${timestamp}.`, bytes).toString('hex')
  const headers: readonly (readonly [string, string])[] = [
    ['X-Workspace-Id', workspace],
    ['X-Timestamp', timestamp],
    ['X-Signature', signature],
  ]
  return { method: 'POST', headers, body: bytes, signature }
}

function toBytes(payload: Payload): Buffer {
  if (payload instanceof Uint8Array) return Buffer.from(payload)
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
}

function padded(bytes: Buffer): string {
  const unpadded = bytes.toString('base64url')
  return unpadded + '='.repeat((4 - (unpadded.length % 4)) % 4)
}
