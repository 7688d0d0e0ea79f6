import type { UseState } from '@countersign/core'

/** What stands under a key: its state, and who brought it there. */
const USED = 'used:'
const LEASED = 'lease:'

export function usedBy(owner: string): string {
  return USED + owner
}

export function leasedBy(owner: string): string {
  return LEASED + owner
}

/** @throws Error for what this store has not written */
export function stateOf(entry: string | null): UseState {
  if (entry === null) return 'free'
  if (entry.startsWith(USED)) return 'used'
  if (entry.startsWith(LEASED)) return 'leased'
  throw new Error('Somebody else keeps something under this key. Give the store its own `prefix`')
}

/** What a server says stands under a key. @throws Error where this store has not written it */
export function ours(entry: string | null): string | null {
  stateOf(entry)
  return entry
}
