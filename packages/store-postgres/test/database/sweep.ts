import { eventually } from '@countersign/test-servers'
import type { Client, Pool } from 'pg'
import { postgresReplayStore, type PostgresQuery, type PostgresReplayStore } from '../../src'
import { sweepBehind, SWEEP_PAUSE } from '../../src/sweeper'
import { describeWithPostgres, inAnHour, newKey, queryOf } from '../support/postgres'

const PAST = "now() - interval '1 second'"
const BYTES = "decode(lpad(to_hex(n), 64, '0'), 'hex')"

describeWithPostgres('an expired entry', (database) => {
  let pool: Pool
  const watched: Watched[] = []
  beforeAll(() => {
    pool = database.pool()
  })
  beforeEach(async () => {
    await pool.query('drop table if exists swept')
    await open().store.migrate()
  })
  // a sweep after one test's claims must not run in the next
  afterEach(() => eventually(() => watched.every(({ isIdle }) => isIdle())))

  function open(from: Pool | Client = pool): Watched {
    const one = watch(queryOf(from))
    watched.push(one)
    return one
  }

  /** Entries with the keys 1 to `count`. */
  async function fill(count: number, expiresAt: string): Promise<void> {
    await pool.query(
      `insert into swept select ${BYTES}, 'somebody', n % 2 = 0, ${expiresAt}
       from generate_series(1, $1::integer) n`,
      [count],
    )
  }

  function keyNumber(n: number): string {
    return Buffer.from(n.toString(16).padStart(64, '0'), 'hex').toString('base64url')
  }

  async function remaining(): Promise<number> {
    const { rows } = await pool.query<{ count: number }>(
      'select count(*)::integer as count from swept',
    )
    return rows[0]!.count
  }

  it('is deleted and counted, a thousand in a statement, and no live entry', async () => {
    const { store, sweeps } = open()
    const live = [newKey(), newKey(), newKey()] as const
    await store.claim(live[0], 1)
    await store.claim(live[1], Infinity)
    await store.leases.reserve(live[2], { owner: 'me', duration: 60_000 })
    await eventually(() => sweeps.length === 1)
    await fill(2_500, "now() - n * interval '1 millisecond'")
    expect([await store.sweep(), await remaining(), sweeps.length]).toEqual([2_500, 3, 4])
    const states = await Promise.all(live.map(async (key) => store.leases.look(key)))
    expect(states).toEqual(['used', 'used', 'leased'])
  })

  it('can be claimed during a sweep, and is not deleted then', async () => {
    const { store } = open()
    await fill(5_000, PAST)
    const keys = Array.from({ length: 200 }, (_, n) => keyNumber(1 + n * 25))
    const sweeping = store.sweep()
    const claims = await Promise.all(keys.map((key) => store.claim(key, inAnHour())))
    await sweeping
    expect(claims).toEqual(keys.map(() => true))
    expect(await Promise.all(keys.map((key) => store.has(key)))).toEqual(keys.map(() => true))
    await eventually(async () => (await store.sweep()) === 0 && (await remaining()) === 200)
    expect(await store.claim(keys[0]!, inAnHour())).toBe(false)
  })

  it('is skipped while another session holds it', async () => {
    const { store } = open()
    await fill(10, PAST)
    const holder = await database.client()
    await holder.query('begin')
    await holder.query(
      `select from swept where key = decode('${'0'.repeat(63)}7', 'hex') for update`,
    )
    expect([await store.sweep(), await remaining()]).toEqual([9, 1])
    await holder.query('rollback')
    expect([await store.sweep(), await remaining()]).toEqual([1, 0])
  })

  it('is deleted after the first claim, with no sweep after the next hundred', async () => {
    const { store, sweeps } = open()
    await fill(10, PAST)
    for (let n = 0; n < 100; n++) await store.claim(newKey(), inAnHour())
    await eventually(async () => (await remaining()) === 100)
    expect(sweeps).toEqual(['swept'])
  })

  it('is not deleted after a refused claim', async () => {
    const client = await database.client()
    const { store, sweeps } = open(client)
    await client.query('begin')
    await expect(store.claim(newKey(), inAnHour())).rejects.toThrow('inside a transaction')
    await client.query('rollback')
    expect(sweeps).toEqual([])
  })

  it('that cannot be deleted fails neither a claim nor the process', async () => {
    const unhandled: unknown[] = []
    const keep = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', keep)
    const { store, sweeps, isIdle } = open()
    await fill(10, PAST)
    await pool.query(`
      create or replace function no_delete() returns trigger language plpgsql
      as $$ begin raise 'not deletable'; end $$;
      create trigger no_delete before delete on swept for each row execute function no_delete()`)
    expect(await store.claim(newKey(), inAnHour())).toBe(true)
    await eventually(() => sweeps.length > 0 && isIdle())
    expect(await store.claim(newKey(), inAnHour())).toBe(true)
    process.off('unhandledRejection', keep)
    expect([sweeps, unhandled, await remaining()]).toEqual([['not deletable'], [], 12])
    await expect(store.sweep()).rejects.toThrow('not deletable')
  })
})

/** A store whose sweeps are watched. */
interface Watched {
  readonly store: PostgresReplayStore
  /** How each sweep ended. */
  readonly sweeps: readonly string[]
  /** Whether no sweep is running. */
  isIdle(): boolean
}

function watch(query: PostgresQuery): Watched {
  const sweeps: string[] = []
  let running = 0
  const store = postgresReplayStore({
    async query(text, values) {
      if (!text.includes('SKIP LOCKED')) return query(text, values)
      running++
      const result = query(text, values)
      await result.then(
        () => sweeps.push('swept'),
        (error: Error) => sweeps.push(error.message),
      )
      running--
      return result
    },
    table: 'swept',
  })
  return { store, sweeps, isIdle: () => running === 0 }
}

describe('the sweeper', () => {
  it('runs once a minute at most', () => {
    let time = 1_000_000
    let swept = 0
    const tell = sweepBehind(
      async () => swept++,
      () => time,
    )
    const after = (ms: number): number => {
      time += ms
      tell()
      tell()
      return swept
    }
    expect([after(0), after(SWEEP_PAUSE - 1), after(1), after(1), after(SWEEP_PAUSE)]).toEqual([
      1, 1, 2, 2, 3,
    ])
    expect(SWEEP_PAUSE).toBe(60_000)
  })
})
