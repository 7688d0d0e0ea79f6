import {
  attributesAsClaims,
  base64Lines,
  commaList,
  compactForm,
  defineScheme,
  email,
  hex,
  hmacSha256,
  httpUrl,
  identifier,
  inTwoParameters,
  nonce,
  optional,
  text,
  textFlag,
  type Attributes,
  type PortalFactory,
  type PortalUser,
  type UserInput,
} from '../index'

/** A user whom Discourse can verify. */
export interface DiscourseUser extends PortalUser {
  readonly scheme: 'discourseConnect'
  /** Discourse's `external_id`. */
  readonly id: string
  readonly email: string
  readonly username: string | null
  readonly avatar: string | null
  readonly bio: string | null
  readonly groups: readonly string[] | null
  readonly admin: boolean | null
  readonly moderator: boolean | null
  /** True where the e-mail address is not verified: without it Discourse trusts the address. */
  readonly requireActivation: boolean | null
  /** The `custom.` claims, without that prefix. */
  readonly custom: Attributes | null
}

/** The user of an application that signs its users in to a Discourse forum. */
export interface DiscourseInput extends UserInput<
  DiscourseUser,
  'id' | 'email',
  {
    /** @deprecated */ readonly avatar_url: 'avatar'
    /** @deprecated */ readonly require_activation: 'requireActivation'
  }
> {}

/**
 * DiscourseConnect, both ways: the forum sends a visitor with `?sso=…&sig=…`, which are checked, and
 * the signed user goes back to `{baseUrl}/session/sso_login` with the forum's nonce.
 * Source: Discourse's source code and "Setup DiscourseConnect" (meta.discourse.org, topic 13045).
 */
export const discourseConnect: PortalFactory<DiscourseUser, DiscourseInput> = defineScheme({
  name: 'discourseConnect',
  carrier: inTwoParameters({ text: 'sso', signature: 'sig' }),
  codec: compactForm({ payload: base64Lines, signature: hex, signs: 'text' }),
  mac: hmacSha256,
  claims: {
    user: {
      id: identifier('external_id'),
      email: email('email'),
      name: optional(text('name')),
      username: optional(text('username')),
      avatar: optional(httpUrl('avatar_url')),
      bio: optional(text('bio')),
      groups: optional(commaList('groups')),
      admin: optional(textFlag('admin')),
      moderator: optional(textFlag('moderator')),
      requireActivation: optional(textFlag('require_activation')),
      custom: attributesAsClaims('custom.'),
    },
    nonce: nonce('nonce'),
    unknown: 'drop',
  },
  limits: { maxLifetime: 600, window: 600 },
  singleUse: { when: 'always', by: 'nonce' },
  address: {
    origin: 'https://{baseUrl}',
    path: () => '/session/sso_login',
    ids: [],
    expiresIn: 600,
  },
  arrival: { signed: { nonce: 'nonce', returnTo: 'return_sso_url' } },
})
