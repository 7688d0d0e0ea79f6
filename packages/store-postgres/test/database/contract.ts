import { replayStoreCases } from '@countersign/testing'
import type { PostgresReplayStore } from '../../src'
import { describeWithPostgres, inAnHour, newKey } from '../support/postgres'

/** The other tests have sessions that are read committed. */
const STRICT = { default_transaction_isolation: 'serializable' }

describeWithPostgres('a PostgreSQL store', (database) => {
  let stores: readonly PostgresReplayStore[]
  beforeAll(() => {
    stores = [database.store(STRICT), database.store(STRICT)]
  })
  const cases = replayStoreCases(() => stores[0]!, { leases: true, peer: () => stores[1]! })
  it.each(cases)('$name, in serializable sessions', ({ run }) =>
    expect(run()).resolves.toBeUndefined(),
  )

  it('frees a claimed key for its owner only', async () => {
    const [store, peer] = [database.store(), database.store()]
    const key = newKey()
    expect(await store.claim(key, inAnHour(), 'mine')).toBe(true)
    expect(await peer.unclaim(key, 'other')).toBe(false)
    expect(await store.leases.release(key, 'mine')).toBe(false)
    expect(await store.has(key)).toBe(true)
    expect(await peer.unclaim(key, 'mine')).toBe(true)
    expect(await store.unclaim(key, 'mine')).toBe(false)
    expect(await store.leases.reserve(key, { owner: 'mine', duration: 60_000 })).toBe('free')
    expect(await store.unclaim(key, 'mine')).toBe(false)
    expect(await store.leases.look(key)).toBe('leased')
  })

  it('frees claims that were made while the table was locked', async () => {
    const holder = await database.client()
    const { claim, unclaim, has } = database.store()
    await holder.query('begin; lock table countersign_uses')
    const keys = Array.from({ length: 20 }, newKey)
    const late = keys.map((key) => claim(key, inAnHour(), 'late'))
    await holder.query('rollback')
    expect(await Promise.all(late)).toEqual(keys.map(() => true))
    const freed = await Promise.all(keys.map((key) => unclaim(key, 'late')))
    expect(freed).toEqual(keys.map(() => true))
    expect(await Promise.all(keys.map(has))).toEqual(keys.map(() => false))
  })
})
