import crypto, { createHash, randomBytes } from 'node:crypto'
import type { Awaitable } from '../awaitable'
import { asBuffer } from '../wire/bytes'
import { LAST_MILLISECOND } from '../wire/fields'

/** Remembers which credentials were used. A method may return its result or a promise of it. */
export interface ReplayStore {
  /**
   * Takes `key` until `expiresAt`, and for at least a minute, in one atomic step.
   * @param key 43 characters of base64url
   * @param expiresAt milliseconds since the epoch, or `Infinity` for never
   * @param owner identifies this use; `unclaim` gets the same
   * @returns true for the first caller and false for all others, however many ask at once
   */
  claim(key: string, expiresAt: number, owner?: string): Awaitable<boolean>
  /**
   * Frees a key that this owner claimed. Called where a claim succeeded after the guard had given up
   * waiting for it. Without this method such a credential stays used.
   */
  unclaim?(key: string, owner: string): Awaitable<unknown>
  /** True while the key is claimed or leased. Changes nothing. */
  has(key: string): Awaitable<boolean>
  /** Whether its memory survives a restart. */
  readonly durable: boolean
  /** Needed for `consume: { lease }`. */
  readonly leases?: ReplayLeases
}

/** `leased`: in use, and may still be released. `used`: for good. */
export type UseState = 'free' | 'leased' | 'used'

/** The use that takes a key for a limited time. */
export interface Lease {
  /** Identifies this use. */
  readonly owner: string
  /** Milliseconds by the store's own clock. */
  readonly duration: number
}

/** Takes keys for a limited time. Every call is one atomic step. */
export interface ReplayLeases {
  /**
   * Takes a free key. A key whose lease has ended is free.
   * @returns the key's state before: after `free` the key belongs to the owner. A repeated call by
   * the same owner, as of a client that lost the answer, returns `free` again
   */
  reserve(key: string, lease: Lease): Awaitable<UseState>
  /**
   * Makes a lease final, also one that has ended, unless another owner has taken the key.
   * @returns false where another owner has it; true each time that the owner asks
   */
  commit(
    key: string,
    use: { readonly owner: string; readonly expiresAt: number },
  ): Awaitable<boolean>
  /** Frees the key if the owner has it on lease. @returns whether it did */
  release(key: string, owner: string): Awaitable<boolean>
  /** Changes nothing. */
  look(key: string): Awaitable<UseState>
}

/** A store that processes share, over a network. */
export interface SharedReplayStore extends ReplayStore {
  claim(key: string, expiresAt: number, owner?: string): Promise<boolean>
  /** @returns whether it did */
  unclaim(key: string, owner: string): Promise<boolean>
  has(key: string): Promise<boolean>
  readonly leases: ReplayLeases
}

/** How much longer than its credential an entry is kept, in milliseconds. */
export const RETENTION_MARGIN = 60_000

/** The clocks of two machines may be wrong by five minutes in either direction, in milliseconds. */
const CLOCKS_APART = 600_000

/**
 * How long a store that machines share keeps a use, in milliseconds by the store's own clock: at
 * least a minute, and as long as any machine's clock could accept the credential.
 * @param expiresAt what `claim` and `commit` receive
 * @returns `undefined` forever
 * @throws TypeError for anything but a time
 */
export function retentionSpan(expiresAt: number): number | undefined {
  assertTime(expiresAt)
  if (expiresAt > LAST_MILLISECOND) return undefined
  return Math.max(expiresAt - Date.now(), RETENTION_MARGIN) + CLOCKS_APART
}

/** Longer leases exceed the times that servers know, in milliseconds: 3,000 years. */
const LONGEST_LEASE = 1e14

/** How long a store keeps a lease. @param duration milliseconds @throws TypeError for anything but a time */
export function leaseSpan(duration: number): number {
  if (typeof duration === 'number' && duration > 0) return Math.min(duration, LONGEST_LEASE)
  throw new TypeError('duration is not a number of milliseconds above 0')
}

/** An owner as a store may write it. @throws TypeError for another text than the guards' own */
export function checkedOwner(owner: string): string {
  if (typeof owner === 'string' && /^[\w-]{1,64}$/.test(owner)) return owner
  throw new TypeError('owner is not a text of 1 to 64 letters, digits, "_" and "-"')
}

/** Makes names that no other process makes. */
export function uniqueNames(): () => string {
  let prefix: string | undefined
  let count = 0
  return () => `${(prefix ??= randomBytes(12).toString('base64url'))}-${(count++).toString(36)}`
}

/** @throws TypeError for anything but milliseconds since 1970 */
export function assertTime(expiresAt: number): void {
  if (typeof expiresAt !== 'number' || !(expiresAt > 0)) {
    throw new TypeError('expiresAt is not a time in milliseconds since 1970')
  }
}

/**
 * The key under which a use is remembered: SHA-256 over length-prefixed parts, so that no two lists
 * of parts are hashed alike. 43 characters of base64url.
 */
export function replayKey(parts: readonly (string | Uint8Array)[]): string {
  let text = ''
  for (const part of parts) {
    const piece = typeof part === 'string' ? part : asBuffer(part).toString('latin1')
    text += `${piece.length}:${piece}`
  }
  return oneShotHash
    ? oneShotHash('sha256', text, 'base64url')
    : createHash('sha256').update(text).digest('base64url')
}

/** Not every runtime has it. */
const oneShotHash: typeof crypto.hash | undefined = crypto.hash
