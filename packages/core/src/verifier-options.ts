import { ConfigError } from './config-error'
import { assertDistinct } from './key-source'
import { assertKnown, booleanOption, functionOption, invalidOption, numberOption } from './options'
import { assertKeyLength, type Portal } from './portal'
import type { ReplayStore } from './replay'

/** How a verifier decides. Every number of seconds may have a fraction. */
export interface VerifierOptions<Native = unknown> {
  /**
   * Whose secret to use and whom the credential must be meant for, where one app serves many: 1 to
   * 255 letters, digits, "_" and "-". What it returns must not come from the credential itself.
   * @default the workspace that a fdback credential names; none for the other schemes
   */
  readonly tenant?: ((request: Native) => string | null | undefined) | undefined
  /**
   * Also accept the credential as `Authorization: Bearer …`.
   * @default false
   */
  readonly bearer?: boolean | undefined
  /**
   * How far in the future a time of issue may lie, in seconds, for clocks that disagree. Expiry has
   * no tolerance. From 0 to 300.
   * @default 30
   */
  readonly clockTolerance?: number | undefined
  /**
   * The longest life to accept, in seconds. May only lower what the scheme allows.
   * @default the scheme's own limit
   */
  readonly maxLifetime?: number | undefined
  /**
   * Where used one-time credentials are remembered. A fdback request is used up only if this is set.
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
   * How long to remember a one-time credential that never expires, in seconds. After that it would
   * be accepted again.
   * @default for ever in a durable store; such credentials are refused where the store is not durable
   */
  readonly nonceRetention?: number | undefined
  /**
   * Which methods use up a one-time credential; others only look whether it is used. `manual`
   * leaves it to `portalAuth.consume()`. With `{ lease }` it is only reserved for that many seconds
   * (0.1 to 3600) before the handler runs: a success uses it up, a failure gives it back, and who
   * comes meanwhile is refused with 409.
   * @default 'unsafe-methods': all but GET, HEAD and OPTIONS
   */
  readonly consume?: 'unsafe-methods' | 'manual' | readonly string[] | LeaseMode | undefined
  /**
   * Accept a JWT secret of 16 to 31 bytes, against RFC 7518 section 3.2.
   * @default false
   */
  readonly allowShortSecret?: boolean | undefined
  /**
   * Accept portals that share a secret: only where the vendor really has one for both.
   * @default false
   */
  readonly allowSecretReuse?: boolean | undefined
  /**
   * The clock, in milliseconds since the epoch.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined
}

/** A use that counts only if the handler succeeds. */
export interface LeaseMode {
  /** For how long a crashed handler keeps others out, in seconds: longer than any handler takes. */
  readonly lease: number
  /** @default 'unsafe-methods' */
  readonly methods?: 'unsafe-methods' | readonly string[] | undefined
}

export const VERIFIER_OPTIONS: readonly (keyof VerifierOptions)[] = [
  'tenant',
  'bearer',
  'clockTolerance',
  'maxLifetime',
  'replayStore',
  'storeDeadline',
  'nonceRetention',
  'consume',
  'allowShortSecret',
  'allowSecretReuse',
  'now',
]

/** @throws ConfigError for options that no portal of these could obey, or portals that cannot stand together */
export function assertOptions<Native>(
  portals: readonly Portal[],
  options: VerifierOptions<Native>,
  known: readonly string[],
): void {
  assertKnown(options, known, 'This')
  for (const name of ['tenant', 'now'] as const) functionOption(name, options[name])
  for (const name of ['bearer', 'allowShortSecret', 'allowSecretReuse'] as const)
    booleanOption(name, options[name])
  assertBearer(portals, options.bearer ?? false)
  assertStore(options.replayStore)
  if (options.maxLifetime !== undefined) {
    const max = Math.max(...portals.map(({ scheme }) => scheme.limits.maxLifetime))
    numberOption('maxLifetime', options.maxLifetime, { min: 1, max, unit: 'seconds' })
  }
  for (const portal of portals) assertPortal(portal, options)
  if (!options.allowSecretReuse) assertNoReuse(portals)
}

function assertBearer(portals: readonly Portal[], wanted: boolean): void {
  if (!wanted || portals.some(({ scheme }) => scheme.codec.compact)) return
  throw new ConfigError('option_invalid', {
    problem: 'None of these portals has a credential that fits into one `Authorization` header',
    fix: 'Leave out `bearer`',
  })
}

function assertStore(store: ReplayStore | undefined): void {
  if (store === undefined) return
  const complete =
    hasMethods(store, ['claim', 'has']) &&
    typeof store.durable === 'boolean' &&
    (store.leases === undefined ||
      hasMethods(store.leases, ['reserve', 'commit', 'release', 'look']))
  if (complete) return
  throw invalidOption(
    'replayStore',
    'a ReplayStore with `claim`, `has` and `durable`; its `leases`, if any, with `reserve`, `commit`, `release` and `look`',
  )
}

function hasMethods<Value extends object>(value: Value, names: readonly (keyof Value)[]): boolean {
  return names.every((name) => typeof value?.[name] === 'function')
}

function assertPortal<Native>(portal: Portal, options: VerifierOptions<Native>): void {
  const { scheme, audience, keys } = portal
  if (scheme.claims.audience && audience === null && !options.tenant) {
    throw new ConfigError('audience_missing', {
      problem: `A ${scheme.name} portal without "${scheme.audience}" would accept what was signed for another project`,
      fix: `Pass "${scheme.audience}" to ${scheme.name}(), or the guard's \`tenant\` where one app serves many`,
    })
  }
  assertKeyLength(portal, keys.known ?? [], options.allowShortSecret ?? false)
}

function assertNoReuse(portals: readonly Portal[]): void {
  portals.forEach((portal, index) => {
    for (const other of portals.slice(index + 1)) {
      assertDistinct(
        portal.keys.known ?? [],
        other.keys.known ?? [],
        `${portal.scheme.name} and ${other.scheme.name}`,
      )
    }
  })
}
