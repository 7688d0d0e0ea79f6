import { ConfigError } from './config-error'

/**
 * Refuses options that nobody reads: a misspelt one must not switch a check off.
 * @throws ConfigError
 */
export function assertKnown(options: object, known: readonly string[], owner: string): void {
  const stranger = Object.keys(options).find((name) => !known.includes(name))
  if (stranger === undefined) return
  throw new ConfigError('option_unknown', {
    problem: `${owner} has no option "${stranger}"`,
    fix: `Its options are ${known.join(', ')}`,
  })
}

export interface Range {
  readonly min: number
  readonly max: number
  /** What the number counts, for the error text. */
  readonly unit: string
}

/**
 * A finite number within its range.
 * @throws ConfigError
 */
export function numberOption(name: string, value: unknown, { min, max, unit }: Range): number {
  if (typeof value === 'number' && value >= min && value <= max) return value
  throw invalidOption(name, `a number of ${unit} from ${min} to ${max}`)
}

/** @throws ConfigError when it is there and not one of these */
export function oneOfOption<Value>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value
  throw invalidOption(name, `one of ${allowed.join(', ')}`)
}

/** @throws ConfigError when it is there and no function */
export function functionOption(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidOption(name, 'a function')
}

/** @throws ConfigError when it is there and neither true nor false */
export function booleanOption(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalidOption(name, 'true or false')
}

export function invalidOption(name: string, wanted: string): ConfigError {
  return new ConfigError('option_invalid', {
    problem: `The option "${name}" is not ${wanted}`,
    fix: `Set it to ${wanted}, or leave it out`,
  })
}
