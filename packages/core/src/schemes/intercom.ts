import {
  attributesAsClaims,
  compactJws,
  defineScheme,
  email,
  hs256,
  identifier,
  optional,
  pageValue,
  seconds,
  text,
  type Attributes,
  type PortalFactory,
  type PortalUser,
  type UserInput,
  type SignedValue,
} from '../index'

/** A user whom Intercom can verify. */
export interface IntercomUser extends PortalUser {
  readonly scheme: 'intercom'
  /** Intercom's `user_id`. */
  readonly id: string
  /** All other claims that are not nested, under Intercom's own names: `{ plan: 'pro', created_at: 1760000000 }`. */
  readonly attributes: Attributes | null
}

/** The user of an application that has Intercom's Messenger in its pages. */
export interface IntercomInput extends UserInput<
  IntercomUser,
  'id',
  { /** @deprecated */ readonly mail: 'email' }
> {}

/**
 * Intercom's Messenger security: the JWT for `intercom_user_jwt` in the page's settings.
 * Source: Intercom's help, "Authenticating users in the Messenger with JSON Web Tokens".
 */
export const intercom: PortalFactory<IntercomUser, IntercomInput, never, SignedValue> =
  defineScheme({
    name: 'intercom',
    carrier: pageValue('intercom_user_jwt'),
    codec: compactJws,
    mac: hs256,
    claims: {
      user: {
        id: identifier('user_id'),
        email: optional(email('email')),
        name: optional(text('name')),
        attributes: attributesAsClaims(),
      },
      issuedAt: optional(seconds('iat')),
      expiresAt: seconds('exp'),
      notBefore: optional(seconds('nbf')),
      unknown: 'drop',
    },
    limits: { maxLifetime: 86_400 },
    address: { origin: '', path: () => '', ids: [], expiresIn: 3_600 },
  })
