import { createHash } from 'node:crypto'
import { LAST_MILLISECOND } from './fields'

/** Remembers which credentials were used. */
export interface ReplayStore {
  /**
   * Takes `key` until `expiresAt`, in one atomic step.
   * @param key 43 characters of base64url
   * @param expiresAt milliseconds since the epoch, or `Infinity` for ever
   * @returns true for the first caller and false for all others, however many ask at once
   */
  claim(key: string, expiresAt: number): Promise<boolean>
  /** True while the key is taken, for good or for a while. Changes nothing. */
  has(key: string): Promise<boolean>
  /** Whether what it remembers survives a restart. */
  readonly durable: boolean
  /** What `consume: { lease }` needs; a store without it is refused there. */
  readonly leases?: ReplayLeases
}

/** `leased`: somebody is using it and may still give it back. `used`: for good. */
export type UseState = 'free' | 'leased' | 'used'

export interface Lease {
  /** Tells this use from all others. */
  readonly owner: string
  /** Milliseconds by the store's own clock. */
  readonly duration: number
}

/** Takes keys for a while. Every call answers in one atomic step. */
export interface ReplayLeases {
  /**
   * Takes a free key. A key whose lease has run out is free.
   * @returns what the key was before: after `free` it is the owner's. Asked twice by the same owner,
   * as a client does that lost the answer, it says `free` again
   */
  reserve(key: string, lease: Lease): Promise<UseState>
  /**
   * Makes a lease final. One that has run out is made final too, unless somebody else has the key.
   * @returns false where somebody else has it; true as often as the owner asks
   */
  commit(key: string, use: { readonly owner: string; readonly expiresAt: number }): Promise<boolean>
  /** Makes the key free, if the owner has it on lease. @returns whether it did */
  release(key: string, owner: string): Promise<boolean>
  /** Changes nothing. */
  look(key: string): Promise<UseState>
}

/** How much longer than its credential an entry is kept, in milliseconds. */
export const RETENTION_MARGIN = 60_000

/** The clocks of machines may be wrong by five minutes either way, in milliseconds. */
const CLOCKS_APART = 600_000

/**
 * For how long a store that machines share keeps a use, in milliseconds by the store's own clock;
 * `undefined` for ever. A minute at least, and as long as any of their clocks could accept it.
 * @param expiresAt what `claim` and `commit` are given
 * @throws TypeError for what is no time
 */
export function retentionSpan(expiresAt: number): number | undefined {
  assertTime(expiresAt)
  if (expiresAt > LAST_MILLISECOND) return undefined
  return Math.max(expiresAt - Date.now(), RETENTION_MARGIN) + CLOCKS_APART
}

/** @throws TypeError for what is not after the beginning of 1970 */
export function assertTime(expiresAt: number): void {
  if (typeof expiresAt !== 'number' || !(expiresAt > 0)) {
    throw new TypeError('expiresAt is not a time')
  }
}

export interface ReplayIdentity {
  readonly scheme: string
  /** `null` where one secret serves all. */
  readonly tenant: string | null
  /** What makes this credential different from the tenant's others. */
  readonly parts: readonly (string | Uint8Array)[]
}

/**
 * The key under which a use is remembered: SHA-256 over the length-prefixed parts, so that no two
 * identities can run together, in 43 characters that every store can hold.
 */
export function replayKey({ scheme, tenant, parts }: ReplayIdentity): string {
  const hash = createHash('sha256')
  for (const part of [scheme, tenant ?? '', ...parts]) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
    hash.update(`${bytes.length}:`).update(bytes)
  }
  return hash.digest('base64url')
}
