import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import type { Message } from './samples'

/**
 * What a careful developer writes by hand for one scheme: a prepared key, one HMAC, a comparison in
 * constant time, the required claims, the expiry. None of the strict spelling rules.
 */
export type StraightLine<Sent> = (sent: Sent) => object | undefined

interface Claims {
  readonly [name: string]: unknown
}

export function straightFeatKit(secret: string): StraightLine<string> {
  const key = keyOf(secret)
  return (token) => {
    const dot = token.indexOf('.')
    const payload = token.slice(0, dot)
    if (!isSignedBy(key, payload, Buffer.from(token.slice(dot + 1), 'hex'))) return undefined
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims // signed
    const { user_id: id, email = null, name = null, timestamp, expires } = claims
    if (typeof id !== 'string' || typeof timestamp !== 'number') return undefined
    if (typeof expires !== 'number' || Date.now() >= expires * 1000) return undefined
    return { id, email, name }
  }
}

export function straightSeggWat(secret: string, projectKey: string): StraightLine<string> {
  const key = keyOf(secret)
  return (token) => {
    const dot = token.indexOf('.')
    const payload = Buffer.from(token.slice(0, dot), 'base64url')
    if (!isSignedBy(key, payload, Buffer.from(token.slice(dot + 1), 'base64url'))) return undefined
    return seggWatUser(JSON.parse(payload.toString()) as Claims, projectKey) // signed
  }
}

const JWT_HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

export function straightJwt(secret: string, projectKey: string): StraightLine<string> {
  const key = keyOf(secret)
  return (token) => {
    const [header, payload = '', signature = ''] = token.split('.')
    if (header !== JWT_HEADER) return undefined
    const signed = token.slice(0, header.length + 1 + payload.length)
    if (!isSignedBy(key, signed, Buffer.from(signature, 'base64url'))) return undefined
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims // signed
    return seggWatUser(claims, projectKey)
  }
}

function seggWatUser(claims: Claims, projectKey: string): object | undefined {
  const { sub: id, email = null, name = null, subscription_id: subscriptionId = null } = claims
  const { iat, exp, project_key: audience } = claims
  if (typeof id !== 'string' || typeof iat !== 'number' || audience !== projectKey) return undefined
  if (typeof exp !== 'number' || Date.now() >= exp * 1000) return undefined
  return { id, email, name, subscriptionId }
}

/** @param spend false to look only whether a nonce is used */
export function straightHarlyy(secret: string, spend: boolean): StraightLine<string> {
  const key = keyOf(secret)
  const used = new Set<string>()
  return (token) => {
    const dot = token.indexOf('.')
    const payload = token.slice(0, dot)
    if (!isSignedBy(key, payload, Buffer.from(token.slice(dot + 1), 'base64'))) return undefined
    const { nonce, exp } = JSON.parse(Buffer.from(payload, 'base64').toString()) as Claims // signed
    if (typeof nonce !== 'string' || typeof exp !== 'number') return undefined
    if (Date.now() >= exp || used.has(nonce)) return undefined
    if (spend) used.add(nonce)
    return { nonce }
  }
}

const FIVE_MINUTES = 300_000

export function straightFdback(secret: string): StraightLine<Message & { body: Buffer }> {
  const key = keyOf(secret)
  return ({ timestamp, signature, body }) => {
    const mac = createHmac('sha256', key).update(timestamp).update('.').update(body).digest()
    const given = Buffer.from(signature, 'hex')
    if (given.length !== mac.length || !timingSafeEqual(given, mac)) return undefined
    const age = Date.now() - Number(timestamp)
    if (!(age <= FIVE_MINUTES)) return undefined
    const { email, name = null, avatar = null } = JSON.parse(body.toString()) as Claims // signed
    return typeof email === 'string' ? { id: email, email, name, avatar } : undefined
  }
}

function keyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret))
}

function isSignedBy(key: KeyObject, input: string | Buffer, signature: Buffer): boolean {
  const mac = createHmac('sha256', key).update(input).digest()
  return signature.length === mac.length && timingSafeEqual(signature, mac)
}
