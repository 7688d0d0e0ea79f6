import { replayStoreCases } from '@countersign/testing'
import { findRedis, serverOrSkip, startRedis, type RedisServer } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, type Connection } from './clients'
import { inAMinute, newKey } from './with-redis'

const found = findRedis()

;(serverOrSkip('redis-server', found) ? describe : describe.skip)('a Redis store', () => {
  const prefix = `countersign-${newKey().slice(0, 8)}:`
  let server: RedisServer | undefined
  let url: string
  beforeAll(async () => {
    if ('url' in found!)
      ({ url } = found) // it was found, or all this is skipped
    else ({ url } = server = await startRedis())
  })
  afterAll(async () => server?.stop())

  describe.each(CLIENTS)('with %s', (_name, open) => {
    let connections: readonly Connection[]
    let stores: readonly RedisReplayStore[]
    beforeAll(async () => {
      connections = [await open(url), await open(url)]
      stores = connections.map(({ options }) => redisReplayStore({ ...options, prefix }))
    })
    afterAll(() => connections.forEach((connection) => connection.close()))

    const peer = (): RedisReplayStore => stores[1]!
    it.each(replayStoreCases(() => stores[0]!, { leases: true, peer }))('$name', ({ run }) =>
      expect(run()).resolves.toBeUndefined(),
    )

    it('gives each of 50 keys to one of 32 callers that claim or reserve it twice', async () => {
      const keys = Array.from({ length: 50 }, newKey)
      const racers = keys.flatMap((key) =>
        Array.from({ length: 32 }, async (_, racer) => {
          const { leases, claim } = stores[racer % 2]!
          const owner = `owner-${racer}`
          const ask = async (): Promise<boolean> =>
            racer % 4 < 2
              ? claim(key, Infinity, owner)
              : (await leases.reserve(key, { owner, duration: 60_000 })) === 'free'
          const [first, second] = await Promise.all([ask(), ask()])
          expect(second).toBe(first)
          return first ? [key] : []
        }),
      )
      expect((await Promise.all(racers)).flat().toSorted()).toEqual(keys.toSorted())
    })

    it('frees a claimed key for its owner only', async () => {
      const { claim, unclaim, has, leases } = stores[0]!
      const key = newKey()
      expect(await claim(key, inAMinute(), 'mine')).toBe(true)
      expect(await peer().unclaim(key, 'other')).toBe(false)
      expect(await leases.release(key, 'mine')).toBe(false)
      expect(await has(key)).toBe(true)
      expect(await peer().unclaim(key, 'mine')).toBe(true)
      expect(await unclaim(key, 'mine')).toBe(false)
      expect(await leases.reserve(key, { owner: 'mine', duration: 60_000 })).toBe('free')
      expect(await unclaim(key, 'mine')).toBe(false)
      expect(await leases.look(key)).toBe('leased')
    })
  })
})
