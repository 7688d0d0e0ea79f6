import { ConfigError } from './config-error'
import { nearest } from './spelling'

/** One option of a function: the values that it takes, and the one that it has by default. */
export interface Option<Value> {
  /** Completes the sentence "Set it to …". */
  readonly wanted: string
  /** The value by default. An option without one is required. */
  readonly fallback?: Value
  /** @returns the value in the code's own unit; `undefined` for a value that is refused */
  read(given: unknown): Value | undefined
}

/** An option for each value that a function works with. */
export type OptionTable<Values> = { readonly [Name in keyof Values]-?: Option<Values[Name]> }

/** Options with their defaults. Only those in `Unset` may still be `undefined`. */
export type Settings<Options, Unset extends keyof Options = never> = {
  readonly [Name in keyof Options]-?: Name extends Unset
    ? Options[Name]
    : Exclude<Options[Name], undefined>
}

/**
 * Reads a function's options. Reads own properties only; `undefined` means the default.
 * @param owner the function as its caller writes it, such as `requireSignedUser()`
 * @throws ConfigError for an option that the function does not have, or a value that it does not take
 */
export function readOptions<Values extends object>(
  owner: string,
  table: OptionTable<Values>,
  given: object | undefined = {},
): Values {
  if (typeof given !== 'object' || given === null) {
    throw new ConfigError('option_invalid', {
      problem: `The options of ${owner} are not an object`,
      fix: 'Pass them as one object, such as { name: value }',
    })
  }
  assertKnown(owner, given, Object.keys(table))
  const read = ([name, option]: [string, Option<unknown>]) => {
    const value = Object.hasOwn(given, name) ? given[name as keyof typeof given] : undefined
    const isRequired = !Object.hasOwn(option, 'fallback')
    if (value === undefined && !isRequired) return [name, option.fallback] as const
    const result = value === undefined ? undefined : option.read(value)
    if (result === undefined && isRequired) throw missingOption(owner, name, option.wanted, value)
    if (result === undefined) throw invalidOption(owner, name, option.wanted)
    return [name, result] as const
  }
  return Object.fromEntries(Object.entries<Option<unknown>>(table).map(read)) as Values // by its table
}

export function invalidOption(owner: string, name: string, wanted: string): ConfigError {
  return new ConfigError('option_invalid', {
    problem: `The option "${name}" of ${owner} has an invalid value`,
    fix: `Set it to ${wanted}, or leave it out`,
  })
}

function missingOption(owner: string, name: string, wanted: string, given: unknown): ConfigError {
  return new ConfigError('option_invalid', {
    problem:
      given === undefined
        ? `${owner} needs the option "${name}"`
        : `The option "${name}" of ${owner} has an invalid value`,
    fix: `Set it to ${wanted}`,
  })
}

/** @throws ConfigError for a member that is not among the known ones */
export function assertKnown(owner: string, given: object, known: readonly string[]): void {
  const name = Object.keys(given).find((each) => !known.includes(each))
  if (name === undefined) return
  const meant = nearest(name, known)
  throw new ConfigError('option_unknown', {
    problem: `${owner} has no option "${name}"`,
    fix: meant ? `Did you mean "${meant}"?` : `Its options are ${known.join(', ')}`,
  })
}

/**
 * @param range `unit` is what the number counts, for the error text
 * @param scale converts the caller's unit to the code's own
 */
export function number<Fallback>(
  { min, max, unit }: { readonly min: number; readonly max: number; readonly unit: string },
  fallback: Fallback,
  scale = 1,
): Option<number | Fallback> {
  return {
    wanted: `a number of ${unit} from ${min} to ${max}`,
    fallback,
    read: (given) =>
      typeof given === 'number' && given >= min && given <= max ? given * scale : undefined,
  }
}

/** A span that callers write in seconds and the code uses in milliseconds. */
export function seconds<Fallback>(
  range: { readonly min: number; readonly max: number },
  fallback: Fallback,
): Option<number | Fallback> {
  return number({ ...range, unit: 'seconds' }, fallback, 1000)
}

/** `true` or `false`; `false` by default. */
export const flag: Option<boolean> = {
  wanted: 'true or false',
  fallback: false,
  read: (given) => (typeof given === 'boolean' ? given : undefined),
}

export function choice<Value>(allowed: readonly Value[], fallback: Value): Option<Value> {
  return {
    wanted: listed(allowed.map((value) => JSON.stringify(value))),
    fallback,
    read: (given) => allowed.find((value) => value === given),
  }
}

/** `a, b or c` */
function listed(values: readonly string[]): string {
  return [values.slice(0, -1).join(', '), values.at(-1)].join(' or ')
}

/** Any value, or none. The code behind it checks the value itself. */
export const anything: Option<unknown> = {
  wanted: '',
  fallback: undefined,
  read: (given) => given,
}

/** Any text, or none. The code behind it checks the text itself. */
export function anyText(wanted: string): Option<string | undefined> {
  return {
    wanted,
    fallback: undefined,
    read: (given) => (typeof given === 'string' ? given : undefined),
  }
}

/** Exact origins, such as `https://app.example.com` or `capacitor://localhost`. */
export const originsOption: Option<readonly string[]> = {
  wanted: 'a list of exact origins such as "https://app.example.com", without paths or wildcards',
  fallback: [],
  read: (given) => (Array.isArray(given) && given.every(isOrigin) ? [...given] : undefined),
}

function isOrigin(origin: unknown): origin is string {
  if (typeof origin !== 'string' || origin.includes('*') || !URL.canParse(origin)) return false
  const { origin: own, protocol, host } = new URL(origin)
  return origin === (own === 'null' ? `${protocol}//${host}` : own) && host !== '' // "null" for app schemes
}

/** A function that has to be given. */
export function requiredCallback<Callback extends (...input: never[]) => unknown>(
  wanted: string,
): Option<Callback> {
  return {
    wanted,
    read: (given) => (typeof given === 'function' ? (given as Callback) : undefined), // its caller's type
  }
}

/** A function, or none. */
export function callback<Callback extends (...input: never[]) => unknown>(): Option<
  Callback | undefined
> {
  return { ...requiredCallback<Callback>('a function'), fallback: undefined }
}

/** A clock in milliseconds since the epoch. By default `Date.now` as it is at the time of the call. */
export const clock: Option<() => number> = {
  ...requiredCallback('a function that returns milliseconds since 1970'), // readClock checks what it returns
  fallback: () => Date.now(),
}
