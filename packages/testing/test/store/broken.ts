import {
  memoryReplayStore,
  type Lease,
  type ReplayLeases,
  type ReplayStore,
} from '@countersign/core'

/** The clocks of a store, controlled by the test. */
export interface Clock {
  now(): number
  uptime(): number
  advance(ms: number): void
}

export function newClock(): Clock {
  let passed = 0
  return {
    now: () => Date.UTC(2026, 0, 1) + passed,
    uptime: () => passed,
    advance: (ms) => void (passed += ms),
  }
}

/** A wrong store, and the name of a case that must find it. */
export type Broken = readonly [caughtBy: string, open: (clock: Clock) => ReplayStore]
export type BrokenStores = Readonly<Record<string, Broken>>

/** A sound store with these clocks. */
export const memory = ({ now, uptime }: Clock): ReplayStore => memoryReplayStore({ now, uptime })

/** What TypeScript would not let through, and JavaScript does. */
export function lie<Value>(value: unknown): Value {
  return value as Value
}

/** The next turn of the event loop: another caller's. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A store without leases that is right in everything else. */
export const altered =
  (alter: (good: ReplayStore, clock: Clock) => Partial<ReplayStore>) =>
  (clock: Clock): ReplayStore => {
    const { leases: _, ...good } = memory(clock)
    return { ...good, ...alter(good, clock) }
  }

/** A store whose leases are right in everything else. */
const leased =
  (alter: (good: ReplayLeases, store: ReplayStore, clock: Clock) => Partial<ReplayLeases>) =>
  (clock: Clock): ReplayStore => {
    const store = memory(clock)
    return { ...store, leases: { ...store.leases!, ...alter(store.leases!, store, clock) } }
  }

const renamed = (rename: (key: string) => string) =>
  altered(({ claim, has }) => ({
    claim: (key, expiresAt) => claim(rename(key), expiresAt),
    has: (key) => has(rename(key)),
  }))

/** A store that keeps an entry until a time of its own. */
const remembering =
  (until: (end: number, now: number) => number) =>
  (clock: Clock): ReplayStore => {
    const ends = new Map<string, number>()
    const isLive = (key: string): boolean => (ends.get(key) ?? 0) > clock.now()
    return {
      durable: true,
      has: isLive,
      claim(key, end) {
        if (!(end > 0)) throw new TypeError('no time')
        if (isLive(key)) return false
        ends.set(key, until(end, clock.now()))
        return true
      },
    }
  }

const taking = (time: number) =>
  altered(({ claim }) => ({ claim: (key, end) => claim(key, Object.is(end, time) ? 1 : end) }))

const MARGIN = 60_000
const FIRST = 'answers true to the first claim of a key and false to all later ones'
const ONE_OF_64 = 'has one winner among 64 claims of a key at the same time'
const LOOKED_UP = 'knows a claimed key however often it is looked up'
const ENDS_SOON = 'keeps an entry that ends in a moment'

