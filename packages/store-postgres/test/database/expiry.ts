import { eventually } from '@countersign/test-servers'
import type { Pool } from 'pg'
import { postgresReplayStore, type PostgresReplayStore } from '../../src'
import { describeWithPostgres, HOUR, newKey, queryOf } from '../support/postgres'

const MINUTE = 60_000
const MARGIN = 10 * MINUTE
const DAY = 24 * HOUR
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const ENDS: readonly (readonly [string, (now: number) => number])[] = [
  ['has ended', (now) => now - DAY],
  ['ends in an hour', (now) => now + HOUR],
  ['ends at a fraction of a millisecond', (now) => now + HOUR + 0.75],
  ['ends with the year 9999', () => LAST_MOMENT],
]

describeWithPostgres('the end of an entry', (database) => {
  let pool: Pool
  let store: PostgresReplayStore
  beforeAll(() => {
    pool = database.pool()
    store = postgresReplayStore({ query: queryOf(pool) })
  })
  afterEach(() => jest.restoreAllMocks())

  /** Milliseconds by the database's clock. */
  async function clock(): Promise<number> {
    const { rows } = await pool.query<{ ms: string }>(
      'select extract(epoch from clock_timestamp()) * 1000 as ms',
    )
    return Number(rows[0]!.ms)
  }

  async function stored(key: string): Promise<{ readonly text: string; readonly ms: number }> {
    const { rows } = await pool.query<{ text: string; ms: string }>(
      `select expires_at::text as text, extract(epoch from expires_at) * 1000 as ms
       from countersign_uses where key = $1`,
      [Buffer.from(key, 'base64url')],
    )
    return { text: rows[0]!.text, ms: Number(rows[0]!.ms) }
  }

  /** What must be stored lies between what the clocks said before and after. */
  async function expectKept(expiresAt: number, take: (key: string) => unknown) {
    const key = newKey()
    const [before, from] = [Date.now(), await clock()]
    await take(key)
    const [to, after] = [await clock(), Date.now()]
    const { ms } = await stored(key)
    // PostgreSQL counts microseconds
    expect(ms).toBeGreaterThanOrEqual(from + Math.max(expiresAt - after, MINUTE) + MARGIN - 0.001)
    expect(ms).toBeLessThanOrEqual(to + Math.max(expiresAt - before, MINUTE) + MARGIN + 0.001)
  }

  it.each(ENDS)(
    'is at least a minute away and ten minutes later than its use, which %s',
    async (_name, end) => {
      const expiresAt = end(Date.now())
      await expectKept(expiresAt, (key) => store.claim(key, expiresAt))
      await expectKept(expiresAt, (key) => store.leases.commit(key, { owner: 'me', expiresAt }))
    },
  )

  it.each([-DAY, DAY])(
    'is counted by the database where the clock of the application is %i ms wrong',
    async (wrong) => {
      const realNow = Date.now
      jest.spyOn(Date, 'now').mockImplementation(() => realNow() + wrong)
      const expiresAt = Date.now() + HOUR
      await expectKept(expiresAt, (key) => store.claim(key, expiresAt))
    },
  )

  it.each([LAST_MOMENT + 1, Infinity])('does not exist for a use until %p', async (expiresAt) => {
    const [claimed, committed] = [newKey(), newKey()]
    await store.claim(claimed, expiresAt)
    await store.leases.commit(committed, { owner: 'me', expiresAt })
    expect((await stored(claimed)).text).toBe('infinity')
    expect((await stored(committed)).text).toBe('infinity')
    expect(await store.has(claimed)).toBe(true)
  })

  it.each([
    ['an hour', HOUR, HOUR],
    ['a fraction of a millisecond', 0.25, 0.25],
    ['Infinity', Infinity, 1e14],
  ])('is the end of a lease of %s, without a margin', async (_name, duration, kept) => {
    const key = newKey()
    const from = await clock()
    expect(await store.leases.reserve(key, { owner: 'me', duration })).toBe('free')
    const to = await clock()
    const { ms } = await stored(key)
    expect(ms).toBeGreaterThanOrEqual(from + kept - 0.001)
    expect(ms).toBeLessThanOrEqual(to + kept + 0.001)
  })

  it('leaves the owner of a lease nothing to release', async () => {
    const key = newKey()
    await store.leases.reserve(key, { owner: 'me', duration: 0.5 })
    await eventually(async () => (await store.leases.look(key)) === 'free')
    expect(await store.leases.release(key, 'me')).toBe(false)
  })

  it('moves when the owner commits again', async () => {
    const key = newKey()
    await store.leases.commit(key, { owner: 'me', expiresAt: Date.now() + HOUR })
    await store.leases.commit(key, { owner: 'me', expiresAt: Infinity })
    expect((await stored(key)).text).toBe('infinity')
  })
})
