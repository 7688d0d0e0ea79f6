import { invalidOption, numberOption } from './options'
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
  readonly nonceRetention: number | undefined
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
  const { clockTolerance = 30, consume = 'unsafe-methods', now = Date.now } = options
  const { tenant, nonceRetention, allowShortSecret = false } = options
  const { limits, singleUse } = portal.scheme
  const maxLifetime = Math.min(options.maxLifetime ?? Infinity, limits.maxLifetime)
  if (nonceRetention !== undefined) {
    numberOption('nonceRetention', nonceRetention, { min: 1, max: 100 * YEAR, unit: 'seconds' })
  }
  const store = options.replayStore ?? (singleUse?.when === 'always' ? portal.memory : undefined)
  return {
    tenant,
    clockTolerance:
      numberOption('clockTolerance', clockTolerance, { min: 0, max: 300, unit: 'seconds' }) * 1000,
    maxLifetime: maxLifetime * 1000,
    window: Math.min(limits.window ?? Infinity, maxLifetime) * 1000,
    replayStore: singleUse && store,
    nonceRetention: nonceRetention === undefined ? undefined : nonceRetention * 1000,
    allowShortSecret,
    consumes: consumingMethods(consume),
    now,
  }
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

function consumingMethods(
  consume: NonNullable<VerifierOptions['consume']>,
): (method: string) => boolean {
  if (consume === 'unsafe-methods') return (method) => !SAFE_METHODS.includes(method)
  if (consume === 'manual') return () => false
  if (!Array.isArray(consume) || !consume.every((method) => /^[A-Z]+$/.test(String(method)))) {
    throw invalidOption('consume', '"unsafe-methods", "manual" or a list of methods in upper case')
  }
  const methods = [...consume]
  return (method) => methods.includes(method)
}
