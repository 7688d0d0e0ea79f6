import {
  callback,
  clock,
  flag,
  invalidOption,
  readOptions,
  seconds,
  type Option,
  type OptionTable,
  type Settings,
} from '../options'
import { ConfigError } from '../config-error'
import type { Portal } from '../portal'
import { defaultReplayStore } from '../replay/memory-store'
import type { OneTimeSettings } from '../replay/one-time'
import type { ReplayStore } from '../replay/store'

/** How a verifier decides. Every number of seconds may have a fraction. */
export interface VerifierOptions<Native = unknown> {
  /**
   * The tenant that a request is for, where one app serves many: 1 to 255 letters, digits, "_" and
   * "-". Chooses the secret and the audience, so derive it from the request's host or path, never
   * from the credential.
   * @default the workspace that a fdback credential names; none for the other schemes
   */
  readonly tenant?: ((request: Native) => string | null | undefined) | undefined
  /**
   * Also accept the credential as `Authorization: Bearer …`.
   * @default false
   */
  readonly bearer?: boolean | undefined
  /**
   * How far clocks may disagree, in seconds: how far in the future a time of issue may lie, and by
   * how much a lifetime may exceed its limit. Expiry has no tolerance. From 0 to 300.
   * @default 30
   */
  readonly clockTolerance?: number | undefined
  /**
   * The longest lifetime to accept, in seconds. Can only lower the scheme's own limit.
   * @default the scheme's own limit
   */
  readonly maxLifetime?: number | undefined
  /**
   * Remembers used one-time credentials. A fdback request is single-use only with this option.
   * @default a memory store for Harlyy links, none for the others
   */
  readonly replayStore?: ReplayStore | undefined
  /**
   * How long the replay store may take to answer, in seconds. After that the request is refused with
   * 503. From 0.01 to 2.
   * @default 0.5
   */
  readonly storeDeadline?: number | undefined
  /**
   * How long to remember a used one-time credential that never expires, in seconds. After that it is
   * accepted again.
   * @default forever in a durable store; with any other store such credentials are refused
   */
  readonly nonceRetention?: number | undefined
  /**
   * Which methods use up a one-time credential; with other methods it is only checked. `manual`
   * leaves it to `portalAuth.consume()`. With `{ lease }` the credential is reserved for that many
   * seconds (0.1 to 3600) while the handler runs: a success uses it up, a failure releases it, and
   * concurrent requests get 409.
   * @default 'unsafe-methods': all but GET, HEAD and OPTIONS
   */
  readonly consume?: 'unsafe-methods' | 'manual' | readonly string[] | LeaseMode | undefined
  /**
   * Accept a JWT secret of 16 to 31 bytes, against RFC 7518 section 3.2.
   * @default false
   */
  readonly allowShortSecret?: boolean | undefined
  /**
   * Accept portals that share a secret. Only where the vendor issued one secret for both.
   * @default false
   */
  readonly allowSecretReuse?: boolean | undefined
  /**
   * The clock, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
}

/** A use that is final only if the handler succeeds. */
export interface LeaseMode {
  /** How long a crashed handler keeps other requests out, in seconds: longer than any handler takes. */
  readonly lease: number
  /** @default 'unsafe-methods' */
  readonly methods?: 'unsafe-methods' | readonly string[] | undefined
}

/** The options with their defaults. Times in milliseconds. */
export interface VerifierSettings extends Omit<
  Settings<VerifierOptions, 'tenant' | 'maxLifetime' | 'replayStore' | 'nonceRetention'>,
  'consume'
> {
  readonly consume: Consumption
}

interface Consumption {
  /** `null` for no method. */
  readonly methods: 'unsafe-methods' | readonly string[] | null
  /** Milliseconds; `undefined` where a use is final at once. */
  readonly lease: number | undefined
}

const CENTURY = 100 * 31_622_400

/** The options of a verifier for these portals. */
export function verifierOptions(portals: readonly Portal[]): OptionTable<VerifierSettings> {
  const longest = Math.max(...portals.map(({ scheme }) => scheme.limits.maxLifetime))
  return {
    tenant: callback(),
    bearer: flag,
    clockTolerance: seconds({ min: 0, max: 300 }, 30_000),
    maxLifetime: seconds({ min: 1, max: longest }, undefined),
    replayStore: storeOption,
    storeDeadline: seconds({ min: 0.01, max: 2 }, 500),
    nonceRetention: seconds({ min: 1, max: CENTURY }, undefined),
    consume: consumeOption,
    allowShortSecret: flag,
    allowSecretReuse: flag,
    now: clock,
  }
}

const storeOption: Option<ReplayStore | undefined> = {
  wanted:
    'a ReplayStore with `claim`, `has` and `durable`; its `leases`, if any, with `reserve`, `commit`, `release` and `look`',
  fallback: undefined,
  read: (given) => (isStore(given) ? given : undefined),
}

function isStore(given: unknown): given is ReplayStore {
  const store = given as Partial<ReplayStore> | null // each member is checked
  return (
    hasMethods(store, ['claim', 'has']) &&
    typeof store?.durable === 'boolean' &&
    (store.leases === undefined ||
      hasMethods(store.leases, ['reserve', 'commit', 'release', 'look']))
  )
}

function hasMethods<Value extends object>(
  value: Value | null | undefined,
  names: readonly (keyof Value)[],
): boolean {
  return names.every((name) => typeof value?.[name] === 'function')
}

const METHODS = 'a list of methods in upper case'

const leaseOptions: OptionTable<Consumption> = {
  lease: seconds({ min: 0.1, max: 3_600 }, undefined),
  methods: {
    wanted: `"unsafe-methods" or ${METHODS}`,
    fallback: 'unsafe-methods',
    read: (given) => (given === 'unsafe-methods' || isMethods(given) ? given : undefined),
  },
}

const consumeOption: Option<Consumption> = {
  wanted: `"unsafe-methods", "manual", ${METHODS}, or { lease, methods }`,
  fallback: { methods: 'unsafe-methods', lease: undefined },
  read(given) {
    if (given === 'unsafe-methods') return consumeOption.fallback
    if (given === 'manual') return { methods: null, lease: undefined }
    if (isMethods(given)) return { methods: [...given], lease: undefined }
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
    const mode = readOptions('`consume`', leaseOptions, given)
    return mode.lease === undefined ? undefined : mode
  },
}

function isMethods(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every(isMethod)
}

function isMethod(given: unknown): boolean {
  return typeof given === 'string' && /^[A-Z]+$/.test(given)
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Where GET consumes, so does HEAD: routers answer it with the handler of GET. */
function consumes({ methods }: Consumption, method: string): boolean {
  if (methods === null) return false
  if (methods === 'unsafe-methods') return !SAFE_METHODS.includes(method)
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}

/**
 * @returns `undefined` for a portal whose credentials may be used again
 * @throws ConfigError for lease mode with a store that has no leases, and for credentials without a
 *   time that no store would remember forever
 */
export function oneTimeSettings(
  { scheme: { name, claims, singleUse } }: Portal,
  settings: VerifierSettings,
  owner: string,
): OneTimeSettings | undefined {
  const { consume, storeDeadline, clockTolerance, nonceRetention } = settings
  if (!singleUse) return undefined
  const isAlways = singleUse.when === 'always'
  const store = settings.replayStore ?? (isAlways ? defaultReplayStore() : undefined)
  if (!store) return undefined
  const isDated = claims.expiresAt ?? claims.issuedAt
  if (!isDated && !settings.replayStore && nonceRetention === undefined) {
    throw new ConfigError('option_invalid', {
      problem: `Links of ${name} contain no time, and the default store forgets them when the process ends`,
      fix: 'Set `nonceRetention`, or pass a durable `replayStore`',
    })
  }
  if (consume.lease !== undefined && !store.leases) {
    throw invalidOption(
      owner,
      'replayStore',
      'a store with `leases`, which `consume: { lease }` needs',
    )
  }
  return {
    store,
    deadline: storeDeadline,
    lease: consume.lease,
    clockTolerance,
    nonceRetention,
    consumes: (method) => consumes(consume, method),
  }
}
