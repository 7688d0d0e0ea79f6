import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresReplayStore, type PostgresQuery } from '../../src'
import { describeWithPostgres, inAnHour, newKey, queryOf } from '../support/postgres'

const SCHEMA = readFileSync(join(__dirname, '..', '..', 'schema.sql'), 'utf8')

describe('migrate()', () => {
  it('runs schema.sql and nothing else', async () => {
    const asked: unknown[] = []
    const query: PostgresQuery = async (...statement) => {
      asked.push(statement)
      return { rows: [] }
    }
    await postgresReplayStore({ query }).migrate()
    expect(asked).toEqual([[SCHEMA, []]])
  })

  it('gives a table of another name what belongs to it', async () => {
    let asked = ''
    const query: PostgresQuery = async (text) => {
      asked = text
      return { rows: [] }
    }
    await postgresReplayStore({ query, table: 'portal.links' }).migrate()
    expect(new Set(asked.match(/"\w+"/g))).toEqual(
      new Set(['"portal"', '"links"', '"links_expires_at"', '"links_take"']),
    )
  })
})

describeWithPostgres('migrate()', (database) => {
  it.each(['read\\ committed', 'serializable'])(
    'can run in twelve sessions at the same time that are %s',
    async (default_transaction_isolation) => {
      const sessions = await Promise.all(
        Array.from({ length: 12 }, () => database.client({ default_transaction_isolation })),
      )
      for (const table of ['one', 'two', 'three'].map((name) => `${name}_${newName()}`)) {
        const stores = sessions.map((session) =>
          postgresReplayStore({ query: queryOf(session), table }),
        )
        await Promise.all(stores.map((store) => store.migrate()))
        const key = newKey()
        const answers = await Promise.all(stores.map((store) => store.claim(key, inAnHour())))
        expect(answers.filter((answer) => answer)).toEqual([true])
      }
    },
  )

  it('creates everything or nothing', async () => {
    const session = await database.client()
    const table = `half_${newName()}`
    const signature = '(bytea, text, boolean, double precision, text)'
    await session.query(
      `create function ${table}_take${signature} returns text language sql as 'select null'`,
    )
    const store = postgresReplayStore({ query: queryOf(session), table })
    await expect(store.migrate()).rejects.toThrow('cannot change routine kind')
    const { rows } = await session.query('select to_regclass($1) as found', [table])
    expect(rows).toEqual([{ found: null }])
  })

  it('creates a table with the longest name that is allowed', async () => {
    const table = 'u'.repeat(50)
    const store = postgresReplayStore({ query: queryOf(database.pool()), table })
    await store.migrate()
    await store.migrate()
    expect(await store.claim(newKey(), inAnHour())).toBe(true)
    const { rows } = await database
      .pool()
      .query('select indexname from pg_indexes where tablename = $1 order by 1', [table])
    expect(rows).toEqual([{ indexname: `${table}_expires_at` }, { indexname: `${table}_pkey` }])
  })

  it('needs no rights where nothing is missing', async () => {
    const owner = await database.client()
    const role = `role_${database.schema}`
    await owner.query(`
      create role ${role};
      grant usage on schema ${database.schema} to ${role};
      grant select, insert, update, delete on countersign_uses to ${role}`)
    const client = await database.client()
    await client.query(`set role ${role}`)
    const store = postgresReplayStore({ query: queryOf(client) })
    await store.migrate()
    expect(await store.claim(newKey(), inAnHour())).toBe(true)
    await owner.query('drop index countersign_uses_expires_at')
    await expect(store.migrate()).rejects.toMatchObject({ code: '42501' })
    await postgresReplayStore({ query: queryOf(owner) }).migrate()
    await owner.query(`drop owned by ${role}; drop role ${role}`)
  })

  it('replaces a procedure of another version', async () => {
    const client = await database.client()
    await client.query(`create or replace procedure countersign_uses_take(
      its_key bytea, new_owner text, on_lease boolean, milliseconds double precision, inout answer text
    ) language plpgsql as 'begin end'`)
    const store = postgresReplayStore({ query: queryOf(client) })
    await expect(store.claim(newKey(), inAnHour())).rejects.toThrow('another statement')
    await store.migrate()
    expect(await store.claim(newKey(), inAnHour())).toBe(true)
  })

  it('uses one table, whatever the order of the schemas in the search path', async () => {
    const table = `path_${newName()}`
    const [a, b] = [database.schema, `${database.schema}_b`]
    await database.pool().query(`create schema ${b}`)
    const stores = await Promise.all(
      [`${a},${b}`, `${b},${a}`, b].map(async (search_path) =>
        postgresReplayStore({ query: queryOf(await database.client({ search_path })), table }),
      ),
    )
    for (const store of stores.slice(0, 2)) await store.migrate()
    const key = newKey()
    const claims = []
    for (const store of stores.slice(0, 2)) claims.push(await store.claim(key, inAnHour()))
    expect(claims).toEqual([true, false])
    // a session that does not see the table, but calls the procedure by its full name
    const other = await database.client({ search_path: b })
    const call = `call ${a}.${table}_take($1, 'mine', false, null, 'id')`
    const bytes = Buffer.from(key, 'base64url')
    expect((await other.query(call, [bytes])).rows).toEqual([{ answer: 'used:id' }])
    await database.pool().query(`drop schema ${b} cascade`)
  })
})

function newName(): string {
  return newKey()
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .slice(0, 12)
}
