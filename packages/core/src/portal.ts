import { ConfigError } from './config-error'
import { keySource, type KeySource, type SecretSource } from './keys/key-source'
import {
  anything,
  anyText,
  assertKnown,
  invalidOption,
  originsOption,
  readOptions,
  type Option,
  type OptionTable,
} from './options'
import type { Scheme, SchemeDefinition } from './scheme'
import { claimsReader, type PortalUser } from './wire/claims'
import type { Signed } from './wire/page-carriers'

/** The options of every portal; `Ids` are the scheme's own. */
export type PortalOptions<Ids extends string = never> = {
  /**
   * The secret that the portal shares with the application. The type includes `undefined` so that
   * `process.env.X` compiles; at run time a missing secret is refused.
   */
  readonly secret: SecretSource | undefined
  /**
   * The portal's server, where it is not the vendor's: an origin, optionally with a path.
   * @default the vendor's own
   */
  readonly baseUrl?: string | undefined
  /**
   * Origins to which the portal may return visitors, such as the board's own domain. Only for portals
   * that send a visitor to your sign endpoint with an address to return to.
   * @default none but the portal's own
   */
  readonly returnOrigins?: readonly string[] | undefined
} & { readonly [Name in Ids]?: string | undefined }

/** A scheme plus its secret: all that signing and verifying need. */
export interface Portal<User extends PortalUser = PortalUser, Input = never, Output = unknown> {
  readonly scheme: Scheme<User>
  readonly keys: KeySource
  readonly ids: Readonly<Record<string, string | undefined>>
  /** Where signed credentials are sent, without a trailing slash. */
  readonly baseUrl: string
  /** The id among `ids` that a credential must be meant for; `null` where none was given. */
  readonly audience: string | null
  readonly returnOrigins: readonly string[]
  /** Never set. Carries the type of what a signer returns. */
  readonly gives?: Output | undefined
  /** Never set. Carries the type of the users that can be signed for this portal. */
  readonly takes?: ((input: Input) => void) | undefined
}

/** The user that a portal verifies. */
export type UserOf<P> = P extends { readonly scheme: Scheme<infer User> } ? User : never

/** The user that a portal's signer takes; of one of several portals, what all of them take. */
export type InputOf<P> = [P] extends [
  { readonly takes?: ((input: infer Input) => void) | undefined },
]
  ? Input
  : never

/** What the portal's signer returns. */
export type OutputOf<P> = P extends { readonly gives?: infer Output }
  ? unknown extends Output
    ? Signed
    : Exclude<Output, undefined>
  : never

/** Makes portals of one scheme. */
export type PortalFactory<
  User extends PortalUser,
  Input,
  Ids extends string = never,
  Output = unknown,
> = (options: PortalOptions<Ids>) => Portal<User, Input, Output>

/**
 * Defines a scheme. The built-in ones are defined in the same way.
 * @returns a function that makes portals: `const acme = defineScheme({ … }); acme({ secret })`
 * @throws ConfigError for claims without a time, or without the nonce that distinguishes them
 */
export function defineScheme<User extends PortalUser, Input, Ids extends string, Value, Output>(
  definition: SchemeDefinition<User, Input, Ids, Value, Output>,
): PortalFactory<User, Input, Ids, Output> {
  assertSound(definition)
  const { name, address, audience } = definition
  const reader = claimsReader(name, definition.claims)
  const scheme = Object.freeze({ ...definition, reader }) as unknown as Scheme<User> // its carrier meets its codec
  const idOptions = address.ids.map((id) => [id, idOption(id === audience ? 255 : 64)] as const)
  const others = (definition.otherOptions ?? []).map((option) => [option, anything] as const)
  const table = {
    ...portalOptions(definition),
    ...Object.fromEntries([...idOptions, ...others]),
  } as OptionTable<PortalOptions<Ids>>

  return (options) => {
    const given = readOptions(`${name}()`, table, options)
    const { secret, baseUrl, returnOrigins = [] } = given
    const ids: Portal['ids'] = Object.fromEntries(address.ids.map((id) => [id, given[id]]))
    const own = (audience && ids[audience]) ?? null
    return Object.freeze({
      scheme,
      keys: keySource(definition, secret, own),
      ids,
      baseUrl: baseUrl === undefined ? withIds(address.origin, ids) : usableUrl(name, baseUrl),
      returnOrigins,
      audience: own,
    })
  }
}

