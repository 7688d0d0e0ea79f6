import type { Ask } from './ask'
import { BATCH, type Statements } from './statements'
import { countOf } from './uses'

/** How often claims sweep, in milliseconds. */
export const SWEEP_PAUSE = 60_000

/** Deletes expired entries, a batch at a time. @returns how many */
export function sweepWith(ask: Ask, { sweep }: Statements): () => Promise<number> {
  return async () => {
    let swept = 0
    for (;;) {
      const batch = countOf(await ask(sweep))
      swept += batch
      if (batch < BATCH) return swept
    }
  }
}

/**
 * Sweeps after a claim, once a minute at most. It has no timer, and the claim does not wait for it.
 * @param uptime a clock that never goes backwards, in milliseconds
 */
export function sweepBehind(
  sweep: () => Promise<unknown>,
  uptime: () => number = () => performance.now(),
): () => void {
  let sweptAt = -Infinity
  return () => {
    if (uptime() - sweptAt < SWEEP_PAUSE) return
    sweptAt = uptime()
    sweep().catch(() => undefined) // the next sweep tries again
  }
}
