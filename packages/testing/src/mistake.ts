import { ConfigError } from '@countersign/core'

/** The error for a test that cannot work as it is written. */
export function mistake(problem: string, fix: string): ConfigError {
  return new ConfigError('option_invalid', { problem, fix })
}