/** Only the options that have an effect. */
function portalOptions({
  address: { origin },
  arrival,
}: Pick<SchemeDefinition<PortalUser, never, string, never>, 'address' | 'arrival'>): Partial<
  OptionTable<PortalOptions>
> {
  return {
    secret: anything as Option<SecretSource | undefined>, // keySource checks it
    ...(origin !== '' && { baseUrl: anyText(BASE_URL) }), // usableUrl checks it
    ...(arrival?.returnTo !== undefined && { returnOrigins: originsOption }),
  }
}

/** An id that was not given leaves its place as it is: nothing is signed without it. */
function withIds(origin: string, ids: Portal['ids']): string {
  return origin.replace(/\{(\w+)\}/g, (place, id: string) => ids[id] ?? place)
}

/** Ids appear in paths and headers, so they contain nothing that has a meaning there. */
function idOption(max: number): Option<string | undefined> {
  return {
    wanted: `an id of 1 to ${max} letters, digits, "_" and "-"`,
    fallback: undefined,
    read: (given) =>
      typeof given === 'string' && given.length <= max && /^[A-Za-z0-9_-]+$/.test(given)
        ? given
        : undefined,
  }
}

const BASE_URL =
  'an absolute https URL without credentials, query and fragment (http only outside production)'

function usableUrl(owner: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isAllowed =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && process.env['NODE_ENV'] !== 'production')
  const isPlain = url && !url.username && !url.password && !/[?#]/.test(value)
  if (isAllowed && isPlain) return url.href.replace(/\/+$/, '')
  throw invalidOption(`${owner}()`, 'baseUrl', BASE_URL)
}

/** With the one that a finished scheme has, so that a scheme can be defined by another. */
const MEMBERS = (
  'name carrier codec mac claims limits notSecrets singleUse secretSpelling otherOptions address ' +
  'arrival audience reader'
).split(' ')
const CLAIMS = 'user issuedAt notBefore expiresAt audience nonce fixed unknown'.split(' ')
const LIMITS = 'maxLifetime window neverExpires'.split(' ')

/** A credential that is valid forever, or that only the first user could use, is no scheme. */
function assertSound<User extends PortalUser, Input, Ids extends string, Value, Output>(
  definition: SchemeDefinition<User, Input, Ids, Value, Output>,
): void {
  const { name, claims, singleUse, limits, audience, address } = definition
  assertKnown('defineScheme()', definition, MEMBERS) // a misspelt `singleUse` would have no effect
  assertKnown('`claims` of defineScheme()', claims, CLAIMS)
  assertKnown('`limits` of defineScheme()', limits, LIMITS)
  if (audience !== undefined && !address.ids.includes(audience)) {
    throw new ConfigError('option_invalid', {
      problem: `The audience of the scheme "${name}" is not one of its ids`,
      fix: 'Name one of `address.ids`, or leave out `audience`',
    })
  }
  if (singleUse?.by === 'nonce' && !claims.nonce) {
    throw new ConfigError('option_invalid', {
      problem: `The scheme "${name}" is single-use by a nonce, and its claims have none`,
      fix: 'Give its claims a `nonce` field, or set `singleUse.by` to "signing-input"',
    })
  }
  if (limits.neverExpires) return
  if (!claims.expiresAt && !claims.issuedAt && singleUse?.when !== 'always') {
    throw new ConfigError('option_invalid', {
      problem: `The credentials of the scheme "${name}" contain no time, so they would be valid forever`,
      fix: 'Give its claims an `expiresAt` or an `issuedAt` field, make it single-use, or set `limits.neverExpires`',
    })
  }
}
