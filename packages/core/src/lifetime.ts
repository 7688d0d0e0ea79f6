import { ConfigError } from './config-error'
import { numberOption } from './options'
import type { Portal } from './portal'
import type { Limits } from './validity'

/** @returns what makes a life in milliseconds of the `expiresIn` that a call may bring */
export function lifetimes(portal: Portal, usual: number | undefined): (given?: number) => number {
  const { limits, address, name } = portal.scheme
  const { window, maxLifetime: max } = limits
  if (window === undefined) {
    const check = (value: number): number =>
      Math.floor(numberOption('expiresIn', value, { min: 1, max, unit: 'seconds' })) * 1000
    const fallback = check(usual === undefined ? address.expiresIn : usual)
    return (given) => (given === undefined ? fallback : check(given))
  }
  const fixed = (given: number | undefined): number => {
    if (given === undefined || given === window) return window * 1000
    throw new ConfigError('option_invalid', {
      problem: `What is signed for ${name} lives ${window} seconds, and the credential cannot say otherwise`,
      fix: 'Leave out `expiresIn`',
    })
  }
  fixed(usual)
  return fixed
}

/** What a scheme allows, by a clock that agrees with itself. */
export function limitsOf({ scheme }: Portal): Limits {
  const { maxLifetime, window = Infinity } = scheme.limits
  return { clockTolerance: 0, maxLifetime: maxLifetime * 1000, window: window * 1000 }
}
