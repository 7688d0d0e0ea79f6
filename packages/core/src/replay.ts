import { createHash } from 'node:crypto'
import { withDeadline } from './awaitable'
import { Rejection } from './rejection'

/** Remembers which credentials were used. */
export interface ReplayStore {
  /**
   * Takes `key` until `expiresAt`, in one atomic step.
   * @param key 43 characters of base64url
   * @param expiresAt milliseconds since the epoch, or `Infinity` for ever
   * @returns true for the first caller and false for all others, however many ask at once
   */
  claim(key: string, expiresAt: number): Promise<boolean>
  /** True while the key is taken. Changes nothing. */
  has(key: string): Promise<boolean>
  /** Whether what it remembers survives a restart. */
  readonly durable: boolean
}

/** How long a store may take, in milliseconds. */
export const STORE_DEADLINE = 500
/** How much longer than its credential an entry is kept, in milliseconds. */
export const RETENTION_MARGIN = 60_000

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

/** @throws Rejection `token_replayed` for a used key, `store_unavailable` unless the store says clearly that it is fresh */
export async function claimOnce(store: ReplayStore, key: string, expiresAt: number): Promise<void> {
  const first = await clearAnswer(() => store.claim(key, expiresAt))
  if (!first) throw new Rejection('token_replayed')
}

/** As `claimOnce`, but leaves the key as it is. */
export async function peek(store: ReplayStore, key: string): Promise<void> {
  const taken = await clearAnswer(() => store.has(key))
  if (taken) throw new Rejection('token_replayed')
}

/** Yes or no in good time. Anything else is no answer: a store that is in doubt lets nobody in. */
async function clearAnswer(ask: () => Promise<boolean>): Promise<boolean> {
  const late = (): Rejection => new Rejection('store_unavailable', 'the store took too long')
  const answer: unknown = await withDeadline(
    Promise.resolve().then(ask),
    STORE_DEADLINE,
    late,
  ).catch((error: unknown) => {
    throw error instanceof Rejection
      ? error
      : new Rejection('store_unavailable', 'the store failed', error)
  })
  if (typeof answer === 'boolean') return answer
  throw new Rejection('store_unavailable', 'the store answered neither true nor false')
}
