import {
  base64url,
  compact,
  defineScheme,
  email,
  hmacSha256,
  identifier,
  nonce,
  optional,
  seconds,
  text,
  type Carrier,
  type ClaimsTable,
  type Field,
  type PortalFactory,
  type PortalUser,
} from '@countersign/core'

// A scheme that nobody but its author knows, made of what the public door offers and of two pieces
// of its own: a place for the credential, and a field.

export type Role = 'reader' | 'editor'

export interface AcmeUser extends PortalUser {
  readonly scheme: 'acme'
  readonly id: string
  readonly role: Role
  readonly team: string | null
}

export interface AcmeInput {
  readonly id: string
  readonly role: Role
  readonly name?: string
  readonly email?: string | null
  readonly team?: string
}

const header: Carrier<string> = {
  places: ['x-acme-user'],
  parameters: [],
  read(request) {
    const [sent, ...others] = request.headers('x-acme-user')
    return sent && others.length === 0 ? { place: 'x-acme-user', sent } : undefined
  },
  write: (sent) => ({ headers: { 'x-acme-user': sent } }),
}

const inner = text('r')
const role: Field<Role> = {
  claim: 'r',
  read(raw) {
    const read = inner.read(raw)
    return read === 'editor' ? 'editor' : 'reader'
  },
  write: (value) => value,
}

export const claims: ClaimsTable<AcmeUser, AcmeInput> = {
  user: {
    id: identifier('who'),
    email: optional(email('mail')),
    name: optional(text('called')),
    role,
    team: optional(text('team', 20)),
  },
  issuedAt: seconds('made'),
  expiresAt: seconds('ends'),
  nonce: nonce('once'),
  audience: text('for'),
  unknown: 'refuse',
}

export const acme: PortalFactory<AcmeUser, AcmeInput, 'site'> = defineScheme({
  name: 'acme',
  carrier: header,
  codec: compact({ payload: base64url, signature: base64url, signs: 'bytes' }),
  mac: hmacSha256,
  claims,
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
