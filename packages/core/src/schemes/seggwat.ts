import {
  base64url,
  ConfigError,
  compact,
  compactJws,
  defineScheme,
  email,
  hmacSha256,
  hs256,
  identifier,
  optional,
  query,
  seconds,
  text,
  type ClaimsTable,
  type Maybe,
  type Mistaken,
  type Portal,
  type PortalFactory,
  type PortalOptions,
  type PortalUser,
} from '../index'

/** A user whom SeggWat can verify. */
export interface SeggWatUser extends PortalUser {
  readonly scheme: 'seggwat'
  /** SeggWat's `sub`. */
  readonly id: string
  /** A Polar or Stripe subscription, for SeggWat's discounts. */
  readonly subscriptionId: string | null
}

/** The user of an application that sends its users to SeggWat. */
export interface SeggWatInput extends Mistaken<{
  /** @deprecated */ readonly mail: 'email'
  /** @deprecated */ readonly subscription_id: 'subscriptionId'
}> {
  readonly id: string | number | bigint
  readonly email?: Maybe<string>
  readonly name?: Maybe<string>
  readonly subscriptionId?: Maybe<string>
}

/** The options of `seggwat`. */
export type SeggWatOptions = PortalOptions<'projectKey'> & {
  /**
   * The mode chosen in SeggWat's project settings.
   * @default 'hmac'
   */
  readonly mode?: 'hmac' | 'jwt' | undefined
}

const claims: ClaimsTable<SeggWatUser, SeggWatInput> = {
  user: {
    id: identifier('sub'),
    email: optional(email('email')),
    name: optional(text('name')),
    subscriptionId: optional(text('subscription_id', 255)),
  },
  expiresAt: seconds('exp'),
  issuedAt: seconds('iat'),
  audience: text('project_key', 255),
  unknown: 'drop',
}

const common = {
  name: 'seggwat',
  carrier: query('token', { verbatim: true }),
  limits: { maxLifetime: 86_400 },
  audience: 'projectKey',
  otherOptions: ['mode'],
  address: {
    origin: 'https://seggwat.com',
    path: ({ projectKey }: Readonly<Record<'projectKey', string>>) => `/p/${projectKey}`,
    ids: ['projectKey'],
    embed: 'embed=true',
    expiresIn: 3_600,
  },
} as const

const signed: PortalFactory<SeggWatUser, SeggWatInput, 'projectKey'> = defineScheme({
  ...common,
  codec: compact({ payload: base64url, signature: base64url, signs: 'bytes' }),
  mac: hmacSha256,
  claims,
})

const jwt: typeof signed = defineScheme({
  ...common,
  codec: compactJws,
  mac: hs256,
  claims: { ...claims, notBefore: optional(seconds('nbf')) },
})

const modes = { hmac: signed, jwt }

/**
 * SeggWat's portal authentication: `https://seggwat.com/p/{projectKey}?token=…`. `projectKey` is
 * needed to sign; where one app serves many projects, the guard's `tenant` takes its place.
 * Source: SeggWat's documentation, "Portal Authentication".
 */
export function seggwat(options: SeggWatOptions): Portal<SeggWatUser, SeggWatInput> {
  const own = { mode: undefined, ...options } // nothing inherited
  const { mode } = own
  const chosen = mode === undefined ? 'hmac' : mode
  if (Object.hasOwn(modes, chosen)) return modes[chosen](own)
  throw new ConfigError('option_invalid', {
    problem: 'The option "mode" of seggwat() is neither "hmac" nor "jwt"',
    fix: 'Set it to the mode chosen in the project settings',
  })
}
