import { assertKnown, invalidOption, numberOption } from './options'
import type { Portal } from './portal'
import type { ReplayStore } from './replay'
import type { VerifierOptions } from './verifier-options'

/** The options of a verifier for one portal, resolved and checked. Times in milliseconds. */
export interface Policy<Native> {
  readonly tenant: ((request: Native) => string | null | undefined) | undefined
  readonly clockTolerance: number
  readonly maxLifetime: number
  /** How long after its issue a credential without an expiry counts. */
  readonly window: number
  readonly replayStore: ReplayStore | undefined
  readonly storeDeadline: number
  readonly nonceRetention: number | undefined
  /** For how long a use is reserved until the answer decides; `undefined` where it counts at once. */
  readonly lease: number | undefined
  readonly allowShortSecret: boolean
  consumes(method: string): boolean
  now(): number
}

const YEAR = 31_622_400

/** @throws ConfigError for an option that cannot work */
export function resolvePolicy<Native>(
  portal: Portal,
  options: VerifierOptions<Native>,
): Policy<Native> {
  const { clockTolerance = 30, storeDeadline = 0.5, now = Date.now } = options
  const { tenant, nonceRetention, allowShortSecret = false } = options
  const { limits, singleUse } = portal.scheme
  const maxLifetime = Math.min(options.maxLifetime ?? Infinity, limits.maxLifetime)
  if (nonceRetention !== undefined) {
    numberOption('nonceRetention', nonceRetention, { min: 1, max: 100 * YEAR, unit: 'seconds' })
  }
  const store = options.replayStore ?? (singleUse?.when === 'always' ? portal.memory() : undefined)
  const { methods, lease } = consumption(options.consume)
  if (lease !== undefined && singleUse && store && !store.leases) {
    throw invalidOption('replayStore', 'a store with `leases`, which `consume: { lease }` asks for')
  }
  return {
    tenant,
    clockTolerance:
      numberOption('clockTolerance', clockTolerance, { min: 0, max: 300, unit: 'seconds' }) * 1000,
    maxLifetime: maxLifetime * 1000,
    window: Math.min(limits.window ?? Infinity, maxLifetime) * 1000,
    replayStore: singleUse && store,
    storeDeadline:
      numberOption('storeDeadline', storeDeadline, { min: 0.01, max: 2, unit: 'seconds' }) * 1000,
    nonceRetention: nonceRetention === undefined ? undefined : nonceRetention * 1000,
    allowShortSecret,
    lease: lease === undefined ? undefined : lease * 1000,
    consumes: consumingMethods(methods),
    now,
  }
}

interface Consumption {
  readonly methods: 'unsafe-methods' | 'manual' | readonly string[]
  /** Seconds. */
  readonly lease?: number | undefined
}

function consumption(consume: VerifierOptions['consume']): Consumption {
  if (typeof consume !== 'object' || consume === null || !('lease' in consume)) {
    return { methods: consume === undefined ? 'unsafe-methods' : consume }
  }
  assertKnown(consume, ['lease', 'methods'], '`consume`')
  const { lease, methods = 'unsafe-methods' } = consume
  numberOption('consume.lease', lease, { min: 0.1, max: 3_600, unit: 'seconds' })
  if ((methods as string) === 'manual') {
    throw invalidOption('consume.methods', '"unsafe-methods" or a list of methods in upper case')
  }
  return { methods, lease }
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

function consumingMethods(consume: Consumption['methods']): (method: string) => boolean {
  if (consume === 'unsafe-methods') return (method) => !SAFE_METHODS.includes(method)
  if (consume === 'manual') return () => false
  if (!Array.isArray(consume) || !consume.every((method) => /^[A-Z]+$/.test(String(method)))) {
    throw invalidOption(
      'consume',
      '"unsafe-methods", "manual", a list of methods in upper case or { lease }',
    )
  }
  const methods = [...consume]
  return (method) => methods.includes(method)
}
