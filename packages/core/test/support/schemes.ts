import {
  absent,
  base64,
  base64urlPadded,
  compact,
  compactJws,
  defineScheme,
  email,
  hex,
  hmacSha256,
  hs256,
  httpUrl,
  identifier,
  inForm,
  inHeaders,
  inReplyParameter,
  millis,
  nonce,
  nullable,
  omissible,
  oneOf,
  optional,
  query,
  sameAs,
  seconds,
  sessionIdentity,
  signedMessage,
  text,
  type Maybe,
  type PortalFactory,
  type PortalUser,
} from '@countersign/core'

// One scheme of each kind, made through the public door: the core is tested without the portals
// that are built on it.

export interface Input {
  readonly id: string | number | bigint
  readonly email?: Maybe<string>
  readonly name?: Maybe<string>
}

/** `?token=payload.signature`, the text signed, with a page for iframes. */
export const link: PortalFactory<PortalUser, Input, 'slug'> = defineScheme({
  name: 'link',
  carrier: query('token', { verbatim: true }),
  codec: compact({ payload: base64urlPadded, signature: hex, signs: 'text' }),
  mac: hmacSha256,
  claims: {
    user: {
      id: identifier('user_id'),
      email: nullable(email('email')),
      name: nullable(text('name')),
    },
    issuedAt: seconds('timestamp'),
    expiresAt: seconds('expires'),
    unknown: 'drop',
  },
  limits: { maxLifetime: 86_400 },
  address: {
    origin: 'https://link.example',
    path: ({ slug }) => `/p/${slug}`,
    ids: ['slug'],
    embed: 'embed=true',
    expiresIn: 86_400,
  },
})

/** A JWT in the same parameter, meant for one project. */
export const jwt: PortalFactory<PortalUser, Input, 'projectKey'> = defineScheme({
  name: 'jwt',
  carrier: query('token', { verbatim: true }),
  codec: compactJws,
  mac: hs256,
  claims: {
    user: {
      id: identifier('sub'),
      email: optional(email('email')),
      name: optional(text('name')),
    },
    expiresAt: seconds('exp'),
    issuedAt: seconds('iat'),
    notBefore: optional(seconds('nbf')),
    audience: text('project_key', 255),
    unknown: 'drop',
  },
  limits: { maxLifetime: 86_400 },
  audience: 'projectKey',
  address: {
    origin: 'https://jwt.example',
    path: ({ projectKey }) => `/p/${projectKey}`,
    ids: ['projectKey'],
    expiresIn: 3_600,
  },
})

export interface OnceUser extends PortalUser {
  readonly nonce: string
}

/** `?sig=…`, which names nobody and counts once. */
export const once: PortalFactory<OnceUser, object> = defineScheme({
  name: 'once',
  carrier: query('sig'),
  codec: compact({ payload: base64, signature: base64, signs: 'text' }),
  mac: hmacSha256,
  claims: {
    user: { id: absent, email: absent, name: absent, nonce: sameAs(nonce('nonce')) },
    nonce: nonce('nonce'),
    expiresAt: omissible(millis('exp')),
    unknown: 'refuse',
  },
  limits: { maxLifetime: 366 * 86_400 },
  singleUse: { when: 'always', by: 'nonce' },
  address: {
    origin: 'https://once.example',
    path: () => '/survey',
    ids: [],
    expiresIn: 604_800,
  },
})

export interface MessageUser extends PortalUser {
  readonly avatar: string | null
}

export interface MessageInput {
  readonly email?: Maybe<string>
  readonly name?: Maybe<string>
  readonly avatar?: Maybe<string>
}

export const inHeader = {
  tenant: 'x-workspace-id',
  timestamp: 'x-timestamp',
  signature: 'x-signature',
}
export const inField = {
  tenant: '_workspaceId',
  timestamp: '_timestamp',
  signature: '_signature',
}

/** A signed request body, in its three carriers. */
export const message: PortalFactory<MessageUser, MessageInput, 'workspaceId'> = defineScheme({
  name: 'message',
  carrier: oneOf(
    inHeaders(inHeader),
    inReplyParameter('data', inHeader),
    inForm({ names: inField, members: ['email', 'name', 'avatar'] }),
  ),
  codec: signedMessage({ timestampClaim: 'x-timestamp' }),
  mac: hmacSha256,
  claims: {
    user: {
      id: sameAs(email('email')),
      email: sessionIdentity(email('email')),
      name: optional(text('name')),
      avatar: optional(httpUrl('avatar')),
    },
    issuedAt: millis('x-timestamp'),
    unknown: 'refuse',
  },
  limits: { maxLifetime: 300, window: 300 },
  singleUse: { when: 'with-store', by: 'signing-input' },
  audience: 'workspaceId',
  address: {
    origin: 'https://message.example',
    path: () => '/login',
    ids: ['workspaceId'],
    expiresIn: 300,
  },
})
