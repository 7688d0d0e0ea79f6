import type { Mac } from './keys/key'
import type { Carrier } from './wire/carriers'
import type { ClaimsReader, ClaimsTable, PortalUser } from './wire/claims'
import type { Codec } from './wire/codec'

/** How long a credential may be valid. */
export interface SchemeLimits {
  /** The longest life, from issue (or, without a time of issue, from now) to expiry, in seconds. */
  readonly maxLifetime: number
  /**
   * For a scheme with a time of issue and no expiry: how long a credential is valid, in seconds.
   * @default none: the scheme has an expiry of its own
   */
  readonly window?: number
}

/** When a credential is valid only once, and what distinguishes it from others. */
export interface SingleUse {
  /** `with-store`: only where the application passes a `replayStore`. */
  readonly when: 'always' | 'with-store'
  /** The nonce among its claims, or everything that was signed. */
  readonly by: 'nonce' | 'signing-input'
}

/** Where a signed credential is sent. */
export interface SchemeAddress<Ids extends string> {
  /** The portal's own server, an origin. */
  readonly origin: string
  /** The path on it; `ids` are safe in a path. */
  path(ids: Readonly<Record<Ids, string>>): string
  /** The ids that the path and the credential are made of. Needed only to sign. */
  readonly ids: readonly Ids[]
  /** What is added to the query for a page in an iframe, if the portal can be embedded. */
  readonly embed?: string
  /** Default life of what is signed, in seconds. */
  readonly expiresIn: number
}

/**
 * A way to send a signed user: where the credential travels, how it is written, what signs it and
 * what its claims are called.
 */
export interface SchemeDefinition<User extends PortalUser, Input, Ids extends string, Value> {
  /** The scheme's name on `portalUser.scheme` and in replay keys: never change it. */
  readonly name: User['scheme']
  readonly carrier: Carrier<Value>
  readonly codec: Codec<Value>
  readonly mac: Mac
  readonly claims: ClaimsTable<User, Input>
  readonly limits: SchemeLimits
  /** Beginnings of other values that are mistaken for this portal's secret, and what those are. */
  readonly notSecrets?: Readonly<Record<string, string>>
  /** @default never */
  readonly singleUse?: SingleUse
  readonly address: SchemeAddress<Ids>
  /**
   * The id that a credential must be meant for: compared with its audience, or with the tenant that
   * it names. Where the portal was made without this id, the guard's `tenant` is compared instead.
   */
  readonly audience?: Ids
}

/** A definition that is ready to use. Its own carrier is the only one that meets its codec. */
export interface Scheme<User extends PortalUser = PortalUser> extends SchemeDefinition<
  User,
  never,
  string,
  unknown
> {
  readonly reader: ClaimsReader<User>
}
