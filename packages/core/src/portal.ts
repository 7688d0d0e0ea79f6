import type { PortalUser } from './claims'
import { ConfigError } from './config-error'
import { keySource, type KeySource, type SecretSource } from './key-source'
import { memoryReplayStore } from './memory-replay-store'
import { assertKnown, invalidOption } from './options'
import type { ReplayStore } from './replay'
import type { Scheme } from './scheme'
import { newUses, type Uses } from './single-use'

/** What every portal is made with; `Ids` are the scheme's own. */
export type PortalOptions<Ids extends string = never> = {
  /**
   * What the portal shares with the application. `undefined` is in the type so that
   * `process.env.X` can stand here; it is refused when it happens.
   */
  readonly secret: SecretSource | undefined
  /**
   * The portal's server, where it is not the vendor's: an origin, a path may follow.
   * @default the vendor's own
   */
  readonly baseUrl?: string | undefined
} & { readonly [Name in Ids]?: string | undefined }

/** A scheme plus a secret: all that signing or verifying needs. */
export interface Portal<User extends PortalUser = PortalUser, Input = never> {
  readonly scheme: Scheme<User, Input>
  readonly keys: KeySource
  readonly ids: Readonly<Record<string, string | undefined>>
  /** Where signed credentials go, without a trailing slash. */
  readonly baseUrl: string
  /** The id among `ids` that a credential must be meant for; `null` where none was given. */
  readonly audience: string | null
  /** Remembers used nonces where the application brings no store of its own: always the same one. */
  memory(): ReplayStore
  readonly uses: Uses
}

/** The user that a portal vouches for. */
export type UserOf<P> = P extends Portal<infer User, never> ? User : never

/** What a portal's signer is given. */
export type InputOf<P> = P extends Portal<PortalUser, infer Input> ? Input : never

/** @throws ConfigError `misconfigured` for an unusable secret, id or URL */
export function createPortal<User extends PortalUser, Input, Ids extends string, Sent>(
  scheme: Scheme<User, Input, Ids, Sent>,
  options: PortalOptions<Ids> = {} as PortalOptions<Ids>, // what is missing is told below
): Portal<User, Input> {
  const { name, address } = scheme
  assertKnown(options, ['secret', 'baseUrl', ...address.ids], name)
  const ids = Object.fromEntries(
    address.ids.map((id) => [id, idOption(id, options[id], id === scheme.audience ? 255 : 64)]),
  )
  return Object.freeze({
    scheme: scheme as unknown as Scheme<User, Input>, // only the scheme's own carrier meets its codec
    keys: keySource(name, options.secret),
    ids,
    baseUrl: baseUrlOption(options.baseUrl === undefined ? address.origin : options.baseUrl),
    audience: (scheme.audience && ids[scheme.audience]) ?? null,
    memory: once(memoryReplayStore),
    uses: newUses(),
  })
}

/** Made when it is first asked for: who only signs needs none. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

/** Ids stand in paths and headers, so nothing that could leave its place there is let in. */
function idOption(name: string, value: string | undefined, max: number): string | undefined {
  if (value === undefined) return value
  const fits = typeof value === 'string' && value.length <= max && /^[A-Za-z0-9_-]+$/.test(value)
  if (fits) return value
  throw invalidOption(name, `an id of 1 to ${max} letters, digits, "_" and "-"`)
}

/** An address that a credential may be sent to: https, and http for development only. */
function baseUrlOption(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const plain = url?.protocol === 'http:' && process.env['NODE_ENV'] !== 'production'
  if (!url || !(url.protocol === 'https:' || plain)) {
    throw invalidOption('baseUrl', 'an absolute https URL (http only outside production)')
  }
  if (url.username || url.password || url.search || url.hash || /[?#]/.test(value)) {
    throw invalidOption('baseUrl', 'a URL without credentials, query and fragment')
  }
  return url.href.replace(/\/+$/, '')
}

/** @throws ConfigError when signing needs an id that the portal was made without */
export function requireIds(
  portal: Pick<Portal, 'ids' | 'scheme'>,
): Readonly<Record<string, string>> {
  const missing = Object.keys(portal.ids).find((id) => portal.ids[id] === undefined)
  if (missing === undefined) return portal.ids as Readonly<Record<string, string>>
  throw new ConfigError('id_missing', {
    problem: `Signing for ${portal.scheme.name} needs "${missing}"`,
    fix: `Pass it: ${portal.scheme.name}({ ${missing}, secret })`,
  })
}

/** @throws ConfigError where a key is shorter than its mac demands */
export function assertKeyLength(
  { scheme }: Pick<Portal, 'scheme'>,
  keys: readonly { readonly length: number }[],
  allowShortSecret: boolean,
): void {
  const { minKeyLength } = scheme.mac
  if (allowShortSecret || keys.every((key) => key.length >= minKeyLength)) return
  throw new ConfigError('secret_too_short', {
    problem: `A secret for ${scheme.name} is shorter than the ${minKeyLength} bytes that its signature asks for`,
    fix: 'Use a longer secret, or set `allowShortSecret` if the portal issued a short one',
  })
}
