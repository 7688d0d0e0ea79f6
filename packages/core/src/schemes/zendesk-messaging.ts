import {
  defineScheme,
  email,
  flag,
  hs256,
  identifier,
  jwsWithKeyId,
  optional,
  pageValue,
  seconds,
  text,
  type PortalFactory,
  type PortalUser,
  type UserInput,
  type SignedValue,
} from '../index'

/** A user whom Zendesk's messaging can verify. */
export interface ZendeskMessagingUser extends PortalUser {
  readonly scheme: 'zendeskMessaging'
  /** Zendesk's `external_id`. */
  readonly id: string
  readonly emailVerified: boolean | null
}

/** The user of an application that has Zendesk's web widget in its pages. */
export interface ZendeskMessagingInput extends UserInput<
  ZendeskMessagingUser,
  'id',
  {
    /** @deprecated */ readonly mail: 'email'
    /** @deprecated */ readonly email_verified: 'emailVerified'
  }
> {}

/**
 * Zendesk's messaging: the JWT for the callback of `zE('messenger', 'loginUser', …)`. `keyId`
 * (`app_…`) is needed to sign. Source: Zendesk's developer documentation, "Authenticating end users".
 */
export const zendeskMessaging: PortalFactory<
  ZendeskMessagingUser,
  ZendeskMessagingInput,
  'keyId',
  SignedValue
> = defineScheme({
  name: 'zendeskMessaging',
  carrier: pageValue('jwt'),
  codec: jwsWithKeyId,
  mac: hs256,
  notSecrets: { app_: 'the id of a key' },
  claims: {
    user: {
      id: identifier('external_id'),
      email: optional(email('email')),
      name: optional(text('name')),
      emailVerified: optional(flag('email_verified')),
    },
    issuedAt: optional(seconds('iat')),
    expiresAt: seconds('exp'),
    notBefore: optional(seconds('nbf')),
    fixed: { scope: 'user' },
    unknown: 'drop',
  },
  limits: { maxLifetime: 86_400 },
  audience: 'keyId',
  address: { origin: '', path: () => '', ids: ['keyId'], expiresIn: 3_600 },
})
