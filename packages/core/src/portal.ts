import { ConfigError } from './config-error'
import { keySource, type KeySource, type SecretSource } from './keys/key-source'
import { invalidOption, readOptions, type Option, type OptionTable } from './options'
import type { Scheme, SchemeDefinition } from './scheme'
import { claimsReader, type PortalUser } from './wire/claims'

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
} & { readonly [Name in Ids]?: string | undefined }

/** A scheme plus its secret: all that signing and verifying need. */
export interface Portal<User extends PortalUser = PortalUser, Input = never> {
  readonly scheme: Scheme<User>
  readonly keys: KeySource
  readonly ids: Readonly<Record<string, string | undefined>>
  /** Where signed credentials are sent, without a trailing slash. */
  readonly baseUrl: string
  /** The id among `ids` that a credential must be meant for; `null` where none was given. */
  readonly audience: string | null
  /** Never set. Carries the type of the users that can be signed for this portal. */
  readonly takes?: ((input: Input) => void) | undefined
}

/** The user that a portal vouches for. */
export type UserOf<P> = P extends { readonly scheme: Scheme<infer User> } ? User : never

/** The user that a portal's signer takes. */
export type InputOf<P> = P extends { readonly takes?: ((input: infer Input) => void) | undefined }
  ? Input
  : never

/** Makes portals of one scheme. */
export type PortalFactory<User extends PortalUser, Input, Ids extends string = never> = (
  options: PortalOptions<Ids>,
) => Portal<User, Input>

/**
 * Defines a scheme. The built-in ones are defined in the same way.
 * @returns a function that makes portals: `const acme = defineScheme({ … }); acme({ secret })`
 * @throws ConfigError for claims without a time, or without the nonce that distinguishes them
 */
export function defineScheme<User extends PortalUser, Input, Ids extends string, Value>(
  definition: SchemeDefinition<User, Input, Ids, Value>,
): PortalFactory<User, Input, Ids> {
  assertSound(definition)
  const { name, address, audience } = definition
  const reader = claimsReader(name, definition.claims)
  const scheme = Object.freeze({ ...definition, reader }) as unknown as Scheme<User> // its carrier meets its codec
  const idOptions = address.ids.map((id) => [id, idOption(id === audience ? 255 : 64)] as const)
  const table = {
    ...portalOptions(address.origin),
    ...Object.fromEntries(idOptions),
  } as OptionTable<CommonOptions & Record<Ids, string | undefined>>

  return (options) => {
    const { secret, baseUrl, ...ids } = readOptions(`${name}()`, table, options)
    return Object.freeze({
      scheme,
      keys: keySource(name, secret, definition.notSecrets),
      ids: ids as Portal['ids'],
      baseUrl: usableUrl(name, baseUrl),
      audience: (audience && (ids as Portal['ids'])[audience]) ?? null,
    })
  }
}

interface CommonOptions {
  readonly secret: SecretSource | undefined
  readonly baseUrl: string
}

function portalOptions(origin: string): OptionTable<CommonOptions> {
  return {
    secret: { wanted: 'a secret', fallback: undefined, read: (given) => given as SecretSource }, // keySource checks it
    baseUrl: {
      wanted: BASE_URL,
      fallback: origin,
      read: (given) => (typeof given === 'string' ? given : undefined),
    },
  }
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

/** A credential that is valid for ever, or that only the first user could use, is no scheme. */
function assertSound<User extends PortalUser, Input, Ids extends string, Value>(
  definition: SchemeDefinition<User, Input, Ids, Value>,
): void {
  const { name, claims, singleUse } = definition
  if (singleUse?.by === 'nonce' && !claims.nonce) {
    throw new ConfigError('option_invalid', {
      problem: `The scheme "${name}" is single-use by a nonce, and its claims have none`,
      fix: 'Give its claims a `nonce` field, or set `singleUse.by` to "signing-input"',
    })
  }
  if (!claims.expiresAt && !claims.issuedAt && singleUse?.when !== 'always') {
    throw new ConfigError('option_invalid', {
      problem: `The credentials of the scheme "${name}" contain no time, so they would be valid for ever`,
      fix: 'Give its claims an `expiresAt` or an `issuedAt` field, or make it single-use',
    })
  }
}
