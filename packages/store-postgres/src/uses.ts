import { retentionSpan, type ReplayLeases, type UseState } from '@countersign/core'
import type { Ask } from './ask'
import type { Statements } from './statements'
import { uniqueNames } from './unique-names'

/** The operations of a `ReplayStore`. */
export interface Uses {
  /** Uses a key up. @returns true for the first caller only */
  claim(key: string, expiresAt: number, owner?: string): Promise<boolean>
  /** Frees a key that this owner claimed. @returns whether it did */
  unclaim(key: string, owner: string): Promise<boolean>
  /** Whether the key is used or reserved. Changes nothing. */
  has(key: string): Promise<boolean>
  readonly leases: ReplayLeases
}

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
        taken(key, { owner, isLease: true, duration: leaseOf(duration) }),
      commit: (key, { owner, expiresAt }) => use(key, owner, expiresAt),
      release: (key, owner) => remove(key, { owner, isLease: true }),
      look,
    },
  }
}

/** The entries in the table. */
interface Entries {
  take(key: string, taking: Taking): Promise<UseState>
  remove(key: string, entry: Omit<Taking, 'duration'>): Promise<boolean>
  look(key: string): Promise<UseState>
}

function entriesIn(ask: Ask, statements: Statements): Entries {
  return {
    take: async (key, { owner, isLease, duration }) =>
      stateOf(await ask(statements.take, hexOf(key), ownerOf(owner), isLease, duration)),
    remove: async (key, { owner, isLease }) =>
      countOf(await ask(statements.remove, hexOf(key), ownerOf(owner), isLease)) === 1,
    look: async (key) => stateOf(await ask(statements.look, hexOf(key))),
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

/** @throws TypeError */
function ownerOf(owner: string): string {
  if (typeof owner === 'string' && /^[\w-]{1,64}$/.test(owner)) return owner
  throw new TypeError('owner is not a text of 1 to 64 letters, digits, "_" and "-"')
}

/** Longer leases exceed the times that PostgreSQL knows. */
const LONGEST = 1e14

/** @throws TypeError */
function leaseOf(duration: number): number {
  if (typeof duration === 'number' && duration > 0) return Math.min(duration, LONGEST)
  throw new TypeError('duration is not a number of milliseconds above 0')
}
