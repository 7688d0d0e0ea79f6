import {
  attributes,
  companies,
  compactJws,
  defineScheme,
  email,
  fullName,
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

/** A user whom UserJot can verify. */
export interface UserJotUser extends PortalUser {
  readonly scheme: 'userjot'
  /** UserJot's `sub`. */
  readonly id: string
  readonly avatar: string | null
  readonly traits: Attributes | null
  readonly companies: readonly Company[] | null
}

/** The user of an application that sends its users to UserJot, or has its widget. */
export interface UserJotInput extends UserInput<
  UserJotUser,
  'id',
  { /** @deprecated */ readonly mail: 'email' }
> {}

/**
 * UserJot's signed identity: the `token` for the widget, or for a board
 * `https://api.userjot.com/auth/sso?jwt=…` with the `state` that UserJot sends along.
 * Source: UserJot's documentation, "Signed identity".
 */
export const userjot: PortalFactory<UserJotUser, UserJotInput, 'projectId'> = defineScheme({
  name: 'userjot',
  carrier: query('jwt', { verbatim: true }),
  codec: compactJws,
  mac: hs256,
  claims: {
    user: {
      id: identifier('sub'),
      email: optional(email('email')),
      name: fullName('firstName', 'lastName'),
      avatar: optional(httpUrl('avatar')),
      traits: optional(attributes('traits')),
      companies: optional(companies('companies')),
    },
    issuedAt: seconds('iat'),
    expiresAt: seconds('exp'),
    notBefore: optional(seconds('nbf')),
    audience: text('iss', 255),
    fixed: { aud: 'userjot' },
    unknown: 'drop',
  },
  limits: { maxLifetime: 3_600 },
  audience: 'projectId',
  address: {
    origin: 'https://api.userjot.com',
    path: () => '/auth/sso',
    ids: ['projectId'],
    expiresIn: 3_600,
  },
  arrival: { state: 'state' },
})
