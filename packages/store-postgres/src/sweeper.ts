import { countIn, type Ask } from './question'
import { BATCH, type Statements } from './statements'

/** How often claims clean up, in milliseconds. */
export const SWEEP_PAUSE = 60_000

/** Deletes what has expired, a batch at a time. @returns how many entries */
export function sweepWith(ask: Ask, { sweep }: Statements): () => Promise<number> {
  return async () => {
    let swept = 0
    for (;;) {
      const batch = countIn(await ask(sweep, []))
      swept += batch
      if (batch < BATCH) return swept
    }
  }
}

/**
 * Cleans up behind the claims: no timer of its own, and nobody waits for it or hears of its errors.
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
    sweep().catch(() => undefined) // the next one may have more luck
  }
}
