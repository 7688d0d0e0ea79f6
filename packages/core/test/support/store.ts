import type { ReplayLeases, ReplayStore } from '@countersign/core'

/** What each operation of a store does. */
export type StoreParts = Partial<Record<'claim' | 'has' | keyof ReplayLeases, () => unknown>>

/** A store that says yes to everything, but for what a test has it do: wrong on purpose. */
export function storeOf(parts: StoreParts = {}): ReplayStore {
  const said = {
    claim: async () => true,
    has: async () => false,
    reserve: async () => 'free',
    commit: async () => true,
    release: async () => true,
    look: async () => 'free',
    ...parts,
  } as unknown as ReplayStore & ReplayLeases
  return { claim: said.claim, has: said.has, durable: false, leases: said }
}
