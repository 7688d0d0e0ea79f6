import { startRedis, type RedisServer } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, type Connection } from './clients'
import { describeWithRedis, newKey } from './with-redis'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const CLOCKS_APART = 600_000
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

describeWithRedis('the lifetime of an entry', () => {
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

  /** Milliseconds by the server's clock, or -1 for no end. */
  const left = async (key: string): Promise<number> =>
    Number(await connection.send('PTTL', `countersign:${key}`))

  const reserve = (key: string, duration: number) =>
    store.leases.reserve(key, { owner: 'a', duration })
  const commit = (key: string, expiresAt: number) =>
    store.leases.commit(key, { owner: 'a', expiresAt })

  /** Milliseconds may pass between the clocks that are compared. */
  const SLACK = 5_000

  it.each([
    ['an hour', () => Date.now() + HOUR, HOUR + CLOCKS_APART],
    ['a fraction of a millisecond', () => Date.now() + HOUR + 0.25, HOUR + CLOCKS_APART + 1],
    ['the past', () => Date.now() - DAY, 660_000],
    ['the last moment of 9999', () => LAST_MOMENT, LAST_MOMENT - Date.now() + CLOCKS_APART],
  ])('is at least a minute and ten minutes longer than its use: %s', async (_w, end, most) => {
    const [claimed, committed] = [newKey(), newKey()]
    expect(await store.claim(claimed, end())).toBe(true)
    await reserve(committed, 5_000)
    expect(await commit(committed, end())).toBe(true)
    for (const rest of [await left(claimed), await left(committed)]) {
      expect(rest).toBeLessThanOrEqual(most)
      expect(rest).toBeGreaterThan(most - SLACK)
    }
  })

  it.each([LAST_MOMENT + 1, Infinity])('has no end for %d', async (expiresAt) => {
    const [claimed, committed] = [newKey(), newKey()]
    expect([await store.claim(claimed, expiresAt), await commit(committed, expiresAt)]).toEqual([
      true,
      true,
    ])
    expect([await left(claimed), await left(committed)]).toEqual([-1, -1])
  })

  it('does not change when another owner asks', async () => {
    const key = newKey()
    await store.claim(key, Date.now() + DAY)
    const before = await left(key)
    expect([await store.claim(key, 1), await commit(key, Infinity)]).toEqual([false, false])
    const after = await left(key)
    expect(after).toBeLessThanOrEqual(before)
    expect(after).toBeGreaterThan(DAY)
  })

  it('changes when its owner commits again', async () => {
    const key = newKey()
    expect(await commit(key, Date.now() + HOUR)).toBe(true)
    expect(await commit(key, Infinity)).toBe(true)
    expect(await left(key)).toBe(-1)
  })

  it.each([
    [59_999.25, 60_000],
    [Infinity, 1e14],
  ])('is the duration of a lease of %d ms, rounded up', async (duration, most) => {
    const key = newKey()
    expect(await reserve(key, duration)).toBe('free')
    const rest = await left(key)
    expect(rest).toBeLessThanOrEqual(most)
    expect(rest).toBeGreaterThan(most - SLACK)
  })

  it('cannot be what is no time', async () => {
    const key = newKey()
    await expect(store.claim(key, 0)).rejects.toThrow(TypeError)
    await expect(commit(key, Number.NaN)).rejects.toThrow(TypeError)
    await expect(reserve(key, -1)).rejects.toThrow(TypeError)
    expect(await store.has(key)).toBe(false)
  })
})
