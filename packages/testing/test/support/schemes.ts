import {
  base64,
  base64url,
  compact,
  defineScheme,
  email,
  hex,
  hmacSha256,
  identifier,
  malformed,
  nonce,
  notProvided,
  optional,
  query,
  Rejection,
  seconds,
  text,
  type Carrier,
  type Codec,
  type Field,
  type Portal,
  type PortalFactory,
  type PortalUser,
} from '@countersign/core'
import { testSecret } from '@countersign/testing'

interface OwnInput {
  readonly id: string
  readonly name?: string
  readonly email?: string
}

/** A credential in a header of its own. */
export function inOwnHeader(name: string): Carrier<string> {
  return {
    places: [name],
    parameters: [],
    read(request) {
      const [value, ...others] = request.headers(name)
      if (others.length > 0) throw new Rejection('credential_ambiguous')
      return value ? { place: name, value } : undefined
    },
    write: (value) => ({ headers: { [name]: value } }),
  }
}

const user = {
  id: identifier('who'),
  email: optional(email('mail')),
  name: optional(text('called', 80)),
}

/** Text in two encodings, signed as bytes, used once, in a header. */
export const acme: PortalFactory<PortalUser, OwnInput, 'site'> = defineScheme({
  name: 'acme',
  carrier: inOwnHeader('x-acme-user'),
  codec: compact({ payload: base64, signature: base64url, signs: 'bytes' }),
  mac: hmacSha256,
  claims: {
    user,
    issuedAt: seconds('made'),
    expiresAt: seconds('ends'),
    nonce: nonce('once'),
    audience: text('for'),
    unknown: 'refuse',
  },
  limits: { maxLifetime: 600 },
  singleUse: { when: 'always', by: 'nonce' },
  audience: 'site',
  address: {
    origin: 'https://acme.example',
    path: ({ site }) => `/sites/${site}/enter`,
    ids: ['site'],
    expiresIn: 120,
  },
})

/** A time in words. */
function isoDate(claim: string): Field<number> {
  return {
    claim,
    read(raw) {
      const ms = typeof raw === 'string' ? Date.parse(raw) : NaN
      if (Number.isNaN(ms)) throw new Rejection('claims_invalid', 'not a date')
      return ms
    },
    write: (ms) => new Date(ms).toISOString(),
  }
}

/** One piece of hex that ends with the signature: nothing that the kit could take apart. */
const sealed: Codec<string> = {
  compact: true,
  payload: null,
  signature: hex,
  signs: 'payload bytes',
  header: null,
  shape: /^[^.]*$/,
  open(value) {
    const bytes = hex.decode(value) ?? malformed('the ticket')
    const payload = bytes.subarray(0, -32)
    return { tenant: null, input: [payload], signature: value.slice(-64), payload, beside: null }
  },
  seal(claims) {
    const body = Buffer.from(JSON.stringify(claims))
    return { input: [body], finish: (mac) => hex.encode(body) + mac }
  },
}

/** Of a make that the kit does not know. */
export const ticket: PortalFactory<PortalUser, OwnInput> = defineScheme({
  name: 'ticket',
  carrier: query('ticket', { verbatim: true }),
  codec: sealed,
  mac: hmacSha256,
  claims: { user, issuedAt: isoDate('from'), expiresAt: isoDate('to'), unknown: 'drop' },
  limits: { maxLifetime: 3600 },
  address: { origin: 'https://ticket.example', path: () => '/', ids: [], expiresIn: 600 },
})

/** Single-use without a nonce, and with times of a second. */
export const stamp: PortalFactory<PortalUser, OwnInput> = defineScheme({
  name: 'stamp',
  carrier: query('stamp', { verbatim: true }),
  codec: compact({ payload: base64url, signature: base64url, signs: 'text' }),
  mac: hmacSha256,
  claims: { user, issuedAt: seconds('at'), unknown: 'refuse' },
  limits: { maxLifetime: 600, window: 600 },
  singleUse: { when: 'with-store', by: 'signing-input' },
  address: { origin: 'https://stamp.example', path: () => '/', ids: [], expiresIn: 600 },
})

export const plain: Codec<string> = compact({
  payload: base64url,
  signature: base64url,
  signs: 'text',
})

/** A portal of a scheme that is like others but for its codec, its carrier or its id. */
export function portalOf(
  codec: Codec<string>,
  carrier: Carrier<string> = query('t', { verbatim: true }),
  id: Field<string, string | number | bigint> = identifier('id'),
): Portal {
  return defineScheme({
    name: 'own',
    carrier,
    codec,
    mac: hmacSha256,
    claims: {
      user: { id, email: notProvided, name: notProvided },
      expiresAt: seconds('exp'),
      issuedAt: seconds('iat'),
      unknown: 'drop',
    },
    limits: { maxLifetime: 600 },
    address: { origin: 'https://own.example', path: () => '/', ids: [], expiresIn: 60 },
  })({ secret: testSecret() })
}