/** Stores that are wrong in one way each. */
export const brokenStores: BrokenStores = {
  'looks first and takes later': [
    ONE_OF_64,
    altered(({ claim, has }) => ({
      async claim(key, expiresAt) {
        if (await has(key)) return false
        await turn()
        return Promise.resolve(claim(key, expiresAt)).then(() => true)
      },
    })),
  ],
  'says true to no one when many ask': [
    ONE_OF_64,
    altered(({ claim }) => {
      const asking = new Map<string, number>()
      return {
        async claim(key, expiresAt) {
          asking.set(key, (asking.get(key) ?? 0) + 1)
          await turn()
          return (await claim(key, expiresAt)) && asking.get(key) === 1
        },
      }
    }),
  ],
  'always says true': [FIRST, altered(() => ({ claim: () => true }))],
  'never says true': [FIRST, altered(() => ({ claim: async () => false }))],
  'answers as Redis does': [
    FIRST,
    altered(({ claim }) => ({ claim: (...ask) => lie(claim(...ask) ? 'OK' : null) })),
  ],
  'answers with a row count': [
    FIRST,
    altered(({ claim }) => ({ claim: async (...ask) => lie(Number(await claim(...ask))) })),
  ],
  'answers with a count when a key is looked up': [
    LOOKED_UP,
    altered(({ has }) => ({ has: (key) => lie(Number(has(key))) })),
  ],
  'takes a key that is looked up': [
    'leaves a key free that is only looked up',
    altered(({ claim }) => ({ has: (key) => !claim(key, Infinity) })),
  ],
  'knows a key only once': [
    LOOKED_UP,
    altered(({ has }) => {
      const told = new Set<string>()
      return { has: async (key) => (await has(key)) && !told.has(key) && Boolean(told.add(key)) }
    }),
  ],
  'does not know what it took': [LOOKED_UP, altered(() => ({ has: () => false }))],
  'ignores the case of letters': [
    'distinguishes keys that differ in the case of a letter',
    renamed((key) => key.toLowerCase()),
  ],
  'keeps the beginning of a key': [
    'distinguishes keys that differ in their last character',
    renamed((key) => key.slice(0, 40)),
  ],
  'confuses punctuation': [
    'distinguishes keys that differ in their first character',
    renamed((key) => key.replaceAll(/[-_]/g, '~')),
  ],
  'handles one key at a time': [
    'accepts 64 claims of different keys at the same time',
    altered(({ claim }) => {
      let current = ''
      return {
        async claim(key, expiresAt) {
          current = key
          await turn()
          return claim(current, expiresAt)
        },
      }
    }),
  ],
  'does not say whether it is durable': [
    'says whether it is durable, and is tested with all that it has',
    altered(() => ({ durable: lie(undefined) })),
  ],
  'keeps an entry for as long as it is told and no longer': [ENDS_SOON, remembering((end) => end)],
  'keeps an entry for less than a minute': [
    ENDS_SOON,
    remembering((end, now) => Math.max(end, now + 50_000)),
  ],
  'forgets what has ended': [
    'keeps an entry that ended long ago',
    remembering((end, now) => (end < now ? 0 : Math.max(end, now + MARGIN))),
  ],
  'forgets by a timer': [
    'keeps an entry of more than 24.8 days, the longest timer',
    remembering((end, now) => (end - now > 2 ** 31 - 1 ? 0 : Math.max(end, now + MARGIN))),
  ],
  'has no dates after 2038': [
    'keeps an entry until the year 9999',
    remembering((end, now) => (end > 2 ** 41 && end < Infinity ? 0 : Math.max(end, now + MARGIN))),
  ],
  'takes Infinity for a day at most': [
    'keeps an entry for ever',
    remembering((end, now) => (end === Infinity ? now : Math.max(end, now + MARGIN))),
  ],
  'needs whole milliseconds': [
    'keeps an entry that ends at a fraction of a millisecond',
    altered(({ claim }) => ({
      claim: (key, end) => claim(key, end === Infinity ? end : Number(BigInt(end))),
    })),
  ],
  'lets a later claim set the end': [
    'keeps an entry when a later claim names an earlier end',
    altered(({ claim, has }, clock) => {
      const ends = new Map<string, number>()
      return {
        claim: (key, end) => (ends.set(key, end), claim(key, end)),
        has: async (key) => (await has(key)) && (ends.get(key) ?? 0) > clock.now(),
      }
    }),
  ],
  'counts lifetimes in seconds instead of milliseconds': [
    'remembers keys for more than a second',
    remembering((_end, now) => now + 60),
  ],
  'forgets its oldest keys': [
    'forgets no key to make room for others',
    altered(({ claim, has }) => {
      const keys: string[] = []
      return {
        claim: (key, end) => (keys.push(key), claim(key, end)),
        has: async (key) => keys.slice(-1_000).includes(key) && has(key),
      }
    }),
  ],
  ...Object.fromEntries(
    [Number.NaN, 0, -1, -Infinity].map((time): [string, Broken] => [
      `takes ${time} for a time`,
      [`refuses ${time} as a time`, taking(time)],
    ]),
  ),
  'uses a key up that it refuses': [
    'refuses 0 as a time',
    altered(({ claim }) => ({
      claim(key, end) {
        const first = claim(key, end || 1)
        if (end > 0) return first
        throw new TypeError('no time')
      },
    })),
  ],
  'gives a claim back to anyone': [
    'gives a late claim back to its owner only',
    altered(({ claim, has }) => {
      const back = new Set<string>()
      return {
        unclaim: (key) => back.add(key),
        has: async (key) => !back.has(key) && has(key),
        claim: (...ask) => back.delete(ask[0]) || claim(...ask),
      }
    }),
  ],
  'gives no claim back': [
    'gives a late claim back to its owner only',
    altered(() => ({ unclaim: () => false })),
  ],
}

