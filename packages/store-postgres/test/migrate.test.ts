import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgresReplayStore, type PostgresQuery } from '../src'
import { openLite } from './support/lite'
import { describeWithPostgres, inAnHour, newKey, queryOf } from './support/postgres'

const SCHEMA = readFileSync(join(__dirname, '..', 'schema.sql'), 'utf8')

describe('migrate', () => {
  it('runs what schema.sql says, and nothing else', async () => {
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
    const names = [...asked.matchAll(/"\w+"(?:\."\w+")?/g)].map(([name]) => name)
    expect(new Set(names)).toEqual(
      new Set(['"portal"."links"', '"links_expires_at"', '"portal"."links_take"']),
    )
  })

  it('works over PGlite, and again', async () => {
    const lite = await openLite()
    const store = postgresReplayStore({ query: lite.query })
    await store.migrate()
    const key = newKey()
    expect(await store.claim(key, inAnHour())).toBe(true)
    await store.migrate()
    expect(await store.has(key)).toBe(true)
    await lite.close()
  })
})

describeWithPostgres('migrate', (database) => {
  it.each(['read\\ committed', 'serializable'])(
    'runs in twelve sessions at once that are %s',
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

  it('runs while there are claims, and keeps what is there', async () => {
    const stores = [database.store(), database.store()]
    const keys = Array.from({ length: 100 }, newKey)
    const claims = keys.map((key) => stores[0]!.claim(key, inAnHour()))
    await Promise.all(Array.from({ length: 5 }, () => stores[1]!.migrate()))
    expect(await Promise.all(claims)).toEqual(keys.map(() => true))
    expect(await stores[1]!.has(keys[0]!)).toBe(true)
  })

  it('is all or nothing', async () => {
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

  it('makes its table by name, as the longest one that is allowed', async () => {
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

  it('says which schema is missing', async () => {
    const store = postgresReplayStore({ query: queryOf(database.pool()), table: 'nowhere.uses' })
    await expect(store.migrate()).rejects.toMatchObject({ code: '3F000' })
  })
})

function newName(): string {
  return newKey()
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .slice(0, 12)
}
