import { randomInt } from 'node:crypto'
import type { Portal } from '@countersign/core'
import type { Minted } from '../minted'

/** Mints with a clock that may stand some milliseconds back. */
type Mint = (now: () => number) => Promise<Minted>

/** No credential may be older than this when it comes, in milliseconds. */
const FURTHEST = 60_000
const SECOND = 1_000

/**
 * Sees that no two credentials are the same where one that was used is told by all that was signed:
 * two of the same moment would pass for one. Each is signed a little earlier than the one before.
 */
export function distinct({ scheme }: Portal, now: () => number): (mint: Mint) => Promise<Minted> {
  if (scheme.singleUse?.by !== 'signing-input') return (mint) => mint(now)
  const minted = new Set<string>()
  let back = randomInt(FURTHEST) // a store may remember the run before

  return async (mint) => {
    for (let step = 1; ; step = SECOND) {
      back = (back + step) % FURTHEST
      const ago = back
      const made = await mint(() => now() - ago)
      const text = textOf(made)
      if (minted.has(text) && minted.size < FURTHEST / SECOND) continue // it counts in seconds
      minted.add(text)
      return made
    }
  }
}

function textOf({ request: { query, headers, body } }: Minted): string {
  return JSON.stringify([query, headers, body && Buffer.from(body).toString('latin1')])
}
