import { replayStoreCases } from '@countersign/testing'
import { findRedis, serverOrSkip, startRedis, type RedisServer } from '@countersign/test-servers'
import { redisReplayStore, type RedisReplayStore } from '../src'
import { CLIENTS, type Connection } from './clients'
import { newKey } from './with-redis'

const found = findRedis()

;(serverOrSkip('redis-server', found) ? describe : describe.skip)(
  'the store in a Redis server',
  () => {
    const prefix = `countersign-${newKey().slice(0, 8)}:`
    let server: RedisServer | undefined
    let url: string
    beforeAll(async () => {
      if ('url' in found!)
        ({ url } = found) // it is there, or all this is skipped
      else ({ url } = server = await startRedis())
    })
    afterAll(async () => server?.stop())

    describe.each(CLIENTS)('through %s', (_name, open) => {
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

      it('has one winner for each of 50 keys among 64 callers on two connections', async () => {
        const keys = Array.from({ length: 50 }, newKey)
        const expiresAt = Date.now() + 60_000
        const racers = keys.flatMap((key) =>
          Array.from({ length: 64 }, async (_, racer) => {
            const won = await stores[racer % 2]!.claim(key, expiresAt)
            return won ? [key] : []
          }),
        )
        const winners = (await Promise.all(racers)).flat()
        expect(winners.toSorted()).toEqual(keys.toSorted())
      })

      it('has one winner among those who claim, reserve and come back for their own', async () => {
        const keys = Array.from({ length: 50 }, newKey)
        const racers = keys.flatMap((key) =>
          Array.from({ length: 32 }, async (_, racer) => {
            const { leases, claim } = stores[racer % 2]!
            if (racer % 4 < 2) return (await claim(key, Infinity)) ? [key] : []
            const lease = { owner: `owner ${racer}`, duration: 60_000 }
            const asked = await Promise.all([
              leases.reserve(key, lease),
              leases.reserve(key, lease),
            ])
            expect(asked[0]).toBe(asked[1])
            return asked[0] === 'free' ? [key] : []
          }),
        )
        const winners = (await Promise.all(racers)).flat()
        expect(winners.toSorted()).toEqual(keys.toSorted())
      })
    })
  },
)
