import { ConfigError } from '../config-error'
import { Rejection } from '../rejection'
import type { Scheme } from '../scheme'
import type { RegisteredClaims } from '../wire/claims'

/** How long things may last, in milliseconds. */
export interface TimeLimits {
  readonly clockTolerance: number
  readonly maxLifetime: number
  readonly window: number
}

/** What a scheme allows, and a guard whose clock may differ and which may allow less. */
export function timeLimits(
  { maxLifetime, window = Infinity }: Scheme['limits'],
  clockTolerance: number = 0,
  longest: number = Infinity,
): TimeLimits {
  const lifetime = Math.min(maxLifetime * 1000, longest)
  return { clockTolerance, maxLifetime: lifetime, window: Math.min(window * 1000, lifetime) }
}

/**
 * Expiry is checked first and has no tolerance; then the order of the times; then the clock
 * tolerance and the lifetime.
 * @param now milliseconds since the epoch
 * @throws Rejection `token_expired`, `claims_invalid`, `token_not_yet_valid`, `lifetime_exceeded`
 */
export function checkTimes(claims: RegisteredClaims, limits: TimeLimits, now: number): void {
  const { issuedAt, notBefore, expiresAt } = claims
  const { clockTolerance, maxLifetime, window } = limits
  if (expiresAt !== null && now >= expiresAt) throw expired(now - expiresAt)
  if (expiresAt !== null && issuedAt !== null && expiresAt <= issuedAt) {
    throw new Rejection('claims_invalid', 'expires before it was issued')
  }
  if (Math.max(issuedAt ?? 0, notBefore ?? 0) > now + clockTolerance) {
    const early = Math.max(issuedAt ?? 0, notBefore ?? 0) - now
    throw new Rejection(
      'token_not_yet_valid',
      `dated ${inSeconds(early)} in the future, where clocks may differ by ${inSeconds(clockTolerance)}`,
    )
  }
  if (expiresAt === null && issuedAt !== null && now - issuedAt > window) {
    throw expired(now - issuedAt - window)
  }
  const lifetime = (expiresAt ?? 0) - (issuedAt ?? now)
  if (lifetime > maxLifetime + clockTolerance) {
    throw new Rejection(
      'lifetime_exceeded',
      `valid for ${inSeconds(lifetime)}, where ${inSeconds(maxLifetime)} are allowed`,
    )
  }
}

function expired(ago: number): Rejection {
  return new Rejection('token_expired', `expired ${inSeconds(ago)} ago`)
}

function inSeconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`
}

/** From when on a credential is refused, in milliseconds; `null` for never. */
export function endOf(
  { issuedAt, expiresAt }: RegisteredClaims,
  { window }: TimeLimits,
): number | null {
  return expiresAt ?? (issuedAt === null ? null : issuedAt + window)
}

/** @throws Rejection `audience_mismatch` unless both are exactly equal */
export function checkAudience(claimed: string | null, expected: string | null): void {
  if (claimed === null || claimed === expected) return
  throw new Rejection('audience_mismatch', `the audience is not "${expected}"`)
}

const FIRST_VALID = Date.UTC(2020, 0, 1)
const LAST_VALID = Date.UTC(9999, 11, 31)

/**
 * Reads a clock, in milliseconds since the epoch. A clock that shows a time before 2020, or no
 * number, would accept what expired long ago or sign what never expires.
 * @throws ConfigError `clock_invalid`
 */
export function readClock(now: () => number): number {
  let time: unknown
  try {
    time = now()
  } catch {
    time = undefined // a clock that throws shows no time either
  }
  if (typeof time === 'number' && time >= FIRST_VALID && time <= LAST_VALID) return time
  throw new ConfigError('clock_invalid', {
    problem: 'The clock does not show milliseconds since 1970 between the years 2020 and 9999',
    fix: "Set this machine's clock, or make `now` return what `Date.now()` returns",
  })
}
