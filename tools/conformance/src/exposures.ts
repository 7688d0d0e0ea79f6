import { inspect } from 'node:util'

/** Everything that a logger could make of an error, as one text. */
export function errorText(error: Error): string {
  return [
    error.message,
    error.stack,
    String(error),
    inspect(error.cause, ALL),
    JSON.stringify(error),
    inspect(error, ALL),
  ].join('\n')
}

/** Everything that a logger could make of an object that an application holds. */
export function objectText(object: object): string {
  return [
    inspect(object, ALL),
    JSON.stringify(object),
    `${object as unknown as string}`, // as string concatenation does
    Reflect.ownKeys(object).map(String).join(),
  ].join('\n')
}

const ALL = { depth: 9, showHidden: true, maxArrayLength: null, maxStringLength: null } as const
