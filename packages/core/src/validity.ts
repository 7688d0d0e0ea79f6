import type { RegisteredClaims } from './claims'
import { Rejection } from './rejection'

/** How long things may last, in milliseconds. */
export interface Limits {
  readonly clockTolerance: number
  readonly maxLifetime: number
  readonly window: number
}

/**
 * Expiry first, with no grace; then what the times say of each other; then the clocks' tolerance.
 * @param now milliseconds since the epoch
 * @throws Rejection `token_expired`, `claims_invalid`, `token_not_yet_valid`, `lifetime_exceeded`
 */
export function checkTimes(claims: RegisteredClaims, limits: Limits, now: number): void {
  const { issuedAt, notBefore, expiresAt } = claims
  if (expiresAt !== null && now >= expiresAt) throw new Rejection('token_expired')
  if (expiresAt !== null && issuedAt !== null && expiresAt <= issuedAt) {
    throw new Rejection('claims_invalid', 'expires before it was issued')
  }
  if (Math.max(issuedAt ?? 0, notBefore ?? 0) > now + limits.clockTolerance) {
    throw new Rejection('token_not_yet_valid')
  }
  if (expiresAt === null && issuedAt !== null && now - issuedAt > limits.window) {
    throw new Rejection('token_expired')
  }
  if (expiresAt !== null && expiresAt - (issuedAt ?? now) > limits.maxLifetime) {
    throw new Rejection('lifetime_exceeded')
  }
}

/** The last moment at which it can be accepted, in milliseconds; `null` where there is none. */
export function endOf(
  { issuedAt, expiresAt }: RegisteredClaims,
  { window }: Limits,
): number | null {
  return expiresAt ?? (issuedAt === null ? null : issuedAt + window)
}

/** @throws Rejection `claims_invalid` for a credential that could be shown for ever */
export function assertEnds(claims: RegisteredClaims, limits: Limits): void {
  if (endOf(claims, limits) === null) throw new Rejection('claims_invalid', 'says no time')
}

/** @throws Rejection `audience_mismatch` unless both are equal to the letter */
export function checkAudience(claimed: string | null, expected: string | null): void {
  if (claimed !== null && claimed !== expected) throw new Rejection('audience_mismatch')
}
