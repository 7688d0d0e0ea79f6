import type { PostgresReplayStore } from '../src'
import { inAnHour } from './support/postgres'

const OWNER = 'owner'
export const LEASE = { owner: OWNER, duration: 60_000 }
export const use = () => ({ owner: OWNER, expiresAt: inAnHour() })

type Question = readonly [
  name: string,
  ask: (store: PostgresReplayStore, key: string) => Promise<unknown>,
]

/** The questions that take a key. */
export const TAKING: readonly Question[] = [
  ['claim', (store, key) => store.claim(key, inAnHour(), OWNER)],
  ['reserve', async (store, key) => store.leases.reserve(key, LEASE)],
  ['commit', async (store, key) => store.leases.commit(key, use())],
]

/** All questions about a key. */
export const QUESTIONS: readonly Question[] = [
  ...TAKING,
  ['unclaim', (store, key) => store.unclaim(key, OWNER)],
  ['has', (store, key) => store.has(key)],
  ['release', async (store, key) => store.leases.release(key, OWNER)],
  ['look', async (store, key) => store.leases.look(key)],
]
