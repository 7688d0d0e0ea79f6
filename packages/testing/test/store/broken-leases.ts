import { memoryReplayStore, type Lease } from '@countersign/core'
import { alteredLeases, lie, turn, type Broken, type BrokenStores } from './clocked'

/** Stores whose leases are wrong in one way each, while they last. */
export const brokenLeases: BrokenStores = {
  'reserves for everyone': [
    'reserves a free key for one owner, and not for another',
    (clock) => alteredLeases(clock, () => ({ reserve: async () => 'free' })),
  ],
  'keeps an owner out that asks twice': [
    'reserves a free key for one owner, and not for another',
    (clock) =>
      alteredLeases(clock, ({ reserve, look }) => ({
        reserve: async (key, lease) => {
          const state = await look(key)
          return state === 'free' ? reserve(key, lease) : state
        },
      })),
  ],
  'claims what is on lease': [
    'takes a leased key for taken, whoever asks',
    (clock) => ({ ...alteredLeases(clock, () => ({})), claim: memoryReplayStore(clock).claim }),
  ],
  'does not tell of leases': [
    'takes a leased key for taken, whoever asks',
    (clock) =>
      alteredLeases(clock, ({ look }) => ({
        look: async (key) => ((await look(key)) === 'used' ? 'used' : 'free'),
      })),
  ],
  'has only what is used for good': [
    'takes a leased key for taken, whoever asks',
    (clock) => {
      const store = alteredLeases(clock, () => ({}))
      return { ...store, has: async (key) => (await store.leases?.look(key)) === 'used' }
    },
  ],
  'forgets who made it final': [
    'makes a lease final for its owner, as often as it asks',
    (clock) =>
      alteredLeases(clock, ({ commit, look }) => ({
        commit: async (key, use) => (await look(key)) !== 'used' && commit(key, use),
      })),
  ],
  'answers with a row count': [
    'makes a lease final for its owner, as often as it asks',
    (clock) =>
      alteredLeases(clock, ({ commit }) => ({
        commit: (...ask) => commit(...ask).then((done) => lie(Number(done))),
      })),
  ],
  'makes a lease final for anyone': [
    'makes a lease final for nobody else',
    forAnyone(({ commit }, ownerOf) => ({
      commit: (key, use) => commit(key, { ...use, owner: ownerOf(key) ?? use.owner }),
    })),
  ],
  'gives nothing back': [
    'gives a key back for its owner, once',
    (clock) =>
      alteredLeases(clock, ({ look }) => ({
        release: async (key) => (await look(key)) === 'leased',
      })),
  ],
  'says that it gave back what it had not': [
    'gives a key back for its owner, once',
    (clock) =>
      alteredLeases(clock, ({ release }) => ({
        release: (...ask) => release(...ask).then(() => true),
      })),
  ],
  'gives back for anyone': [
    'gives a key back for nobody else',
    forAnyone(({ release }, ownerOf) => ({
      release: (key, owner) => release(key, ownerOf(key) ?? owner),
    })),
  ],
  'does not care about the case of owners': [
    'tells owners apart that differ in the case of a letter',
    (clock) =>
      alteredLeases(clock, ({ reserve, commit, release }) => ({
        reserve: (key, lease) => reserve(key, { ...lease, owner: lease.owner.toLowerCase() }),
        commit: (key, use) => commit(key, { ...use, owner: use.owner.toLowerCase() }),
        release: (key, owner) => release(key, owner.toLowerCase()),
      })),
  ],
  'keeps claims and leases apart': [
    'takes a claimed key for used',
    (clock) => ({ ...alteredLeases(clock, () => ({})), ...claimsOf(memoryReplayStore(clock)) }),
  ],
  'keeps one lease for each owner': [
    'keeps the leases of different keys apart',
    (clock) =>
      alteredLeases(clock, ({ reserve, release }) => {
        const keys = new Map<string, Set<string>>()
        return {
          reserve: (key, lease) => {
            keys.set(lease.owner, (keys.get(lease.owner) ?? new Set()).add(key))
            return reserve(key, lease)
          },
          release: async (key, owner) => {
            const all = [...(keys.get(owner) ?? [key])].map((each) => release(each, owner))
            return (await Promise.all(all)).includes(true)
          },
        }
      }),
  ],
  'looks first and reserves later': [
    'has one winner among 64 who reserve a key at once',
    (clock) =>
      alteredLeases(clock, ({ reserve, look }) => ({
        reserve: async (key, lease) => {
          const state = await look(key)
          await turn()
          await reserve(key, lease)
          return state
        },
      })),
  ],
  'lets a claim and a lease in at once': [
    'has one winner among 64 who claim or reserve a key at once',
    (clock) => {
      const store = alteredLeases(clock, () => ({}))
      return {
        ...store,
        claim: async (key, expiresAt) => {
          const state = await store.leases?.look(key)
          await turn()
          return (await store.claim(key, expiresAt)) || state === 'free'
        },
      }
    },
  ],
}

function claimsOf({ claim, has }: ReturnType<typeof memoryReplayStore>) {
  return { claim, has }
}

/** Leases that know whose a key is, and do not look who asks. */
function forAnyone(
  alter: (
    good: Parameters<Parameters<typeof alteredLeases>[1]>[0],
    ownerOf: (key: string) => string | undefined,
  ) => ReturnType<Parameters<typeof alteredLeases>[1]>,
): Broken[1] {
  return (clock) =>
    alteredLeases(clock, (good) => {
      const owners = new Map<string, string>()
      return {
        reserve: async (key: string, lease: Lease) => {
          const state = await good.reserve(key, lease)
          if (state === 'free') owners.set(key, lease.owner)
          return state
        },
        ...alter(good, (key) => owners.get(key)),
      }
    })
}
