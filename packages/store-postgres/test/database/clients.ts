import { drizzle } from 'drizzle-orm/node-postgres'
import knex from 'knex'
import { Pool } from 'pg'
import postgres from 'postgres'
import { postgresReplayStore, type PostgresQuery } from '../../src'
import { describeWithPostgres, inAnHour, newKey } from '../support/postgres'

/** As in the README. Each returns how to close it. */
interface Opened {
  readonly query: PostgresQuery
  close(): Promise<void>
}

const CLIENTS: readonly (readonly [name: string, open: (url: string) => Opened])[] = [
  [
    'postgres',
    (url) => {
      const sql = postgres(url, { max: 4 })
      const query: PostgresQuery = async (text, values) => ({
        rows: await sql.unsafe(text, values as never[]), // each is a text, a number, a boolean or null
      })
      return { query, close: () => sql.end() }
    },
  ],
  [
    'Drizzle',
    (url) => {
      const db = drizzle({ client: new Pool({ connectionString: url, max: 4 }) })
      return {
        query: (text, values) => db.$client.query(text, values),
        close: () => db.$client.end(),
      }
    },
  ],
  [
    'Knex',
    (url) => {
      const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 4 } })
      return {
        query: (text, values) =>
          db.raw<Awaited<ReturnType<PostgresQuery>>>(
            text.replace(/\$\d+/g, '?'),
            values as never[],
          ), // likewise
        close: () => db.destroy(),
      }
    },
  ],
]

describeWithPostgres('a store', (database) => {
  it.each(CLIENTS)('works with %s', async (name, open) => {
    const { query, close } = open(database.url)
    const table = `${database.schema}.${name.toLowerCase()}`
    const { migrate, check, claim, unclaim, leases, sweep } = postgresReplayStore({ query, table })
    await migrate()
    await check()
    const key = newKey()
    const claims = Array.from({ length: 16 }, (_, index) =>
      claim(key, inAnHour(), `owner-${index}`),
    )
    const winners = (await Promise.all(claims)).flatMap((isFirst, index) =>
      isFirst ? [`owner-${index}`] : [],
    )
    expect(winners).toHaveLength(1)
    expect(await leases.reserve(key, { owner: 'me', duration: 60_000 })).toBe('used')
    expect(await unclaim(key, winners[0]!)).toBe(true)
    expect(await leases.reserve(key, { owner: 'me', duration: 60_000 })).toBe('free')
    expect([await leases.look(key), await unclaim(key, 'me')]).toEqual(['leased', false])
    expect(await leases.release(key, 'me')).toBe(true)
    expect(await leases.commit(key, { owner: 'me', expiresAt: Infinity })).toBe(true)
    expect(await sweep()).toBe(0)
    await close()
  })
})
