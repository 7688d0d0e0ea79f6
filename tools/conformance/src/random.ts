/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to `end - 1`. */
  below(end: number): number
  /** True in `probability` of all cases. */
  chance(probability: number): boolean
  pick<Value>(list: readonly Value[]): Value
}

/** Mulberry32. */
export function random(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (end) => Math.floor(next() * end),
    chance: (probability) => next() < probability,
    pick: <Value>(list: readonly Value[]) => list[Math.floor(next() * list.length)] as Value, // within bounds
  }
}
