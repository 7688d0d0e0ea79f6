import { ConfigError } from './config-error'

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
