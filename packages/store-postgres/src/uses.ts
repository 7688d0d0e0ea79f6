import {
  checkedOwner,
  leaseSpan,
  retentionSpan,
  uniqueNames,
  type SharedReplayStore,
  type UseState,
} from '@countersign/core'
import type { Ask } from './ask'
import type { Statements } from './statements'

/** The operations of the store. */
export type Uses = Omit<SharedReplayStore, 'durable'>

/** @param onTaken called after each successful question that may write an entry */
export function usesIn(ask: Ask, statements: Statements, onTaken: () => void): Uses {
  const { take, remove, look } = entriesIn(ask, statements)
  const newOwner = uniqueNames()

  async function taken(key: string, taking: Taking): Promise<UseState> {
    const state = await take(key, taking)
    onTaken()
    return state
  }

  async function use(key: string, owner: string, expiresAt: number): Promise<boolean> {
    const duration = retentionSpan(expiresAt) ?? null
    return (await taken(key, { owner, isLease: false, duration })) === 'free'
  }

  return {
    claim: async (key, expiresAt, owner = newOwner()) => use(key, owner, expiresAt),
    unclaim: (key, owner) => remove(key, { owner, isLease: false }),
    has: async (key) => (await look(key)) !== 'free',
    leases: {
      reserve: async (key, { owner, duration }) =>
        taken(key, { owner, isLease: true, duration: leaseSpan(duration) }),
      commit: (key, { owner, expiresAt }) => use(key, owner, expiresAt),
      release: (key, owner) => remove(key, { owner, isLease: true }),
      look,
    },
  }
}

/** The entries in the table. */
function entriesIn(ask: Ask, statements: Statements) {
  return {
    take: async (key: string, { owner, isLease, duration }: Taking): Promise<UseState> =>
      stateOf(await ask(statements.take, hexOf(key), checkedOwner(owner), isLease, duration)),
    remove: async (key: string, { owner, isLease }: Omit<Taking, 'duration'>): Promise<boolean> =>
      countOf(await ask(statements.remove, hexOf(key), checkedOwner(owner), isLease)) === 1,
    look: async (key: string): Promise<UseState> => stateOf(await ask(statements.look, hexOf(key))),
  }
}

interface Taking {
  readonly owner: string
  readonly isLease: boolean
  /** Milliseconds, or `null` for no end. */
  readonly duration: number | null
}

function stateOf(answer: string): UseState {
  if (answer === 'free' || answer === 'leased' || answer === 'used') return answer
  throw new Error('the database did not answer with a state')
}

/** @throws Error for an answer that is not a count */
export function countOf(answer: string): number {
  if (/^\d+$/.test(answer)) return Number(answer)
  throw new Error('the database did not answer with a count')
}

const KEY = /^[A-Za-z0-9_-]{43}$/

/** The 32 bytes of a key, as hex: every client can send text. @throws TypeError */
function hexOf(key: string): string {
  const bytes = Buffer.from(typeof key === 'string' && KEY.test(key) ? key : '', 'base64url')
  // the last character has two unused bits: only one spelling of a key is accepted
  if (bytes.toString('base64url') === key && bytes.length === 32) return bytes.toString('hex')
  throw new TypeError('key is not 32 bytes in 43 characters of base64url')
}
