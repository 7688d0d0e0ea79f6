import { setTimeout as pause } from 'node:timers/promises'
import { memoryReplayStore, type ReplayLeases, type ReplayStore } from '@countersign/core'
import { now } from './transport-kit'

/** How long the store takes to end a lease, in milliseconds: long beside a round trip on loopback. */
const LAG = 25

/** A memory store that takes its time to end leases, as one behind a network does. */
export interface SlowStore extends ReplayStore {
  readonly leases: ReplayLeases
  /** The leases that it was asked to end, in order. */
  readonly ended: readonly ('commit' | 'release')[]
  /** From now on it fails. */
  fail(): void
  /** From now on it does not answer. */
  hush(): void
  heal(): void
}

export function slowStore(): SlowStore {
  const inner = memoryReplayStore({ now })
  const leases = inner.leases as ReplayLeases // it has them
  const ended: ('commit' | 'release')[] = []
  let trouble: 'none' | 'fails' | 'silent' = 'none'

  async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (trouble === 'silent') await new Promise<never>(() => undefined)
    if (trouble === 'fails') throw new Error('no connection')
    return ask()
  }

  async function end<Answer>(how: 'commit' | 'release', ask: () => Promise<Answer>) {
    ended.push(how)
    return asked(async () => pause(LAG).then(ask))
  }

  return {
    durable: false,
    claim: (key, expiresAt) => asked(() => inner.claim(key, expiresAt)),
    has: (key) => asked(() => inner.has(key)),
    leases: {
      reserve: (key, lease) => asked(() => leases.reserve(key, lease)),
      look: (key) => asked(() => leases.look(key)),
      commit: (key, use) => end('commit', () => leases.commit(key, use)),
      release: (key, owner) => end('release', () => leases.release(key, owner)),
    },
    ended,
    fail: () => void (trouble = 'fails'),
    hush: () => void (trouble = 'silent'),
    heal: () => void (trouble = 'none'),
  }
}
