import type { Carrier } from './carrier'
import { claimsReader, type ClaimsReader, type ClaimsTable, type PortalUser } from './claims'
import type { Codec } from './codec'
import { ConfigError } from './config-error'
import type { Mac } from './mac'
import { createPortal, type Portal, type PortalOptions } from './portal'

/** How long a credential may live, and how its times are told. */
export interface SchemeLimits {
  /** The longest life, from issue (or, where that is not said, from now) to expiry, in seconds. */
  readonly maxLifetime: number
  /**
   * For a scheme that says when it signed and not when that ends: how long it counts, in seconds.
   * @default none: the scheme has an expiry of its own
   */
  readonly window?: number
}

/** When a credential counts only once, and by what it is told from others. */
export interface SingleUse {
  /** `always`, or only where the application gave a `replayStore`. */
  readonly when: 'always' | 'with-store'
  /** The nonce among its claims, or everything that was signed. */
  readonly by: 'nonce' | 'signing-input'
}

/** What a signed credential needs on its way to the portal. */
export interface SchemeAddress<Ids extends string> {
  /** The portal's own server, an origin. */
  readonly origin: string
  /** Where on it; `ids` are safe in a path. */
  path(ids: Readonly<Record<Ids, string>>): string
  /** What the path and the credential are made of: asked for only when signing. */
  readonly ids: readonly Ids[]
  /** What a page in an iframe adds to the query, if the portal can be embedded. */
  readonly embed?: string
  /** Default life of what is signed, in seconds. */
  readonly expiresIn: number
}

/**
 * A way to send a signed user: where the credential travels, what shape it has, what signs it, what
 * its claims are called.
 */
export interface SchemeDefinition<User extends PortalUser, Input, Ids extends string, Sent> {
  /** Names the scheme on `portalUser.scheme` and in replay keys: never change it. */
  readonly name: User['scheme']
  readonly carrier: Carrier<Sent>
  readonly codec: Codec<Sent>
  readonly mac: Mac
  readonly claims: ClaimsTable<User, Input>
  readonly limits: SchemeLimits
  /** @default never */
  readonly singleUse?: SingleUse
  readonly address: SchemeAddress<Ids>
  /**
   * The id that the credential must be meant for: compared with its audience, or with the tenant
   * that it names. Where the portal was made without it, the guard's `tenant` takes its place.
   */
  readonly audience?: Ids
}

/** A definition made ready to run. */
export interface Scheme<
  User extends PortalUser = PortalUser,
  Input = never,
  Ids extends string = string,
  Sent = unknown,
> extends SchemeDefinition<User, Input, Ids, Sent> {
  readonly reader: ClaimsReader<User>
}

/** Makes portals of one scheme: the scheme plus a secret. */
export type PortalFactory<User extends PortalUser, Input, Ids extends string = never> = (
  options: PortalOptions<Ids>,
) => Portal<User, Input>

/**
 * Defines a scheme, the built-in ones too.
 * @returns what makes a portal of it: `const acme = defineScheme({ … }); acme({ secret })`
 * @throws ConfigError for claims without a time, or without the nonce that they are told apart by
 */
export function defineScheme<User extends PortalUser, Input, Ids extends string, Sent>(
  definition: SchemeDefinition<User, Input, Ids, Sent>,
): PortalFactory<User, Input, Ids> {
  assertSound(definition)
  const reader = claimsReader(definition.name, definition.claims)
  const scheme: Scheme<User, Input, Ids, Sent> = Object.freeze({ ...definition, reader })
  return (options) => createPortal(scheme, options)
}

/** What could be shown for ever, or what only the first could use, is no scheme. */
function assertSound<User extends PortalUser, Input, Ids extends string, Sent>(
  definition: SchemeDefinition<User, Input, Ids, Sent>,
): void {
  const { name, claims, singleUse } = definition
  if (singleUse?.by === 'nonce' && !claims.nonce) {
    throw new ConfigError('option_invalid', {
      problem: `The scheme "${name}" is single-use by a nonce that its claims do not have`,
      fix: 'Give its claims a `nonce` field, or tell its credentials apart by their signing input',
    })
  }
  if (!claims.expiresAt && !claims.issuedAt && singleUse?.when !== 'always') {
    throw new ConfigError('option_invalid', {
      problem: `What the scheme "${name}" signs says no time, so it would count for ever`,
      fix: 'Give its claims an `expiresAt` or an `issuedAt` field, or make it single-use',
    })
  }
}
