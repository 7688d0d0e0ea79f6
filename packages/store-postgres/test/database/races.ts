import { eventually } from '@countersign/test-servers'
import type { Client } from 'pg'
import { postgresReplayStore, type PostgresReplayStore } from '../../src'
import { describeWithPostgres, inAnHour, newKey, queryOf, waitsForLock } from '../support/postgres'

describeWithPostgres('callers at the same time', (database) => {
  /** How many callers were first, for each key. */
  async function winners(
    keys: readonly string[],
    stores: readonly PostgresReplayStore[],
  ): Promise<readonly number[]> {
    const count = async (key: string): Promise<number> => {
      const expiresAt = inAnHour()
      const racers = Array.from({ length: 32 }, (_, index) => stores[index % stores.length]!)
      const answers = await Promise.all(racers.map((store) => store.claim(key, expiresAt)))
      return answers.filter((answer) => answer).length
    }
    return Promise.all(keys.map(count))
  }

  it('have one winner for each of 50 keys among 32 over two pools', async () => {
    const keys = Array.from({ length: 50 }, newKey)
    const first = await winners(keys, [database.store(), database.store()])
    expect(first).toEqual(keys.map(() => 1))
    expect(await winners(keys, [database.store()])).toEqual(keys.map(() => 0))
  })

  it('have one winner among 8 serializable sessions, with no error to try again', async () => {
    const settings = { default_transaction_isolation: 'serializable' }
    const clients = await Promise.all(Array.from({ length: 8 }, () => database.client(settings)))
    const failures: Error[] = []
    const stores = clients.map((client) =>
      postgresReplayStore({
        async query(text, values) {
          const result = client.query(text, values)
          await result.catch((error: Error) => failures.push(error))
          return result
        },
      }),
    )
    for (let round = 0; round < 50; round++) {
      const key = newKey()
      const answers = await Promise.all(stores.map((store) => store.claim(key, inAnHour())))
      expect(answers.filter((answer) => answer)).toEqual([true])
    }
    expect(failures).toEqual([])
  })

  it('have one winner for an expired use that was not deleted yet', async () => {
    const pool = database.pool()
    const key = newKey()
    const bytes = Buffer.from(key, 'base64url')
    await pool.query(
      "insert into countersign_uses values ($1, 'somebody', false, now() - interval '1 hour')",
      [bytes],
    )
    const store = database.store()
    expect([await store.has(key), await store.leases.look(key)]).toEqual([false, 'free'])
    expect(await winners([key], [store, database.store()])).toEqual([1])
  })
})

describeWithPostgres('a row that another session holds', (database) => {
  let holder: Client
  let waiting: Client
  let store: PostgresReplayStore
  beforeAll(async () => {
    holder = await database.client()
    waiting = await database.client()
    store = postgresReplayStore({ query: queryOf(waiting) })
  })

  it.each([
    ['wins when the other session rolls back', 'rollback', true],
    ['loses when the other session commits', 'commit', false],
  ] as const)('makes a claim wait, which %s', async (_name, end, answer) => {
    const key = newKey()
    await holder.query('begin')
    await holder.query("insert into countersign_uses values ($1, 'holder', false, 'infinity')", [
      Buffer.from(key, 'base64url'),
    ])
    const claimed = store.claim(key, inAnHour())
    await eventually(() => waitsForLock(holder, waiting))
    await holder.query(end)
    expect(await claimed).toBe(answer)
    expect(await store.has(key)).toBe(true)
  })
})
