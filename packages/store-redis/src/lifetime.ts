/** An entry is kept so many milliseconds at least, whatever the caller's clock says. */
const LEAST = 60_000
/** The machines' clocks may differ by five minutes either way, in milliseconds. */
const CLOCKS_APART = 600_000
/** The last moment of the year 9999. What ends later never ends. */
const LAST_MOMENT = 253_402_300_799_999

/**
 * For how many milliseconds the server keeps a use; `undefined` for ever. It counts them by its own
 * clock, so it is not told a time of ours.
 */
export function lifetime(expiresAt: number): number | undefined {
  if (!(expiresAt > 0)) throw new TypeError('expiresAt is not a time')
  if (expiresAt > LAST_MOMENT) return undefined
  return Math.max(Math.ceil(expiresAt - Date.now()), LEAST) + CLOCKS_APART
}

/** A lease in whole milliseconds. */
export function leaseTime(duration: number): number {
  if (!(duration > 0 && duration <= LAST_MOMENT)) {
    throw new TypeError('duration is not a number of milliseconds')
  }
  return Math.ceil(duration)
}