interface Owners {
  had(key: string, owner: string): boolean
  last(key: string): string
}

/** Leases that remember everyone who had a key. */
function withOwners(alter: (good: ReplayLeases, owners: Owners) => Partial<ReplayLeases>) {
  return leased((good) => {
    const all = new Map<string, readonly string[]>()
    const of = (key: string): readonly string[] => all.get(key) ?? []
    return {
      async reserve(key: string, lease: Lease) {
        const state = await good.reserve(key, lease)
        if (state === 'free') all.set(key, [...of(key), lease.owner])
        return state
      },
      ...alter(good, {
        had: (key, owner) => of(key).includes(owner),
        last: (key) => of(key).at(-1) ?? '',
      }),
    }
  })
}

/** A store that forgets a final entry where `forgets` says so. */
const endingFinal =
  (forgets: (end: number, now: number) => boolean) =>
  (clock: Clock): ReplayStore => {
    const gone = new Set<string>()
    const store = leased(({ commit }) => ({
      commit(key, use) {
        if (forgets(use.expiresAt, clock.now())) gone.add(key)
        return commit(key, use)
      },
    }))(clock)
    return { ...store, has: async (key) => !gone.has(key) && store.has(key) }
  }

const TAKEN = 'counts a leased key as taken'
const RESERVED = 'reserves a free key for one owner and not for another'
const FINAL = 'makes a lease final for its owner, as often as the owner asks'
const RELEASED = 'releases a key for its owner, once'

