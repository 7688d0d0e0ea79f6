import type { RedisServer } from '@countersign/test-servers'
import { startRedis } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, type Connection } from './clients'
import { describeWithRedis, newKey } from './with-redis'

const DAY = 86_400_000
const CLOCKS_APART = 600_000
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

describeWithRedis('how long an entry is kept', () => {
  let server: RedisServer
  let connection: Connection
  let store: RedisReplayStore
  beforeAll(async () => {
    server = await startRedis()
    connection = await CLIENTS[0]![1](server.url)
    store = redisReplayStore(connection.options)
  })
  afterAll(async () => {
    connection.close()
    await server.stop()
  })

  /** As the server says: milliseconds, or -1 for ever. */
  async function left(key: string): Promise<number> {
    return Number(await connection.send('PTTL', `countersign:${key}`))
  }

  const uses = [
    ['a claim', (key: string, expiresAt: number) => store.claim(key, expiresAt)],
    ['what is made final', leased],
  ] as const

  async function leased(key: string, expiresAt: number): Promise<boolean> {
    expect(await store.leases.reserve(key, { owner: 'a', duration: 5_000 })).toBe('free')
    return store.leases.commit(key, { owner: 'a', expiresAt })
  }

  describe.each(uses)('%s', (_name, use) => {
    it.each([
      ['in an hour', 3_600_000],
      ['in a minute and a fraction of a millisecond', 60_000.25],
      ['in thirty days, more than a timer can hold', 30 * DAY],
      ['in a thousand years', 365_000 * DAY],
    ])('that ends %s is kept ten minutes longer', async (_when, span) => {
      const key = newKey()
      const expiresAt = Date.now() + span
      expect(await use(key, expiresAt)).toBe(true)
      const rest = await left(key)
      const now = Date.now()
      expect(rest).toBeLessThanOrEqual(Math.ceil(span) + CLOCKS_APART)
      // some milliseconds pass between the clocks that are compared
      expect(rest).toBeGreaterThanOrEqual(expiresAt - now + CLOCKS_APART - 50)
    })

    it.each([
      ['in a moment', () => Date.now() + 1],
      ['yesterday', () => Date.now() - DAY],
      ['in 1970', () => 1],
      ['in the first millisecond of all', () => Number.MIN_VALUE],
    ])('that ends %s is kept for eleven minutes', async (_when, expiresAt) => {
      const key = newKey()
      expect(await use(key, expiresAt())).toBe(true)
      const rest = await left(key)
      expect(rest).toBeLessThanOrEqual(660_000)
      expect(rest).toBeGreaterThan(630_000)
    })

    it('that ends with the year 9999 ends then', async () => {
      const key = newKey()
      expect(await use(key, LAST_MOMENT)).toBe(true)
      const rest = await left(key)
      expect(Math.abs(rest - (LAST_MOMENT - Date.now() + CLOCKS_APART))).toBeLessThan(30_000)
    })

    it.each([LAST_MOMENT + 1, 1e18, Number.MAX_VALUE, Infinity])(
      'until %d is kept for ever',
      async (expiresAt) => {
        const key = newKey()
        expect(await use(key, expiresAt)).toBe(true)
        expect(await left(key)).toBe(-1)
      },
    )
  })

  it.each([Number.NaN, 0, -0, -1, -Infinity])('cannot be until %d', async (expiresAt) => {
    const key = newKey()
    const use = { owner: 'a', expiresAt }
    await expect(store.claim(key, expiresAt)).rejects.toThrow(TypeError)
    await expect(store.leases.commit(key, use)).rejects.toThrow(TypeError)
    expect(await store.has(key)).toBe(false)
  })

  it('is not changed by those who come too late', async () => {
    const key = newKey()
    await store.claim(key, Date.now() + DAY)
    const before = await left(key)
    expect(await store.claim(key, 1)).toBe(false)
    expect(await store.claim(key, Infinity)).toBe(false)
    const after = await left(key)
    expect(after).toBeLessThanOrEqual(before)
    expect(after).toBeGreaterThan(DAY)
  })

  it('is written anew when its owner makes it final again', async () => {
    const key = newKey()
    expect(await leased(key, Date.now() + 1_000)).toBe(true)
    expect(await left(key)).toBeGreaterThan(0)
    expect(await store.leases.commit(key, { owner: 'a', expiresAt: Infinity })).toBe(true)
    expect(await left(key)).toBe(-1)
  })

  it('is the duration of a lease, rounded up', async () => {
    const key = newKey()
    expect(await store.leases.reserve(key, { owner: 'a', duration: 59_999.25 })).toBe('free')
    const rest = await left(key)
    expect(rest).toBeLessThanOrEqual(60_000)
    expect(rest).toBeGreaterThan(30_000)
  })

  it.each([Number.NaN, 0, -1, Infinity, 1e300])(
    'cannot be a lease of %d milliseconds',
    async (duration) => {
      const key = newKey()
      const reserved = store.leases.reserve(key, { owner: 'a', duration })
      await expect(reserved).rejects.toThrow(TypeError)
      expect(await store.has(key)).toBe(false)
    },
  )
})
