import { ConfigError } from './config-error'

const FIRST_SANE = Date.UTC(2020, 0, 1)
const LAST_SANE = Date.UTC(9999, 11, 31)

/**
 * Reads the clock, in milliseconds since the epoch. A clock that stands before 2020 or shows no
 * number would accept what expired long ago and sign what never ends.
 * @throws ConfigError `clock_invalid`
 */
export function readClock(now: () => number): number {
  const time = ask(now)
  if (typeof time === 'number' && time >= FIRST_SANE && time <= LAST_SANE) return time
  throw new ConfigError('clock_invalid', {
    problem: 'The clock does not show milliseconds since 1970, between the years 2020 and 9999',
    fix: 'Set the clock of this machine, or make `now` return what `Date.now()` does',
  })
}

/** A clock that throws shows no time either. */
function ask(now: () => number): unknown {
  try {
    return now()
  } catch {
    return undefined
  }
}
