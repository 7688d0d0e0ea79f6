import {
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
  type PortalFactory,
  type PortalUser,
  type UserInput,
} from '../index'

/** A user whom Canny can verify. */
export interface CannyUser extends PortalUser {
  readonly scheme: 'canny'
  readonly id: string
  readonly email: string
  readonly name: string
  /** Canny's `avatarURL`. */
  readonly avatar: string | null
}

/** The user of an application that sends its users to Canny, or has Canny's widget. */
export interface CannyInput extends UserInput<
  CannyUser,
  'id' | 'email' | 'name',
  { /** @deprecated */ readonly avatarURL: 'avatar' }
> {}

/**
 * Canny's single sign-on: `https://canny.io/api/redirects/sso?ssoToken=…`; the token alone is the
 * widget's `ssoToken`. `companyId` is needed to sign. Canny sends visitors to sign in with `redirect`.
 * Source: Canny's documentation, "Single sign-on", and its help, "SSO redirect".
 */
export const canny: PortalFactory<CannyUser, CannyInput, 'companyId'> = defineScheme({
  name: 'canny',
  carrier: query('ssoToken', { verbatim: true }),
  codec: compactJws,
  mac: hs256,
  claims: {
    user: {
      id: identifier('id'),
      email: email('email'),
      name: text('name', 1024, 1),
      avatar: optional(httpUrl('avatarURL')),
    },
    issuedAt: optional(seconds('iat')),
    expiresAt: seconds('exp'),
    notBefore: optional(seconds('nbf')),
    unknown: 'drop',
  },
  limits: { maxLifetime: 86_400 },
  address: {
    origin: 'https://canny.io',
    path: () => '/api/redirects/sso',
    query: ({ companyId }) => `companyID=${companyId}`,
    ids: ['companyId'],
    expiresIn: 3_600,
  },
  arrival: { ids: { companyID: 'companyId' }, returnTo: 'redirect' },
})
