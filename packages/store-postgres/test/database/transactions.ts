import type { Client } from 'pg'
import { postgresReplayStore, type PostgresReplayStore } from '../../src'
import { TAKING } from '../questions'
import { describeWithPostgres, inAnHour, newKey, queryOf } from '../support/postgres'

const REFUSED = {
  name: 'ConfigError',
  reason: 'store_unsafe',
  message: expect.stringContaining('runs inside a transaction') as string, // its own type is any
}

describeWithPostgres('a transaction that other code has begun', (database) => {
  let outside: PostgresReplayStore
  let client: Client
  let inside: PostgresReplayStore
  beforeAll(async () => {
    outside = database.store()
    client = await database.client()
    inside = postgresReplayStore({ query: queryOf(client) })
    await client.query('create table visits (id integer)')
  })
  afterEach(() => client.query('rollback'))

  describe.each(TAKING)('%s', (_name, take) => {
    it.each([
      ['a query', 'select 1'],
      ['an insert', 'insert into visits values (1)'],
      ['a savepoint', 'savepoint before'],
      ['a change of its isolation', 'set transaction isolation level serializable'],
      ['an error', 'select 1 / 0'],
    ])('is refused after %s', async (_done, statement) => {
      const key = newKey()
      await client.query('begin')
      await client.query(statement).catch(() => undefined)
      await expect(take(inside, key)).rejects.toMatchObject(REFUSED)
      await client.query('commit') // of what has failed: PostgreSQL rolls it back
      expect(await outside.leases.look(key)).toBe('free')
      expect((await client.query('select * from visits')).rows).toEqual([])
    })

    it('does not make other sessions wait, and the transaction can go on', async () => {
      const key = newKey()
      await client.query('begin')
      await client.query('savepoint before')
      await expect(take(inside, key)).rejects.toMatchObject(REFUSED)
      await client.query('rollback to savepoint before')
      expect(await outside.claim(key, inAnHour())).toBe(true)
      await client.query('insert into visits values (2)')
      await client.query('commit')
      const { rowCount } = await client.query('delete from visits')
      expect([rowCount, await outside.claim(key, inAnHour())]).toEqual([1, false])
    })
  })

  it('is refused without waiting where another session has the key', async () => {
    const key = newKey()
    const holder = await database.client()
    await holder.query('begin')
    await holder.query("insert into countersign_uses values ($1, 'x', false, 'infinity')", [
      Buffer.from(key, 'base64url'),
    ])
    await client.query("begin; set local lock_timeout = '5s'") // or it would wait for ever
    await expect(inside.claim(key, inAnHour())).rejects.toMatchObject(REFUSED)
    await holder.query('rollback')
  })
})
