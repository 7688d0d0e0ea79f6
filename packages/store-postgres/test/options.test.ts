import type { PGlite } from '@electric-sql/pglite'
import type { Client, Pool } from 'pg'
import {
  postgresReplayStore,
  type PostgresQuery,
  type PostgresReplayStore,
  type PostgresReplayStoreOptions,
} from '../src'

const never: PostgresQuery = () => Promise.reject(new Error('the database was asked'))

function reasonOf(options: unknown): unknown {
  try {
    postgresReplayStore(options as PostgresReplayStoreOptions) // a mistake that types would catch
    return 'none'
  } catch (error) {
    const { name, reason } = error as { name: string; reason: string } // compared by the caller
    return `${name} ${reason}`
  }
}

describe('postgresReplayStore()', () => {
  it.each([
    [{}, 'option_invalid'],
    [{ query: 'select 1' }, 'option_invalid'],
    [{ query: never, prefix: 'a' }, 'option_unknown'],
    [{ query: never, Table: 'uses' }, 'option_unknown'],
  ])('refuses the options %p', (options, reason) => {
    expect(reasonOf(options)).toBe(`ConfigError ${reason}`)
  })

  it.each([
    ...['', 'Uses', 'uses;', 'uses"', 'uses x', 'uses\n', '1uses', 'a.b.c', '.uses', 'schema.'],
    ...['üses', '$1', 'u'.repeat(51), `${'s'.repeat(64)}.uses`, null, 7, ['uses']],
  ])('refuses the table %p', (table) => {
    expect(reasonOf({ query: never, table })).toBe('ConfigError option_invalid')
  })

  it.each(['_1', 'select', 'a.b', 'u'.repeat(50), `${'s'.repeat(63)}.uses`])(
    'accepts the table %p',
    (table) => expect(reasonOf({ query: never, table })).toBe('none'),
  )

  it('accepts the query methods of pg and PGlite', () => {
    const clients = (pool: Pool, client: Client, lite: PGlite): readonly PostgresReplayStore[] => [
      postgresReplayStore({ query: (text, values) => pool.query(text, values) }),
      postgresReplayStore({ query: pool.query.bind(pool) }),
      postgresReplayStore({ query: (text, values) => client.query(text, values) }),
      postgresReplayStore({ query: (text, values) => lite.query(text, values) }),
      postgresReplayStore({ query: lite.query.bind(lite) }),
    ]
    const any = { query: never } as unknown // the types are what is tested
    const stores = clients(any as Pool, any as Client, any as PGlite)
    expect(stores.map(({ durable }) => durable)).toEqual([true, true, true, true, true])
  })
})
