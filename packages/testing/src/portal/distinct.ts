import { randomInt } from 'node:crypto'
import type { Portal } from '@countersign/core'
import type { Minted } from '../minted'

/** Mints with a clock that may stand some milliseconds back. */
type Mint = (now: () => number) => Promise<Minted>

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 3_600_000

/**
 * Sees that no two credentials are the same where one that was used is told by all that was signed:
 * two of the same moment would pass for one. Each is signed a little earlier than the one before.
 */
export function distinct({ scheme }: Portal, now: () => number): (mint: Mint) => Promise<Minted> {
  if (scheme.singleUse?.by !== 'signing-input') return (mint) => mint(now)
  const furthest = furthestBack(scheme)
  const minted = new Set<string>()
  let back = randomInt(Math.min(MINUTE, furthest)) // a store may remember the run before

  return async (mint) => {
    for (let tries = 0; ; tries++) {
      back = (back + (tries === 0 ? 1 : SECOND)) % furthest
      const ago = back
      const made = await mint(() => now() - ago)
      const text = textOf(made)
      if (minted.has(text) && tries < furthest / SECOND) continue // it counts in seconds
      minted.add(text)
      return made
    }
  }
}

/** How old a credential may be when it comes, in milliseconds: half of its life is left. */
function furthestBack({ limits, address }: Portal['scheme']): number {
  const { maxLifetime, window = maxLifetime } = limits
  return Math.min(window, address.expiresIn, HOUR / SECOND) * (SECOND / 2)
}

function textOf({ request: { query, headers, body } }: Minted): string {
  return JSON.stringify([query, headers, body && Buffer.from(body).toString('latin1')])
}
