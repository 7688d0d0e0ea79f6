import type { RedisReplayStore } from '../src'
import { inAMinute, newKey } from './with-redis'

/** Two stores that share their entries. */
export type Pair = readonly [RedisReplayStore, RedisReplayStore]

/** Asks every question about one key. */
export async function askEverything(
  [{ claim, unclaim, has, leases }, peer]: Pair,
  key: string,
): Promise<void> {
  const lease = (owner: string) => ({ owner, duration: 60_000 })
  expect(await claim(key, inAMinute(), 'one')).toBe(true)
  expect([await peer.claim(key, inAMinute(), 'two'), await peer.has(key)]).toEqual([false, true])
  expect([await peer.unclaim(key, 'two'), await leases.release(key, 'one')]).toEqual([false, false])
  expect([await peer.unclaim(key, 'one'), await unclaim(key, 'one')]).toEqual([true, false])
  expect(await leases.reserve(key, lease('one'))).toBe('free')
  expect([await unclaim(key, 'one'), await peer.leases.look(key)]).toEqual([false, 'leased'])
  expect([await leases.release(key, 'one'), await has(key)]).toEqual([true, false])
  expect(await peer.leases.reserve(key, lease('two'))).toBe('free')
  expect(await leases.commit(key, { owner: 'two', expiresAt: inAMinute() })).toBe(true)
  expect(await peer.leases.look(key)).toBe('used')
}

/** 32 callers claim or reserve each of 50 keys, twice. @returns the keys, and those that were given to a caller */
export async function race(stores: Pair) {
  const keys = Array.from({ length: 50 }, newKey)
  const racers = keys.flatMap((key) =>
    Array.from({ length: 32 }, async (_, racer) => {
      const { leases, claim } = stores[racer % 2] as RedisReplayStore // one of the two
      const owner = `owner-${racer}`
      const ask = async (): Promise<boolean> =>
        racer % 4 < 2
          ? claim(key, Infinity, owner)
          : (await leases.reserve(key, { owner, duration: 60_000 })) === 'free'
      const [first, second] = await Promise.all([ask(), ask()])
      expect(second).toBe(first)
      return first ? [key] : []
    }),
  )
  return { keys: keys.toSorted(), given: (await Promise.all(racers)).flat().toSorted() }
}
