import { ConfigError, readOptions, type Option, type OptionTable } from '@countersign/core'

/** The error for a test that cannot work as it is written. */
export function mistake(problem: string, fix: string): ConfigError {
  return new ConfigError('option_invalid', { problem, fix })
}

const anything: Option<unknown> = { wanted: '', fallback: undefined, read: (given) => given }

/**
 * @param owner the function as its caller writes it
 * @param names of the options that it has, other than the required ones
 * @throws ConfigError for an option that it does not have, and where a required one is missing or wrong
 */
export function assertOptions(
  owner: string,
  given: object,
  names: string,
  required: OptionTable<Readonly<Record<string, unknown>>> = {},
): void {
  const optional = names.split(' ').map((name) => [name, anything] as const)
  readOptions(owner, { ...Object.fromEntries(optional), ...required }, given)
}
