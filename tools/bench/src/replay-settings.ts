/** How long to measure the replay stores. */
export interface ReplaySettings {
  /** How many entries the memory store has while it is measured. */
  readonly sizes: readonly number[]
  /** Claims of the memory store in one round, at least. */
  readonly operations: number
  readonly rounds: number
  /** Claims of one contender in one round, on a server: with many in flight, and one after another. */
  readonly claims: { readonly many: number; readonly one: number }
}

/** Claims that wait for a server at once. */
export const IN_FLIGHT = 64
