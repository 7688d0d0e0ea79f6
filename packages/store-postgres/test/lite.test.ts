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
    expect(await store.claim(key, inAnHour(), 'me')).toBe(true)
    await store.migrate()
    expect([await store.claim(key, inAnHour()), await store.has(key)]).toEqual([false, true])
    expect([await store.unclaim(key, 'me'), await store.sweep()]).toEqual([true, 0])
  })

  it('has leases', async () => {
    const { reserve, look, release, commit } = store.leases
    const key = newKey()
    expect(await reserve(key, { owner: 'me', duration: 60_000 })).toBe('free')
    expect(await reserve(key, { owner: 'other', duration: 60_000 })).toBe('leased')
    expect([await look(key), await release(key, 'me')]).toEqual(['leased', true])
    expect(await commit(key, { owner: 'me', expiresAt: inAnHour() })).toBe(true)
    expect(await look(key)).toBe('used')
  })

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