/** Stores whose leases are wrong in one way each. */
export const brokenLeases: BrokenStores = {
  'reserves for everyone': [RESERVED, leased(() => ({ reserve: () => 'free' }))],
  'keeps an owner out who asks twice': [
    RESERVED,
    leased(({ reserve, look }) => ({
      async reserve(key, lease) {
        const state = await look(key)
        return state === 'free' ? reserve(key, lease) : state
      },
    })),
  ],
  'claims what is leased': [TAKEN, (clock) => ({ ...memory(clock), claim: memory(clock).claim })],
  'does not tell of leases': [
    TAKEN,
    leased(({ look }) => ({
      look: async (key) => ((await look(key)) === 'used' ? 'used' : 'free'),
    })),
  ],
  'answers in words of its own': [
    TAKEN,
    leased(({ look }) => ({ look: async (key) => lie((await look(key)) === 'free') })),
  ],
  'has only what is used for good': [
    TAKEN,
    (clock) => {
      const store = memory(clock)
      return { ...store, has: async (key) => (await store.leases?.look(key)) === 'used' }
    },
  ],
  'forgets who made it final': [
    FINAL,
    leased(({ commit, look }) => ({
      commit: async (key, use) => (await look(key)) !== 'used' && commit(key, use),
    })),
  ],
  'makes final for anyone': [
    'makes a lease final for no other owner',
    withOwners(({ commit }, { last }) => ({
      commit: (key, use) => commit(key, { ...use, owner: last(key) }),
    })),
  ],
  'releases nothing': [
    RELEASED,
    leased(({ look }) => ({ release: async (key) => (await look(key)) === 'leased' })),
  ],
  'says that it released what it had not': [
    RELEASED,
    leased(({ release }) => ({ release: (...ask) => Boolean([release(...ask)]) })),
  ],
  'releases for anyone': [
    'releases a key for no other owner',
    withOwners(({ release }, { last }) => ({ release: (key) => release(key, last(key)) })),
  ],
  'ignores the case of owners': [
    'distinguishes owners that differ in the case of a letter',
    leased(({ reserve, commit, release }) => ({
      reserve: (key, lease) => reserve(key, { ...lease, owner: lease.owner.toLowerCase() }),
      commit: (key, use) => commit(key, { ...use, owner: use.owner.toLowerCase() }),
      release: (key, owner) => release(key, owner.toLowerCase()),
    })),
  ],
  'keeps claims and leases apart': [
    'counts a claimed key as used',
    (clock) => {
      const { claim, has } = memory(clock)
      return { ...memory(clock), claim, has }
    },
  ],
  'makes what was used for good free again': [
    'releases no key that was used for good',
    leased(({ release, look }) => {
      const back = new Set<string>()
      return {
        release: async (key, owner) =>
          (await look(key)) === 'used' ? Boolean(back.add(key)) : release(key, owner),
        look: (key) => (back.has(key) ? 'free' : look(key)),
      }
    }),
  ],
  'keeps one lease for each owner': [
    'keeps the leases of different keys apart',
    leased(({ reserve, release }) => {
      const keys = new Map<string, Set<string>>()
      return {
        reserve(key, lease) {
          keys.set(lease.owner, (keys.get(lease.owner) ?? new Set()).add(key))
          return reserve(key, lease)
        },
        async release(key, owner) {
          const all = [...(keys.get(owner) ?? [key])].map((each) => release(each, owner))
          return (await Promise.all(all)).includes(true)
        },
      }
    }),
  ],
  'looks first and reserves later': [
    'has one winner among 64 owners who reserve a key at the same time',
    leased(({ reserve, look }) => ({
      async reserve(key, lease) {
        const state = await look(key)
        await turn()
        await reserve(key, lease)
        return state
      },
    })),
  ],
  'lets a claim and a lease in at once': [
    'has one winner among 64 who claim or reserve a key at the same time',
    (clock) => {
      const store = memory(clock)
      return {
        ...store,
        async claim(key, expiresAt) {
          const state = await store.leases?.look(key)
          await turn()
          return (await store.claim(key, expiresAt)) || state === 'free'
        },
      }
    },
  ],
  'never ends a lease': [
    'frees a key whose lease has ended',
    leased(({ reserve }) => ({
      reserve: (key, { owner }) => reserve(key, { owner, duration: 86_400_000 }),
    })),
  ],
  'cannot claim after a lease': [
    'accepts the claim of a key whose lease has ended',
    (clock) => {
      const reserved = new Set<string>()
      const store = leased(({ reserve }) => ({
        reserve: (key, lease) => (reserved.add(key), reserve(key, lease)),
      }))(clock)
      return { ...store, claim: (key, end) => !reserved.has(key) && store.claim(key, end) }
    },
  ],
  'does not count what came late': [
    'makes a lease final that has ended, if no one else has the key',
    leased(({ commit, look }) => ({
      commit: async (key, use) => (await look(key)) !== 'free' && commit(key, use),
    })),
  ],
  'lets a late owner overwrite the next': [
    'makes no lease final whose key the next owner has',
    withOwners(({ commit }, { had, last }) => ({
      commit: (key, use) =>
        commit(key, { ...use, owner: had(key, use.owner) ? last(key) : use.owner }),
    })),
  ],
  'lets a late owner release what the next has': [
    'releases no key that the next owner has',
    withOwners(({ release }, { had, last }) => ({
      release: (key, owner) => release(key, had(key, owner) ? last(key) : owner),
    })),
  ],
  'needs whole milliseconds for a lease': [
    RESERVED,
    leased(({ reserve }) => ({
      reserve: (key, { owner, duration }) =>
        reserve(key, { owner, duration: Number(BigInt(duration)) }),
    })),
  ],
  'forgets a use that has ended': [
    'keeps a final entry that ended long ago',
    endingFinal((end, now) => end <= now),
  ],
  'forgets a use by a timer': [
    'keeps a final entry of more than 24.8 days, the longest timer',
    endingFinal((end, now) => end < Infinity && end - now > 2 ** 31 - 1),
  ],
  'forgets a use without an end': [
    'keeps a final entry for ever',
    endingFinal((end) => end === Infinity),
  ],
  'takes NaN for an end': [
    'refuses to make a lease final until NaN',
    leased(({ commit }) => ({
      commit: (key, { owner, expiresAt }) => commit(key, { owner, expiresAt: expiresAt || 1 }),
    })),
  ],
}
