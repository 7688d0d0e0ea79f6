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
  optional,
  parseObject,
  query,
  Rejection,
  seconds,
  text,
  type Carrier,
  type Codec,
  type Field,
  type PortalFactory,
  type PortalUser,
} from '@countersign/core'

export interface OwnInput {
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
      const [sent, ...others] = request.headers(name)
      if (others.length > 0) throw new Rejection('credential_ambiguous')
      return sent ? { place: name, sent } : undefined
    },
    write: (sent) => ({ headers: { [name]: sent } }),
  }
}

const user = {
  id: identifier('who'),
  email: optional(email('mail')),
  name: optional(text('called', 80)),
}

/** Text of two encodings, signed as bytes, used once, in a header. */
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

/** Links under names of its own. */
export const community: PortalFactory<PortalUser, OwnInput, 'community'> = defineScheme({
  name: 'community',
  carrier: query('u', { verbatim: true }),
  codec: compact({ payload: base64url, signature: hex, signs: 'text' }),
  mac: hmacSha256,
  claims: {
    user: { ...user, id: text('uid') },
    issuedAt: seconds('at'),
    expiresAt: seconds('until'),
    audience: text('for', 255),
    unknown: 'drop',
  },
  limits: { maxLifetime: 3600 },
  audience: 'community',
  address: {
    origin: 'https://community.example',
    path: ({ community: name }) => `/c/${name}`,
    ids: ['community'],
    expiresIn: 600,
  },
})

/** A moment in words. */
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

/** One piece of hex, whose end is the signature: nothing that the kit could take apart. */
const sealed: Codec<string> = {
  compact: true,
  shape: 'one piece of hex',
  fits: (sent) => !sent.includes('.'),
  open(sent) {
    const bytes = hex.decode(sent) ?? malformed('the ticket')
    const [body, signature] = [bytes.subarray(0, -32), bytes.subarray(-32)]
    return {
      tenant: null,
      input: [body],
      signature,
      claims: () => parseObject(body) ?? malformed('the ticket'),
    }
  },
  seal(claims) {
    const body = Buffer.from(JSON.stringify(claims))
    return { input: [body], finish: (mac) => hex.encode(Buffer.concat([body, mac])) }
  },
}

/** Of a make that the kit has never seen. */
export const ticket: PortalFactory<PortalUser, OwnInput> = defineScheme({
  name: 'ticket',
  carrier: query('ticket', { verbatim: true }),
  codec: sealed,
  mac: hmacSha256,
  claims: { user, issuedAt: isoDate('from'), expiresAt: isoDate('to'), unknown: 'drop' },
  limits: { maxLifetime: 3600 },
  address: { origin: 'https://ticket.example', path: () => '/', ids: [], expiresIn: 600 },
})
