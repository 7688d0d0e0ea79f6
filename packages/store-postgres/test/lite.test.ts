import { replayStoreCases } from '@countersign/testing'
import { postgresReplayStore, type PostgresReplayStore } from '../src'
import { TAKING } from './questions'
import { openLite, type Lite } from './support/lite'
import { inAnHour, newKey } from './support/postgres'

describe('a store in PGlite', () => {
  let lite: Lite
  let store: PostgresReplayStore
  beforeAll(async () => {
    lite = await openLite()
    store = postgresReplayStore({ query: lite.query })
  })
  afterAll(() => lite.close())

  it('migrates, can be checked, and keeps its uses in a second migration', async () => {
    await expect(store.check()).rejects.toThrow('does not exist. Call `await store.migrate()`')
    await store.migrate()
    expect(await store.check()).toMatchObject({ serverVersion: expect.any(String) as string })
    const key = newKey()
    expect(await store.claim(key, inAnHour())).toBe(true)
    await store.migrate()
    expect(await store.has(key)).toBe(true)
  })

  it.each(replayStoreCases(() => store, { leases: true, peer: () => store }))('$name', ({ run }) =>
    expect(run()).resolves.toBeUndefined(),
  )

  it.each(TAKING)('refuses a %s inside a transaction', async (_name, take) => {
    const key = newKey()
    await lite.query('begin', [])
    await lite.query('select 1', [])
    await expect(take(store, key)).rejects.toThrow('runs inside a transaction')
    await lite.query('rollback', [])
    expect(await store.leases.look(key)).toBe('free')
    expect([true, 'free']).toContain(await take(store, key))
  })
})
