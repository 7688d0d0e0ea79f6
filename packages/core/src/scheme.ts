import type { Mac } from './keys/key'
import type { Encoding } from './wire/bytes'
import type { Carrier } from './wire/carriers'
import type { ClaimsReader, ClaimsTable, PortalUser } from './wire/claims'
import type { Codec } from './wire/codec'

/** Where a signed credential is sent. */
export interface SchemeAddress<Ids extends string> {
  /**
   * The portal's own server, an origin, in which `{id}` stands for an id: `https://{slug}.acme.example`.
   * `https://{baseUrl}` where every portal has a server of its own.
   * Empty for a scheme whose credentials go to a page and not to a URL.
   */
  readonly origin: string
  /** The path on it; `ids` are safe in a path. */
  path(ids: Readonly<Record<Ids, string>>): string
  /** The ids that the path and the credential are made of. Needed only to sign. */
  readonly ids: readonly Ids[]
  /** What the query holds beside the credential. */
  query?(ids: Readonly<Record<Ids, string>>): string
  /** What is added to the query for a page in an iframe, if the portal can be embedded. */
  readonly embed?: string
  /** Default life of what is signed, in seconds. */
  readonly expiresIn: number
}

/**
 * The parameters that a portal adds to the URL of the sign endpoint when it sends a visitor there to
 * sign in. They are checked, and sent back with the credential.
 */
export interface SchemeArrival<Ids extends string> {
  /** Parameters that must have the value of an id of the portal, where they are sent. */
  readonly ids?: Readonly<Record<string, Ids>>
  /**
   * The parameter with the URL to which the portal will return the visitor: on the portal's host or
   * one below it, or of the portal's `returnOrigins`.
   */
  readonly returnTo?: string
  /** The parameter with a text that means something to the portal alone. */
  readonly state?: string
  /**
   * The claims of the request that the portal has signed, where it signs one: with the same secret,
   * carrier and codec. Its nonce becomes the credential's, and its address must be the portal's.
   */
  readonly signed?: { readonly nonce: string; readonly returnTo: string }
}

/**
 * A way to send a signed user: where the credential travels, how it is written, what signs it and
 * what its claims are called.
 */
export interface SchemeDefinition<
  User extends PortalUser,
  Input,
  Ids extends string,
  Value,
  Output = unknown,
> {
  /** The scheme's name on `portalUser.scheme` and in replay keys: never change it. */
  readonly name: User['scheme']
  readonly carrier: Carrier<Value, Output>
  readonly codec: Codec<Value>
  readonly mac: Mac
  readonly claims: ClaimsTable<User, Input>
  /** How long a credential may be valid. */
  readonly limits: {
    /** The longest life, from issue (or, without a time of issue, from now) to expiry, in seconds. */
    readonly maxLifetime: number
    /**
     * For a scheme with a time of issue and no expiry: how long a credential is valid, in seconds.
     * @default none: the scheme has an expiry of its own
     */
    readonly window?: number
    /**
     * Set for a format without any time: its credentials are valid until the secret changes. Whoever
     * has seen one can use it forever, so prefer a format that has an expiry.
     */
    readonly neverExpires?: true
  }
  /**
   * Beginnings of other values that are mistaken for this portal's secret, and what those are, beside
   * the usual ones such as `pk_`, `whsec_` and `Bearer `.
   */
  readonly notSecrets?: Readonly<Record<string, string>>
  /**
   * When a credential is valid only once, and what distinguishes it from others.
   * @default never
   */
  readonly singleUse?: {
    /** `with-store`: only where the application passes a `replayStore`. */
    readonly when: 'always' | 'with-store'
    /** The nonce among its claims, or everything that was signed. */
    readonly by: 'nonce' | 'signing-input'
  }
  /** How the vendor spells the key, where the key is not the text itself. @default the text's UTF-8 bytes */
  readonly secretSpelling?: Encoding
  /** Options that the function around the factory reads. The factory accepts and ignores them. */
  readonly otherOptions?: readonly string[]
  readonly address: SchemeAddress<Ids>
  readonly arrival?: SchemeArrival<Ids>
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
