import type { Change } from './mutant'
import type { Format } from './portals'

/** A fault in the middleware, and the cases that must find it. */
export interface Mutation extends Change {
  /** Finishes the sentence "a middleware that …". */
  readonly name: string
  /** Whose cases are sent. */
  readonly format: Format
  /** Which of the app's routes. @default 'required' */
  readonly mount?: Mount
  /** Ids of cases. There may be more. */
  readonly caughtBy: readonly string[]
}

export type Mount = 'required' | 'optional' | 'sign'
