import { eventually } from '@countersign/test-servers'
import { Query, type Pool } from 'pg'
import { postgresReplayStore } from '../../src'
import { describeWithPostgres, inAnHour, newKey, waitsForLock } from '../support/postgres'

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
  it('that changes an entry at the same time does not fail a serializable release', async () => {
    const [other, watcher] = [await database.client(), await database.client()]
    const mine = await database.client({ default_transaction_isolation: 'serializable' })
    const met: unknown[] = []
    const store = postgresReplayStore({
      query: (text, values) =>
        mine.query(text, values).catch((error: unknown) => {
          met.push(error)
          throw error
        }),
    })
    const key = newKey()
    await store.leases.reserve(key, { owner: 'me', duration: 60_000 })
    await other.query('begin')
    await other.query("update countersign_uses set expires_at = now() + interval '1 hour'")
    const released = store.leases.release(key, 'me')
    await eventually(() => waitsForLock(watcher, mine))
    await other.query('commit')
    expect(await released).toBe(true)
    expect(met).toMatchObject([{ code: '40001' }])
    expect(await store.leases.look(key)).toBe('free')
  })
})
