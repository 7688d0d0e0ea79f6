import type { Client } from 'pg'
import { postgresReplayStore, type PostgresReplayStore } from '../src'
import { openLite } from './support/lite'
import { describeWithPostgres, inAnHour, newKey, queryOf, type Settings } from './support/postgres'

function refusal(words: string): object {
  const message: unknown = expect.stringContaining(words)
  return { name: 'ConfigError', reason: 'store_unsafe', code: 'misconfigured', message }
}

const NOT_THERE = refusal('is not there. Call `await store.migrate()`')

describeWithPostgres('check', (database) => {
  /** A table of its own, and the store in one session. */
  async function trial(
    settings?: Settings,
  ): Promise<{ client: Client; store: PostgresReplayStore }> {
    const client = await database.client(settings)
    const store = postgresReplayStore({ query: queryOf(client), table: 'trial' })
    return { client, store }
  }

  beforeEach(async () => {
    const { client, store } = await trial()
    await client.query('drop table if exists trial')
    await store.migrate()
  })

  it('says what the server is like, and leaves nothing behind', async () => {
    const { client, store } = await trial()
    expect(await store.check()).toEqual({
      serverVersion: expect.stringMatching(/^\d+\.\d+/) as string, // its own type is any
      synchronousCommit: 'on',
      fsync: true,
      fullPageWrites: true,
    })
    expect((await client.query('select * from trial')).rows).toEqual([])
  })

  it.each(['local', 'remote_write', 'remote_apply'])(
    'passes a session that commits with %s',
    async (synchronous_commit) => {
      const { store } = await trial({ synchronous_commit })
      expect(await store.check()).toMatchObject({ synchronousCommit: synchronous_commit })
    },
  )

  it('refuses a session that does not wait for its commits', async () => {
    const { store } = await trial({ synchronous_commit: 'off' })
    await expect(store.check()).rejects.toMatchObject(refusal('synchronous_commit is off'))
  })

  it('refuses a table that a crash empties', async () => {
    const { client, store } = await trial()
    await client.query('alter table trial set unlogged')
    await expect(store.check()).rejects.toMatchObject(refusal('UNLOGGED'))
    await client.query('alter table trial set logged')
    expect(await store.check()).toMatchObject({ fsync: true })
  })

  it('refuses a table that ends with the session', async () => {
    const { client, store } = await trial()
    await client.query('create temporary table trial as select 1')
    await expect(store.check()).rejects.toMatchObject(refusal('TEMPORARY'))
  })

  it('refuses a session that may only read', async () => {
    const { store } = await trial({ default_transaction_read_only: 'on' })
    await expect(store.check()).rejects.toMatchObject(refusal('The session is read-only'))
    await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject({ code: '25006' })
  })

  it.each(['table', 'procedure'])('refuses where the %s is missing', async (what) => {
    const { client, store } = await trial()
    await client.query(what === 'table' ? 'drop table trial' : 'drop procedure trial_take')
    await expect(store.check()).rejects.toMatchObject(NOT_THERE)
    await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject({
      ...NOT_THERE,
      cause: { code: what === 'table' ? '42P01' : '42883' },
    })
  })

  it('is what names the missing table to whoever looks', async () => {
    const { client, store } = await trial()
    await client.query('drop table trial')
    await expect(store.has(newKey())).rejects.toMatchObject(NOT_THERE)
    await expect(store.leases.look(newKey())).rejects.toMatchObject(NOT_THERE)
  })

  it('refuses where the whole schema is missing', async () => {
    const client = await database.client()
    const store = postgresReplayStore({ query: queryOf(client), table: 'nowhere.uses' })
    await expect(store.check()).rejects.toMatchObject(NOT_THERE)
    await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject(NOT_THERE)
  })

  it('refuses a query inside a transaction', async () => {
    const { client, store } = await trial()
    await client.query('begin')
    await expect(store.check()).rejects.toMatchObject(refusal('runs inside a transaction'))
    await client.query('rollback')
    expect(await store.check()).toMatchObject({ synchronousCommit: 'on' })
  })

  it('refuses a role that may not write', async () => {
    const { client, store } = await trial()
    const role = `reader_${database.schema}`
    await client.query(`create role ${role}`)
    await client.query(`grant usage on schema ${database.schema} to ${role}`)
    await client.query(`grant select on trial to ${role}`)
    await client.query(`set role ${role}`)
    await expect(store.check()).rejects.toMatchObject({ code: '42501' })
    await client.query('reset role')
    await client.query(`drop owned by ${role}; drop role ${role}`)
  })

  it('refuses a query that asks two databases in turn', async () => {
    const table = `${database.schema}.trial`
    const [here, there] = [await database.client(), await database.client()]
    await there.query('create temporary table trial (like countersign_uses)')
    const store = postgresReplayStore({
      query: (text, values) =>
        text.includes('released')
          ? there.query(text.replaceAll('"', '').replaceAll(table, 'trial'), values)
          : here.query(text, values),
      table,
    })
    await expect(store.check()).rejects.toMatchObject(refusal('not always ask the same database'))
  })
})

describe('check over PGlite', () => {
  it('says what it is like', async () => {
    const lite = await openLite()
    const store = postgresReplayStore({ query: lite.query })
    await expect(store.check()).rejects.toMatchObject(NOT_THERE)
    await store.migrate()
    expect(await store.check()).toMatchObject({ synchronousCommit: expect.any(String) as string })
    await lite.close()
  })
})
