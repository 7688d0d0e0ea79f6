import type { Lease, ReplayLeases } from '@countersign/core'
import { alteredLeases, lie, type Broken, type BrokenStores } from './clocked'

const DAY = 86_400_000

/** Stores whose leases end wrong, each in one way. */
export const brokenLeaseEnds: BrokenStores = {
  'never ends a lease': [
    'frees a key whose lease has run out',
    (clock) =>
      alteredLeases(clock, ({ reserve }) => ({
        reserve: (key, { owner }) => reserve(key, { owner, duration: DAY }),
      })),
  ],
  'cannot claim after a lease': [
    'lets a key be claimed whose lease has run out',
    (clock) => {
      const reserved = new Set<string>()
      const store = alteredLeases(clock, ({ reserve }) => ({
        reserve: (key, lease) => reserve(key, lease).finally(() => reserved.add(key)),
      }))
      return { ...store, claim: async (key, end) => !reserved.has(key) && store.claim(key, end) }
    },
  ],
  'does not count what came late': [
    'makes a lease final that has run out, if nobody else has the key',
    (clock) =>
      alteredLeases(clock, ({ commit, look }) => ({
        commit: async (key, use) => (await look(key)) !== 'free' && commit(key, use),
      })),
  ],
  'lets a late owner overwrite the next': [
    'makes no lease final whose key somebody else has taken meanwhile',
    withOwners(({ commit }, owners) => ({
      commit: (key, use) =>
        commit(key, { ...use, owner: owners.had(key, use.owner) ? owners.last(key) : use.owner }),
    })),
  ],
  'lets a late owner give back what the next has': [
    'gives no key back that somebody else has taken meanwhile',
    withOwners(({ release }, owners) => ({
      release: (key, owner) => release(key, owners.had(key, owner) ? owners.last(key) : owner),
    })),
  ],
  'makes what was used for good free again': [
    'gives a key that was used for good back to nobody',
    (clock) => {
      const back = new Set<string>()
      return alteredLeases(clock, ({ release, look }) => ({
        release: async (key, owner) => {
          if ((await look(key)) !== 'used') return release(key, owner)
          return Boolean(back.add(key))
        },
        look: async (key) => (back.has(key) ? 'free' : look(key)),
      }))
    },
  ],
  'wants whole milliseconds for a lease': [
    'takes a lease with a fraction of a millisecond',
    (clock) =>
      alteredLeases(clock, ({ reserve }) => ({
        reserve: async (key, { owner, duration }) =>
          reserve(key, { owner, duration: Number(BigInt(duration)) }),
      })),
  ],
  'forgets a use whose end is past': [
    'keeps what was made final with an end that is past',
    endingFinal((end, now) => end <= now),
  ],
  'forgets a use by a timer': [
    'keeps what was made final with an end in more than 24.8 days',
    endingFinal((end, now) => end < Infinity && end - now > 2 ** 31 - 1),
  ],
  'forgets a use without an end': [
    'keeps what was made final with no end at all',
    endingFinal((end) => end === Infinity),
  ],
  'answers in words of its own': [
    'frees a key whose lease has run out',
    (clock) =>
      alteredLeases(clock, ({ look }) => ({
        look: (key) => look(key).then((is) => lie(is === 'free')),
      })),
  ],
  'takes NaN for an end': [
    'refuses to make a lease final until NaN',
    (clock) =>
      alteredLeases(clock, ({ commit }) => ({
        commit: (key, { owner, expiresAt }) => commit(key, { owner, expiresAt: expiresAt || 1 }),
      })),
  ],
}

interface Owners {
  had(key: string, owner: string): boolean
  last(key: string): string
}

/** Leases that remember all who ever had a key. */
function withOwners(
  alter: (good: ReplayLeases, owners: Owners) => Partial<ReplayLeases>,
): Broken[1] {
  return (clock) =>
    alteredLeases(clock, (good) => {
      const all = new Map<string, readonly string[]>()
      const of = (key: string): readonly string[] => all.get(key) ?? []
      const owners: Owners = {
        had: (key, owner) => of(key).includes(owner),
        last: (key) => of(key).at(-1) ?? '',
      }
      return {
        reserve: async (key: string, lease: Lease) => {
          const state = await good.reserve(key, lease)
          if (state === 'free') all.set(key, [...of(key), lease.owner])
          return state
        },
        ...alter(good, owners),
      }
    })
}

/** A store that forgets a final entry where `forgets` says so. */
function endingFinal(forgets: (end: number, now: number) => boolean): Broken[1] {
  return (clock) => {
    const gone = new Set<string>()
    const store = alteredLeases(clock, ({ commit }) => ({
      commit: (key, use) => {
        if (forgets(use.expiresAt, clock.now())) gone.add(key)
        return commit(key, use)
      },
    }))
    return { ...store, has: async (key) => !gone.has(key) && store.has(key) }
  }
}
