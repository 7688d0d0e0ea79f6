import type { RedisReplayStore } from '../src'
import { inAMinute } from './with-redis'

const OWNER = 'owner'
export const LEASE = { owner: OWNER, duration: 60_000 }
export const use = () => ({ owner: OWNER, expiresAt: inAMinute() })

/** Every question that a store has, and an answer to it that would have an effect. */
export const QUESTIONS: readonly (readonly [
  name: string,
  ask: (store: RedisReplayStore, key: string) => Promise<unknown>,
])[] = [
  ['claim', (store, key) => store.claim(key, inAMinute(), OWNER)],
  ['unclaim', (store, key) => store.unclaim(key, OWNER)],
  ['has', (store, key) => store.has(key)],
  ['reserve', async (store, key) => store.leases.reserve(key, LEASE)],
  ['commit', async (store, key) => store.leases.commit(key, use())],
  ['release', async (store, key) => store.leases.release(key, OWNER)],
  ['look', async (store, key) => store.leases.look(key)],
]
