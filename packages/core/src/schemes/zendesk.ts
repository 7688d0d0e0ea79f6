import {
  attributes,
  compactJws,
  defineScheme,
  email,
  formField,
  hs256,
  httpUrl,
  identifier,
  nonce,
  optional,
  seconds,
  text,
  textList,
  type Attributes,
  type PortalFactory,
  type PortalUser,
  type UserInput,
  type SignedForm,
} from '../index'

/** A user whom Zendesk can verify. */
export interface ZendeskUser extends PortalUser {
  readonly scheme: 'zendesk'
  /** Zendesk's `external_id`, which may be absent: then the e-mail address identifies the user. */
  readonly id: string | null
  readonly email: string
  readonly name: string
  readonly organization: string | null
  readonly tags: readonly string[] | null
  /** Zendesk's `remote_photo_url`. */
  readonly avatar: string | null
  /** Zendesk's `user_fields`. */
  readonly fields: Attributes | null
}

/** The user of an application that signs its users in to Zendesk. */
export interface ZendeskInput extends UserInput<
  ZendeskUser,
  'email' | 'name',
  {
    /** @deprecated */ readonly external_id: 'id'
    /** @deprecated */ readonly remote_photo_url: 'avatar'
    /** @deprecated */ readonly user_fields: 'fields'
  }
> {}

/**
 * Zendesk's single sign-on: a form that the browser posts to `https://{subdomain}.zendesk.com/access/jwt`,
 * within 3 minutes and once. Zendesk sends visitors to sign in with `return_to`.
 * Source: Zendesk's help, "Enabling JWT single sign-on", and its examples on GitHub.
 */
export const zendesk: PortalFactory<ZendeskUser, ZendeskInput, 'subdomain', SignedForm> =
  defineScheme({
    name: 'zendesk',
    carrier: formField('jwt'),
    codec: compactJws,
    mac: hs256,
    claims: {
      user: {
        id: optional(identifier('external_id')),
        email: email('email'),
        name: text('name', 1024, 1),
        organization: optional(text('organization')),
        tags: optional(textList('tags')),
        avatar: optional(httpUrl('remote_photo_url')),
        fields: optional(attributes('user_fields')),
      },
      issuedAt: seconds('iat'),
      notBefore: optional(seconds('nbf')),
      nonce: nonce('jti'),
      unknown: 'drop',
    },
    limits: { maxLifetime: 180, window: 180 },
    singleUse: { when: 'always', by: 'nonce' },
    address: {
      origin: 'https://{subdomain}.zendesk.com',
      path: () => '/access/jwt',
      ids: ['subdomain'],
      expiresIn: 180,
    },
    arrival: { returnTo: 'return_to' },
  })
