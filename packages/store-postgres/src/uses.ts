import { randomBytes } from 'node:crypto'
import {
  retentionSpan,
  type ReplayLeases,
  type ReplayStore,
  type UseState,
} from '@countersign/core'
import { countIn, type Ask } from './question'
import type { Statements } from './statements'
import { hexOf, leaseOf, ownerOf } from './values'

type Uses = Required<Pick<ReplayStore, 'claim' | 'has' | 'leases'>>

/** @param taken is told when something has been asked for in a transaction of its own */
export function usesIn(ask: Ask, { take, look, release }: Statements, taken: () => void): Uses {
  async function takeAs(key: string, { owner, leased, duration }: Taking): Promise<UseState> {
    const state = stateIn(await ask(take, [hexOf(key), ownerOf(owner), leased, duration]))
    taken()
    return state
  }

  async function takeForGood(key: string, owner: string, expiresAt: number): Promise<boolean> {
    const duration = retentionSpan(expiresAt) ?? null
    return (await takeAs(key, { owner, leased: false, duration })) === 'free'
  }

  const leases: ReplayLeases = {
    async reserve(key, { owner, duration }) {
      return takeAs(key, { owner, leased: true, duration: leaseOf(duration) })
    },
    async commit(key, { owner, expiresAt }) {
      return takeForGood(key, owner, expiresAt)
    },
    async release(key, owner) {
      return countIn(await ask(release, [hexOf(key), ownerOf(owner)])) === 1
    },
    async look(key) {
      return stateIn(await ask(look, [hexOf(key)]))
    },
  }

  return {
    // asked again after a lost answer, this very call finds itself and not somebody else
    claim: (key, expiresAt) => takeForGood(key, newOwner(), expiresAt),
    has: async (key) => (await leases.look(key)) !== 'free',
    leases,
  }
}

interface Taking {
  readonly owner: string
  readonly leased: boolean
  /** Milliseconds, or `null` for ever. */
  readonly duration: number | null
}

/** Tells a use from all others. */
export function newOwner(): string {
  return randomBytes(12).toString('base64url')
}

function stateIn(answer: string): UseState {
  if (answer === 'free' || answer === 'leased' || answer === 'used') return answer
  throw new Error('the database answered with no state')
}
