import { createHmac } from 'node:crypto'
import { catalogue, PATH, type RawRequest, type SchemeName } from '../src'

/** The clock of the catalogue, in seconds. */
const NOW: number = catalogue.now / 1000

type Claims = Readonly<Record<string, unknown>>

/** What one needs to sign for itself, with nothing of the library in it. */
export interface Forgery {
  readonly claims?: Claims
  readonly secret?: string
  /** Of the catalogue's fdback workspaces. @default 'ws_demo' */
  readonly workspace?: string
  /** Moves every time in it, in seconds. @default 0 */
  readonly later?: number
}

const mac = (secret: string, input: string | Buffer): Buffer =>
  createHmac('sha256', secret).update(input).digest()

const usual = (later: number): Readonly<Record<SchemeName, Claims>> => {
  const issued = NOW + later
  const seggwat = { sub: 'user-1', exp: issued + 3600, iat: issued }
  return {
    featkit: {
      user_id: 'user-1',
      email: null,
      name: null,
      timestamp: issued,
      expires: issued + 3600,
    },
    seggwat: { ...seggwat, project_key: catalogue.projectKey },
    jwt: { ...seggwat, project_key: catalogue.projectKey },
    harlyy: { nonce: 'nonce-1', exp: (issued + 3600) * 1000 },
    fdback: { email: 'user@example.com', name: 'User One' },
  }
}

/** A request with a credential of the scheme: a right one, unless told otherwise. */
export function forge(scheme: SchemeName, forgery: Forgery = {}): RawRequest {
  const { secret = catalogue.secrets.A, later = 0, workspace = 'ws_demo' } = forgery
  const json = JSON.stringify({ ...usual(later)[scheme], ...forgery.claims })
  if (scheme === 'fdback')
    return forgeFdback({ json, secret, workspace, time: (NOW + later) * 1000 })
  const credential = encodeURIComponent(seal[scheme](json, secret))
  const method = scheme === 'harlyy' ? 'POST' : 'GET'
  return { method, target: `${PATH}?${scheme === 'harlyy' ? 'sig' : 'token'}=${credential}` }
}

const seal: Readonly<
  Record<Exclude<SchemeName, 'fdback'>, (json: string, secret: string) => string>
> = {
  featkit: (json, secret) => {
    const text = Buffer.from(json).toString('base64url')
    return `${text}.${mac(secret, text).toString('hex')}`
  },
  seggwat: (json, secret) =>
    `${Buffer.from(json).toString('base64url')}.${mac(secret, json).toString('base64url')}`,
  jwt: (json, secret) => {
    const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
    const text = `${header}.${Buffer.from(json).toString('base64url')}`
    return `${text}.${mac(secret, text).toString('base64url')}`
  },
  harlyy: (json, secret) => {
    const text = Buffer.from(json).toString('base64')
    return `${text}.${mac(secret, text).toString('base64')}`
  },
}

interface Message {
  readonly json: string
  readonly secret: string
  readonly workspace: string
  /** Milliseconds since the epoch. */
  readonly time: number
}

function forgeFdback({ json, secret, workspace, time }: Message): RawRequest {
  const signature = mac(secret, `${time}.${json}`).toString('hex')
  return {
    method: 'POST',
    target: PATH,
    headers: [
      ['x-workspace-id', workspace],
      ['x-timestamp', String(time)],
      ['x-signature', signature],
    ],
    body: json,
  }
}

/** A fdback request as its browser client puts it into a link. */
export function asData({ headers = [], body }: RawRequest): RawRequest {
  const reply = { url: '', headers: Object.fromEntries(headers), body: String(body), expiresAt: 0 }
  const data = Buffer.from(JSON.stringify(reply)).toString('base64')
  return { target: `${PATH}?data=${encodeURIComponent(data)}` }
}

/** The one credential of a forged link. */
export function credentialOf({ target }: RawRequest): string {
  return decodeURIComponent(target.slice(target.indexOf('=') + 1))
}
