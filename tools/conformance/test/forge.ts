import { createHmac } from 'node:crypto'
import { catalogue, PATH, type RawRequest, type SchemeName } from '../src'

/** The clock of the catalogue, in seconds. */
const NOW: number = catalogue.now / 1000

type LinkScheme = Exclude<SchemeName, 'fdback'>
type Claims = Readonly<Record<string, unknown>>

const mac = (input: string): Buffer =>
  createHmac('sha256', catalogue.secrets.A).update(input).digest()

const seggwat = { sub: 'user-1', exp: NOW + 3600, iat: NOW, project_key: catalogue.projectKey }
const USUAL: Readonly<Record<LinkScheme, Claims>> = {
  featkit: { user_id: 'user-1', timestamp: NOW, expires: NOW + 3600 },
  seggwat,
  jwt: seggwat,
  harlyy: { nonce: 'nonce-1', exp: (NOW + 3600) * 1000 },
}

const seal: Readonly<Record<LinkScheme, (json: string) => string>> = {
  featkit: (json) => {
    const text = Buffer.from(json).toString('base64url')
    return `${text}.${mac(text).toString('hex')}`
  },
  seggwat: (json) =>
    `${Buffer.from(json).toString('base64url')}.${mac(json).toString('base64url')}`,
  jwt: (json) => {
    const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
    const text = `${header}.${Buffer.from(json).toString('base64url')}`
    return `${text}.${mac(text).toString('base64url')}`
  },
  harlyy: (json) => {
    const text = Buffer.from(json).toString('base64')
    return `${text}.${mac(text).toString('base64')}`
  },
}

/** A request with a valid link of the scheme, made without the library. */
export function forge(
  scheme: LinkScheme,
  { claims }: { readonly claims?: Claims } = {},
): RawRequest {
  const credential = seal[scheme](JSON.stringify({ ...USUAL[scheme], ...claims }))
  const method = scheme === 'harlyy' ? 'POST' : 'GET'
  const name = scheme === 'harlyy' ? 'sig' : 'token'
  return { method, target: `${PATH}?${name}=${encodeURIComponent(credential)}` }
}

/** The credential of a forged link. */
export function credentialOf({ target }: RawRequest): string {
  return decodeURIComponent(target.slice(target.indexOf('=') + 1))
}
