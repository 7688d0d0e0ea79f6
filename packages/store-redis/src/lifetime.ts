import { retentionSpan } from '@countersign/core'

/** For how many whole milliseconds the server keeps a use; `undefined` for ever. */
export function lifetime(expiresAt: number): number | undefined {
  const span = retentionSpan(expiresAt)
  return span === undefined ? undefined : Math.ceil(span)
}

/** A lease in whole milliseconds. */
export function leaseTime(duration: number): number {
  if (!(duration > 0 && duration <= LONGEST)) {
    throw new TypeError('duration is not a number of milliseconds')
  }
  return Math.ceil(duration)
}

/** Longer ones do not fit beside the server's clock. */
const LONGEST = 253_402_300_799_999
