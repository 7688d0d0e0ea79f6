import {
  attributes,
  companies,
  compactJws,
  defineScheme,
  email,
  hs256,
  httpUrl,
  identifier,
  optional,
  query,
  seconds,
  text,
  type Attributes,
  type Company,
  type PortalFactory,
  type PortalUser,
  type UserInput,
} from '../index'

/** A user whom Featurebase can verify. */
export interface FeaturebaseUser extends PortalUser {
  readonly scheme: 'featurebase'
  /** Featurebase's `userId`. */
  readonly id: string
  /** Featurebase's `profilePicture`. */
  readonly avatar: string | null
  readonly customFields: Attributes | null
  readonly companies: readonly Company[] | null
  readonly locale: string | null
}

/** The user of an application that sends its users to Featurebase, or has its widgets. */
export interface FeaturebaseInput extends UserInput<
  FeaturebaseUser,
  'id',
  {
    /** @deprecated */ readonly mail: 'email'
    /** @deprecated */ readonly profilePicture: 'avatar'
  }
> {}

/**
 * Featurebase's single sign-on: `https://{organization}.featurebase.app/api/v1/auth/access/jwt?jwt=…`;
 * the token alone is the SDK's `featurebaseJwt`. Featurebase sends visitors to sign in with `return_to`.
 * Source: Featurebase's help, "Single sign-on" and "Creating and signing a JWT".
 */
export const featurebase: PortalFactory<FeaturebaseUser, FeaturebaseInput, 'organization'> =
  defineScheme({
    name: 'featurebase',
    carrier: query('jwt', { verbatim: true }),
    codec: compactJws,
    mac: hs256,
    claims: {
      user: {
        id: identifier('userId'),
        email: optional(email('email')),
        name: optional(text('name')),
        avatar: optional(httpUrl('profilePicture')),
        customFields: optional(attributes('customFields')),
        companies: optional(companies('companies')),
        locale: optional(text('locale', 35)),
      },
      issuedAt: optional(seconds('iat')),
      expiresAt: seconds('exp'),
      notBefore: optional(seconds('nbf')),
      unknown: 'drop',
    },
    limits: { maxLifetime: 86_400 },
    address: {
      origin: 'https://{organization}.featurebase.app',
      path: () => '/api/v1/auth/access/jwt',
      ids: ['organization'],
      expiresIn: 3_600,
    },
    arrival: { returnTo: 'return_to' },
  })
