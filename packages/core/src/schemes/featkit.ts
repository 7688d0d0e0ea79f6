import {
  base64urlPadded,
  compact,
  defineScheme,
  email,
  hex,
  hmacSha256,
  identifier,
  nullable,
  query,
  seconds,
  text,
  type Maybe,
  type Mistaken,
  type PortalFactory,
  type PortalUser,
} from '../index'

/** A user whom FeatKit can verify. */
export interface FeatKitUser extends PortalUser {
  readonly scheme: 'featkit'
  /** FeatKit's `user_id`. */
  readonly id: string
}

/** The user of an application that sends its users to FeatKit. */
export interface FeatKitInput extends Mistaken<{ /** @deprecated */ readonly mail: 'email' }> {
  readonly id: string | number | bigint
  readonly email?: Maybe<string>
  readonly name?: Maybe<string>
}

/**
 * FeatKit's signed links: `https://featkit.com/p/{slug}?token=…`. `slug` is needed to sign only.
 * Source: FeatKit's documentation, "Signed Links".
 */
export const featkit: PortalFactory<FeatKitUser, FeatKitInput, 'slug'> = defineScheme({
  name: 'featkit',
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
    origin: 'https://featkit.com',
    path: ({ slug }) => `/p/${slug}`,
    ids: ['slug'],
    expiresIn: 86_400,
  },
})
