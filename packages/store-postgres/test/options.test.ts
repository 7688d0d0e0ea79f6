import type { PGlite } from '@electric-sql/pglite'
import type { Client, Pool } from 'pg'
import {
  postgresReplayStore,
  type PostgresQuery,
  type PostgresReplayStore,
  type PostgresReplayStoreOptions,
} from '../src'
import { inAnHour, newKey } from './support/postgres'

const never: PostgresQuery = () => Promise.reject(new Error('the database was asked'))

function reasonOf(options: unknown): unknown {
  try {
    postgresReplayStore(options as PostgresReplayStoreOptions) // a mistake that types would catch
    return 'none'
  } catch (error) {
    const { name, reason } = error as { name: string; reason: string } // looked at by the caller
    return `${name} ${reason}`
  }
}

describe('postgresReplayStore', () => {
  it.each([
    [{}, 'option_invalid'],
    [{ query: 'select 1' }, 'option_invalid'],
    [{ query: never, prefix: 'a' }, 'option_unknown'],
    [{ query: never, Table: 'uses' }, 'option_unknown'],
  ])('refuses the options %p', (options, reason) => {
    expect(reasonOf(options)).toBe(`ConfigError ${reason}`)
  })

  it.each([
    '',
    'Uses',
    'uses;',
    'uses"',
    'uses x',
    'uses\n',
    '1uses',
    'a.b.c',
    '.uses',
    'schema.',
    'üses',
    '$1',
    'u'.repeat(51),
    `${'s'.repeat(64)}.uses`,
    null,
    7,
    ['uses'],
  ])('refuses the table %p', (table) => {
    expect(reasonOf({ query: never, table })).toBe('ConfigError option_invalid')
  })

  it.each([undefined, 'uses', '_1', 'select', 'a.b', 'u'.repeat(50), `${'s'.repeat(63)}.uses`])(
    'takes the table %p',
    (table) => {
      expect(postgresReplayStore({ query: never, table })).toMatchObject({ durable: true })
    },
  )

  it('takes what pg and PGlite have', () => {
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

const KEY = newKey()

describe.each<[string, (store: PostgresReplayStore, key: string) => Promise<unknown>]>([
  ['claim', (store, key) => store.claim(key, inAnHour())],
  ['has', (store, key) => store.has(key)],
  ['reserve', (store, key) => store.leases.reserve(key, { owner: 'me', duration: 1 })],
  ['commit', (store, key) => store.leases.commit(key, { owner: 'me', expiresAt: Infinity })],
  ['release', (store, key) => store.leases.release(key, 'me')],
  ['look', (store, key) => store.leases.look(key)],
])('%s', (_name, ask) => {
  const store = postgresReplayStore({ query: never })

  it.each([
    ['is empty', ''],
    ['is too short', KEY.slice(1)],
    ['is too long', `${KEY}A`],
    ['ends with a line', `${KEY.slice(1)}\n`],
    ['is standard base64', `${'+/'.repeat(21)}A`],
    ['is padded', `${KEY.slice(1)}=`],
    ['has bits to spare', `${'A'.repeat(42)}B`],
    ['is hex', Buffer.from(KEY, 'base64url').toString('hex')],
    ['is nothing', undefined],
    ['is a number', 7],
    ['is bytes', Buffer.from(KEY)],
    ['is a list', [KEY]],
  ])('refuses a key that %s, before the database is asked', async (_fault, key) => {
    await expect(ask(store, key as string)).rejects.toThrow(TypeError) // a mistake that types would catch
  })

  it('asks the database for a key that is one', async () => {
    await expect(ask(store, `${'-_'.repeat(21)}A`)).rejects.toThrow('the database was asked')
  })
})

describe('a use', () => {
  const { claim, leases } = postgresReplayStore({ query: never })

  it.each([NaN, 0, -1, -Infinity, undefined, null, '1', 1n, new Date()])(
    'does not end at %p',
    async (time) => {
      const expiresAt = time as number // a mistake that types would catch
      await expect(claim(KEY, expiresAt)).rejects.toThrow(TypeError)
      await expect(leases.commit(KEY, { owner: 'me', expiresAt })).rejects.toThrow(TypeError)
    },
  )

  it.each([NaN, 0, -1, undefined, '1'])('is not on lease for %p', async (duration) => {
    const lease = { owner: 'me', duration: duration as number } // likewise
    await expect(leases.reserve(KEY, lease)).rejects.toThrow(TypeError)
  })

  it.each(['', 'o'.repeat(256), undefined, 7])('has no owner %p', async (name) => {
    const owner = name as string // likewise
    await expect(leases.reserve(KEY, { owner, duration: 1 })).rejects.toThrow(TypeError)
    await expect(leases.commit(KEY, { owner, expiresAt: Infinity })).rejects.toThrow(TypeError)
    await expect(leases.release(KEY, owner)).rejects.toThrow(TypeError)
  })
})
