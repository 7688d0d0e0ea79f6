import { eventually } from '@countersign/test-servers'
import { Query, type Client, type Pool } from 'pg'
import { postgresReplayStore, type PostgresQuery } from '../../src'
import { describeWithPostgres, inAnHour, newKey } from '../support/postgres'

describeWithPostgres('an error of the database', (database) => {
  let pool: Pool
  beforeAll(async () => {
    pool = database.pool()
    // counts the attempts: what a sequence has counted is never rolled back
    await pool.query(`
      create sequence attempts;
      create function resist() returns trigger language plpgsql as $$ begin
        if nextval('attempts') <= tg_argv[1]::integer then
          raise 'resisted' using errcode = tg_argv[0];
        end if;
        return new;
      end $$`)
  })

  async function resist(code: string, times: number): Promise<void> {
    await pool.query(`
      drop trigger if exists resist on countersign_uses;
      alter sequence attempts restart;
      create trigger resist before insert on countersign_uses
      for each row execute function resist('${code}', '${times}')`)
  }

  async function attempts(): Promise<number> {
    const { rows } = await pool.query<{ last: number }>(
      'select last_value::integer as last from attempts',
    )
    return rows[0]!.last
  }

  describe.each(['40001', '40P01'])('that is transient (%s)', (code) => {
    it('is tried again, and the answer is right', async () => {
      await resist(code, 3)
      const [store, key] = [database.store(), newKey()]
      expect(await store.claim(key, inAnHour())).toBe(true)
      expect(await attempts()).toBe(4)
      expect(await store.claim(key, inAnHour())).toBe(false)
    })

    it('is given up after a while', async () => {
      await resist(code, 1_000_000)
      const store = database.store()
      await expect(store.claim(newKey(), inAnHour())).rejects.toMatchObject({ code })
      expect(await attempts()).toBeGreaterThan(1)
    })
  })

  it.each(['53100', '57P01', '55P03', '23514', 'P0001'])(
    'that is not transient (%s) is not tried again',
    async (code) => {
      await resist(code, 1)
      const [store, key] = [database.store(), newKey()]
      await expect(store.claim(key, inAnHour())).rejects.toMatchObject({ code })
      expect(await attempts()).toBe(1)
      expect(await store.leases.look(key)).toBe('free')
    },
  )
})

describeWithPostgres('a commit that fails', (database) => {
  it('fails before the answer, not after it', async () => {
    const client = await database.client()
    await client.query(`
      create function spoil() returns trigger language plpgsql as $$ begin raise 'spoiled'; end $$;
      create constraint trigger spoil after insert on countersign_uses
      deferrable initially deferred for each row execute function spoil()`)
    const rows: unknown[] = []
    const store = postgresReplayStore({
      query: (text, values) =>
        new Promise((resolve, reject) => {
          const asked = client.query(new Query(text, values))
          asked.on('row', (row) => rows.push(row))
          asked.on('error', reject)
          asked.on('end', () => resolve({ rows: [] }))
        }),
    })
    await expect(store.claim(newKey(), inAnHour())).rejects.toThrow('spoiled')
    expect(rows).toEqual([])
  })
})

describeWithPostgres('another session', (database) => {
  /** A query that records the errors. */
  function recording(client: Client, met: string[], after?: () => Promise<void>): PostgresQuery {
    return async (text, values) => {
      try {
        return await client.query(text, values)
      } catch (error) {
        met.push((error as { code: string }).code) // PostgreSQL's errors have one
        await after?.()
        throw error
      }
    }
  }

  const waitsForLock = (watcher: Client, waiting: Client) => async (): Promise<boolean> => {
    const pid: unknown = Reflect.get(waiting, 'processID') // pg has it, its types have not
    const { rows } = await watcher.query(
      "select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
      [pid],
    )
    return rows.length === 1
  }

  it('that changes an entry at the same time does not fail a serializable release', async () => {
    const [other, watcher] = [await database.client(), await database.client()]
    const mine = await database.client({ default_transaction_isolation: 'serializable' })
    const met: string[] = []
    const store = postgresReplayStore({ query: recording(mine, met) })
    const key = newKey()
    await store.leases.reserve(key, { owner: 'me', duration: 60_000 })
    await other.query('begin')
    await other.query("update countersign_uses set expires_at = now() + interval '1 hour'")
    const released = store.leases.release(key, 'me')
    await eventually(waitsForLock(watcher, mine))
    await other.query('commit')
    expect(await released).toBe(true)
    expect(met).toEqual(['40001'])
    expect(await store.leases.look(key)).toBe('free')
  })

  it('that deadlocks with a claim does not fail it', async () => {
    const [other, watcher] = [await database.client(), await database.client()]
    const mine = await database.client({ deadlock_timeout: '10ms' })
    const key = newKey()
    // ours holds a lock that outlives its transactions, the other an entry with our key
    await mine.query('select pg_advisory_lock(1)')
    await other.query('begin')
    await other.query(
      "insert into countersign_uses values ($1, 'other', false, now() + interval '1 hour')",
      [Buffer.from(key, 'base64url')],
    )
    const waiting = other.query('select pg_advisory_xact_lock(1)')
    await eventually(waitsForLock(watcher, other))
    const met: string[] = []
    const goAway = async (): Promise<void> => {
      await mine.query('select pg_advisory_unlock(1)')
      await waiting
      await other.query('rollback')
    }
    const store = postgresReplayStore({ query: recording(mine, met, goAway) })
    expect(await store.claim(key, inAnHour())).toBe(true)
    expect(met).toEqual(['40P01'])
    expect(await store.has(key)).toBe(true)
  })
})
