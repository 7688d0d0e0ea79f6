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
  type Maybe,
  type Mistaken,
  type PortalFactory,
  type PortalUser,
} from '../index'
import { notSecrets } from './not-secrets'

interface More {
  readonly avatar: string | null
  readonly traits: Attributes | null
  readonly companies: readonly Company[] | null
}

export interface UserJotUser extends PortalUser, More {
  readonly scheme: 'userjot'
  /** UserJot's `sub`. */
  readonly id: string
}

/** The user of an application that sends its users to UserJot, or has its widget. */
export type UserJotInput = Mistaken<'mail'> & { readonly id: string | number | bigint } & {
  readonly [Name in 'email' | 'name']?: Maybe<string>
} & { readonly [Name in keyof More]?: Maybe<More[Name]> }

/**
 * UserJot's signed identity: the `token` for the widget, or for a board
 * `https://api.userjot.com/auth/sso?jwt=…` with the `state` that the visitor brings.
 * Source: UserJot's documentation, "Signed identity".
 */
export const userjot: PortalFactory<UserJotUser, UserJotInput, 'projectId'> = defineScheme({
  name: 'userjot',
  carrier: query('jwt', { verbatim: true }),
  codec: compactJws,
  mac: hs256,
  notSecrets,
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
